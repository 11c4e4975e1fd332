"""Releases on the desk: what would change, publishing it, the history, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer
from portal.database import current_session
from portal.errors import NotFound, Problem
from portal.golden.check_pages import check_page
from portal.golden.gate import ReleaseBlocked
from portal.golden.release_checks import check_approved
from portal.language import caller_language
from portal.library.holder import knowledge_holder
from portal.library.lock import LockedError
from portal.library.models import Release
from portal.library.publication import Outcome, PublicationError
from portal.library.watch import edition_ids
from portal.permissions import Permission, requires

from .impact import impact_of
from .release import publish_approved, roll_back
from .release_page import releases_page, ticked_impact
from .views import READERS

pages = Blueprint("desk_releases", __name__, url_prefix="/staff/knowledge/releases")


class NotPublished(Problem):
    """The publication was refused; ``reason`` is one sentence that says why."""

    slug = "not_published"


class ImpactMoved(Problem):
    """The page showed what other pieces would touch than those that are ticked."""

    slug = "impact_moved"


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    return releases_page()


@pages.post("/publish")
@requires(Permission.KNOWLEDGE_PUBLISH)
def publish() -> Answer:
    """Publishes what is ticked, at once: the page answers when the public sees it."""
    seen = {subject: mark for subject, _, mark in (s.rpartition("@") for s in request.form.getlist("seen"))}
    subjects, reason = request.form.getlist("subject"), request.form.get("note", "")
    if "counted" in request.form and set(request.form.getlist("counted")) - {""} != set(subjects):
        return releases_page(ImpactMoved())
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
        return releases_page(NotPublished(reason=str(refused)))
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


@pages.get("/impact")
@requires(*READERS)
def impact() -> Answer:
    """What a release of the pieces that are ticked (``subject``) would touch, as a piece of the page."""
    return render_template(
        "staff/knowledge/release_impact.html", **ticked_impact(request.args.getlist("subject"))
    )


@pages.post("/impact")
@requires(Permission.KNOWLEDGE_PUBLISH)
def recount() -> Answer:
    """The whole page with what is ticked reckoned anew, for browsers without scripts."""
    return releases_page()


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
        return releases_page(NotPublished(reason=str(refused)), of_release)
    except ReleaseBlocked as blocked:
        current_session().rollback()
        return check_page(int(str(blocked.values["check"])), blocked)
    except Problem as problem:
        return releases_page(problem, of_release)
    flash(f"desk.{done}")
    return redirect(url_for(".index"), 303)
