"""Releases on the desk: what would change, publishing it, the history, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, problem_page
from portal.database import current_session
from portal.errors import NotFound, Problem
from portal.golden.check_pages import check_page
from portal.golden.gate import ReleaseBlocked
from portal.golden.keeping import enabled_questions
from portal.golden.release_checks import check_approved, latest_check
from portal.language import caller_language
from portal.library.held import held_besides
from portal.library.holder import knowledge_holder
from portal.library.lock import LockedError
from portal.library.making.rules import StepKind
from portal.library.making.steps import missing_steps
from portal.library.models import Release
from portal.library.publication import Outcome, PublicationError
from portal.library.record import current_release, edition_of
from portal.library.watch import edition_ids, flagged_by
from portal.permissions import Permission, requires

from .difference import Difference, difference
from .drafts import next_editions, shown_edition
from .impact import Impact, impact_of
from .models import Draft, Piece
from .release import approved, hindrances, publish_approved, roll_back
from .review import SamePerson, check_persons, writers
from .topic_changes import topic_of
from .views import READERS

pages = Blueprint("desk_releases", __name__, url_prefix="/staff/knowledge/releases")

HISTORY = 30


class NotPublished(Problem):
    """The publication was refused; ``reason`` is one sentence that says why."""

    slug = "not_published"


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


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    return _page()


@pages.post("/publish")
@requires(Permission.KNOWLEDGE_PUBLISH)
def publish() -> Answer:
    """Publishes what is ticked, at once: the page answers when the public sees it."""
    seen = {subject: mark for subject, _, mark in (s.rpartition("@") for s in request.form.getlist("seen"))}
    subjects, reason = request.form.getlist("subject"), request.form.get("note", "")
    shelving = knowledge_holder(current_app).shelving
    return _release(
        lambda: publish_approved(
            current_session(), shelving, actor=actor(), subjects=subjects, reason=reason, seen=seen
        ),
        "published",
    )


@pages.post("/check")
@requires(Permission.KNOWLEDGE_PUBLISH)
def check() -> Answer:
    """Asks the golden questions of what is ticked, without publishing it."""
    shelving, subjects = knowledge_holder(current_app).shelving, request.form.getlist("subject")
    try:
        made = check_approved(current_session(), shelving, actor=actor(), subjects=subjects)
    except (PublicationError, LockedError) as refused:
        return _page(NotPublished(reason=str(refused)))
    return redirect(url_for("release_checks.show", number=made.id), 303)


@pages.post("/<int:number>/rollback")
@requires(Permission.KNOWLEDGE_PUBLISH)
def rollback(number: int) -> Answer:
    shelving = knowledge_holder(current_app).shelving
    reason = request.form.get("reason", "")
    return _release(
        lambda: roll_back(current_session(), shelving, number, actor=actor(), reason=reason),
        "rolled_back",
        of_release=number,
    )


@pages.get("/<int:number>/impact")
@requires(*READERS)
def rollback_impact(number: int) -> Answer:
    """What going back to the content of an earlier release would touch."""
    session = current_session()
    if session.get(Release, number) is None:
        raise NotFound
    impact = impact_of(session, edition_ids(session, number), current_staff(), caller_language())
    return render_template("staff/knowledge/rollback.html", number=number, impact=impact)


def _release(act: Callable[[], Outcome], done: str, of_release: int = 0) -> Answer:
    try:
        act()
    except (PublicationError, LockedError) as refused:
        return _page(NotPublished(reason=str(refused)), of_release)
    except ReleaseBlocked as blocked:
        current_session().rollback()
        return check_page(int(str(blocked.values["check"])), blocked)
    except Problem as problem:
        return _page(problem, of_release)
    flash(f"desk.{done}")
    return redirect(url_for(".index"), 303)


def _page(problem: Problem | None = None, of_release: int = 0) -> tuple[str, int]:
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
        impact=impact_of(session, [row.id for row in rows], staff, caller_language())
        if ready.drafts
        else Impact(),
        hindrances=hindrances(session, ready, rows),
        twice=_twice(ready.pieces, staff.name),
        writers=writers,
        may_publish=staff.may(Permission.KNOWLEDGE_PUBLISH),
        history=_history(session),
        current=current.number if current else None,
        golden=len(enabled_questions(session)),
        check=latest_check(session),
        of_release=of_release,
        chosen=request.form.getlist("subject") if request.method == "POST" and not of_release else None,
        note=request.form.get("note", ""),
        reason=request.form.get("reason", ""),
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
