"""The page of releases: what waits for the publisher, what it would touch, and the history."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.current import SignedIn, current_staff
from portal.accounts.forms import problem_page
from portal.database import current_session
from portal.errors import Problem
from portal.golden.keeping import enabled_questions
from portal.golden.release_checks import latest_check
from portal.language import caller_language
from portal.library.held import held_besides
from portal.library.making.rules import StepKind
from portal.library.making.steps import missing_steps
from portal.library.models import Release
from portal.library.record import current_release, edition_of
from portal.library.watch import flagged_by
from portal.permissions import Permission
from portal.wording import wording

from .difference import Difference, difference
from .drafts import next_editions, shown_edition
from .hindrances import hindered, hindrances
from .impact import Impact, impact_of
from .jobs.standing import failed_of, jobs_under_way, standing
from .models import Draft, Piece
from .release import Approved, approved
from .review import SamePerson, check_persons, writers
from .topic_changes import topic_of

HISTORY = 30


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was ticked and typed before the page is shown again; ``of_release`` where that was a rollback."""

    chosen: tuple[str, ...] | None = None
    note: str = ""
    of_release: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft that waits for the publisher, what it changes, and which steps of its making are missing."""

    draft: Draft
    difference: Difference
    missing: tuple[StepKind, ...]


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A release in the history, with the titles of what came and what went by it; ``told`` is how many
    cases were flagged to their officers."""

    release: Release
    came: tuple[str, ...]
    went: tuple[str, ...]
    told: int = 0


def releases_page(problem: Problem | None = None, pressed: Pressed = Pressed()) -> tuple[str, int]:
    """The page of releases. At first everything is ticked that can be published; after an act that was
    refused it keeps what was ticked and typed."""
    session, staff = current_session(), current_staff()
    session.rollback()
    ready = approved(session)
    current = current_release(session)
    left_out = _left_out(session, ready, staff)
    ticked = pressed.chosen
    if ticked is None:
        ticked = tuple(piece.subject for piece in ready.pieces if piece.subject not in left_out)
    return problem_page(
        "staff/knowledge/releases.html",
        problem,
        candidates=[_candidate(session, draft) for draft in ready.drafts],
        changes=[(change, topic_of(change)) for change in ready.changes],
        left_out=left_out,
        **ticked_impact(ticked),
        writers=writers,
        history=_history(session),
        current=current.number if current else None,
        golden=len(enabled_questions(session)),
        check=latest_check(session),
        under_way=jobs_under_way(session),
        failed=failed_of(session, staff.name) if problem is None else None,
        standing=standing,
        pressed=pressed,
    )


def _candidate(session: Session, draft: Draft) -> Candidate:
    shown = shown_edition(session, draft.edition.instrument_id)
    edition = edition_of(draft.edition)
    found = difference(edition_of(shown) if shown else None, edition)
    return Candidate(draft, found, missing_steps(session, draft.edition, edition.kind))


def ticked_impact(subjects: Collection[str]) -> dict[str, object]:
    """What a release of these pieces would touch, and what stands in its way: by nothing else is a page to
    say what a release would do."""
    session, staff = current_session(), current_staff()
    ready = approved(session).chosen(subjects)
    rows = next_editions(session, [draft.edition for draft in ready.drafts])
    ids = [row.id for row in rows]
    found = impact_of(session, ids, staff, caller_language()) if ready.drafts else Impact()
    return {
        "chosen": [piece.subject for piece in ready.pieces],
        "impact": found,
        "hindrances": [one.reason for one in hindrances(session, ready, rows)] if ready.pieces else [],
        "twice": _twice(ready.pieces, staff.name) if staff.may(Permission.KNOWLEDGE_PUBLISH) else "",
        "may_publish": staff.may(Permission.KNOWLEDGE_PUBLISH),
        "language": caller_language(),
    }


def _left_out(session: Session, ready: Approved, staff: SignedIn) -> Mapping[str, tuple[str, ...]]:
    """The pieces that are not ticked of themselves, each with why: they cannot be published, or not by
    whoever looks, who has had another part in them."""
    t = wording(caller_language())
    mine = [piece.subject for piece in ready.pieces if _twice((piece,), staff.name)]
    if not staff.may(Permission.KNOWLEDGE_PUBLISH):
        mine = []
    others = hindered(session, ready.without(mine))
    own = hindered(session, ready.chosen(mine)) if mine else {}
    had = {subject: (t("desk.had_a_part"), *own.get(subject, ())) for subject in mine}
    return {**others, **had}


def _twice(pieces: tuple[Piece, ...], publisher: str) -> str:
    """Who would have two parts in a release of these pieces; empty for nobody."""
    try:
        check_persons(pieces, publisher)
    except SamePerson as refused:
        return str(refused.values["who"])
    return ""


def _history(session: Session) -> tuple[PastRelease, ...]:
    """The latest releases, the newest first."""
    chosen = select(Release).order_by(Release.number.desc()).limit(HISTORY)
    releases = list(session.scalars(chosen))
    told = flagged_by(session, [release.number for release in releases])
    past = []
    for release in releases:
        came = _titles_besides(session, release.number, release.number - 1)
        went = _titles_besides(session, release.number - 1, release.number)
        gone = tuple(title for instrument, title in went.items() if instrument not in came)
        past.append(PastRelease(release, tuple(came.values()), gone, told.get(release.number, 0)))
    return tuple(past)


def _titles_besides(session: Session, number: int, other: int) -> dict[str, str]:
    """By instrument, the titles of what one release has and another has not."""
    return {row.instrument_id: row.title for row in held_besides(session, number, other)}
