"""Releases on the desk: what would change, publishing and checking it, the history, and the way back.

Publishing, checking and going back are jobs: what can be refused at once is, all else is done behind the
page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request

from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer
from portal.database import current_session
from portal.errors import NotFound, Problem
from portal.jobs import job_queue
from portal.language import caller_language
from portal.library.lock import LockedError
from portal.library.models import Release
from portal.library.publication import PublicationError
from portal.library.watch import edition_ids
from portal.permissions import Permission, requires

from .impact import impact_of
from .jobs.asking import Wish, ask_for
from .jobs.models import JobAct
from .jobs.running import NotPublished
from .jobs.views import answered, pressed_for
from .release import REASON, chosen, need_way_back, proposed_release, publishable
from .release_page import Pressed, releases_page, ticked_impact
from .views import READERS

pages = Blueprint("desk_releases", __name__, url_prefix="/staff/knowledge/releases")


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
    """Asks for what is ticked to be published; a quick one is public by the time the page answers."""
    seen = {subject: mark for subject, _, mark in (s.rpartition("@") for s in request.form.getlist("seen"))}
    subjects, reason = request.form.getlist("subject"), request.form.get("note", "")
    wish = Wish(JobAct.PUBLISH, actor(), tuple(subjects), seen, reason=reason)
    if "counted" in request.form and set(request.form.getlist("counted")) - {""} != set(subjects):
        return releases_page(ImpactMoved(), pressed_for(wish))

    def titles() -> Sequence[str]:
        _, proposed = publishable(
            current_session(), actor=actor(), subjects=subjects, seen=seen, reason=reason
        )
        return proposed.titles

    return _asked(wish, titles)


@pages.post("/check")
@requires(Permission.KNOWLEDGE_PUBLISH)
def check() -> Answer:
    """Asks for the golden questions to be asked of what is ticked, without publishing it."""
    session, subjects = current_session(), request.form.getlist("subject")
    wish = Wish(JobAct.CHECK, actor(), tuple(subjects), reason=request.form.get("note", "")[:REASON])
    return _asked(wish, lambda: proposed_release(session, chosen(session, subjects)).titles)


@pages.post("/<int:number>/rollback")
@requires(Permission.KNOWLEDGE_PUBLISH)
def rollback(number: int) -> Answer:
    reason = request.form.get("reason", "")
    wish = Wish(JobAct.ROLLBACK, actor(), of_release=number, reason=reason)

    def titles() -> Sequence[str]:
        need_way_back(current_session(), number, reason)
        return ()

    return _asked(wish, titles)


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
    ticked = tuple(request.form.getlist("subject"))
    return releases_page(pressed=Pressed(chosen=ticked, note=request.form.get("note", "")))


@pages.get("/<int:number>/impact")
@requires(*READERS)
def rollback_impact(number: int) -> Answer:
    """What going back to the content of an earlier release would touch."""
    session = current_session()
    if session.get(Release, number) is None:
        raise NotFound
    impact = impact_of(session, edition_ids(session, number), current_staff(), caller_language())
    return render_template("staff/knowledge/rollback.html", number=number, impact=impact)


def _asked(wish: Wish, titles: Callable[[], Sequence[str]]) -> Answer:
    """Hands a wish over as a job, unless ``titles`` finds at once that it cannot be granted."""
    session = current_session()
    try:
        named = titles()
    except (PublicationError, LockedError) as refused:
        return releases_page(NotPublished(reason=str(refused)), pressed_for(wish))
    except Problem as problem:
        return releases_page(problem, pressed_for(wish))
    job = ask_for(session, job_queue(), wish, named, token=request.form.get("once", ""))
    return answered(job)
