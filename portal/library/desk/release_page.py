"""The page of releases: what waits for the publisher and what it would change, and the history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.current import current_staff
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

from .difference import Difference, difference
from .drafts import next_editions, shown_edition
from .impact import Impact, impact_of
from .jobs.standing import failed_of, jobs_under_way, standing
from .models import Draft, Piece
from .release import approved, hindrances
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
    """The page, after an act that was refused with its words and everything that was typed."""
    session, staff = current_session(), current_staff()
    session.rollback()
    ready = approved(session)
    rows = next_editions(session, [draft.edition for draft in ready.drafts])
    current = current_release(session)
    return problem_page(
        "staff/knowledge/releases.html",
        problem,
        candidates=[_candidate(session, draft) for draft in ready.drafts],
        changes=[(change, topic_of(change)) for change in ready.changes],
        impact=impact_of(session, [row.id for row in rows], staff) if ready.drafts else Impact(),
        hindrances=hindrances(session, ready, rows),
        twice=_twice(ready.pieces, staff.name),
        writers=writers,
        may_publish=staff.may(Permission.KNOWLEDGE_PUBLISH),
        history=_history(session),
        current=current.number if current else None,
        golden=len(enabled_questions(session)),
        check=latest_check(session),
        under_way=jobs_under_way(session),
        failed=failed_of(session, staff.name) if problem is None else None,
        standing=standing,
        pressed=pressed,
        language=caller_language(),
    )


def _candidate(session: Session, draft: Draft) -> Candidate:
    shown = shown_edition(session, draft.edition.instrument_id)
    edition = edition_of(draft.edition)
    found = difference(edition_of(shown) if shown else None, edition)
    return Candidate(draft, found, missing_steps(session, draft.edition, edition.kind))


def _twice(pieces: tuple[Piece, ...], publisher: str) -> str:
    """Who would have two parts in a release of everything that waits; empty for nobody."""
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
