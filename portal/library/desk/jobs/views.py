"""The page of a job: how far it is, and then on to what came of it."""

from __future__ import annotations

from threading import Event
from time import monotonic

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.current import current_staff
from portal.accounts.forms import Answer
from portal.database import current_session
from portal.errors import NotFound
from portal.golden.check_pages import check_page
from portal.golden.models import ReleaseCheck
from portal.jobs import job_rules
from portal.library.desk.release_page import Pressed, releases_page
from portal.library.desk.views import READERS
from portal.permissions import Permission, requires

from .asking import Wish
from .models import JobAct, ReleaseJob
from .refusal import Refused
from .standing import ALIVE, FAILED, Standing, find_job, is_news, standing

pages = Blueprint("release_jobs", __name__, url_prefix="/staff/knowledge/releases/jobs")

DONE = {JobAct.PUBLISH: "desk.published", JobAct.ROLLBACK: "desk.rolled_back"}


@pages.get("/<int(max=2147483647):number>")
@requires(*READERS)
def show(number: int) -> Answer:
    """The job while it goes on; afterwards what came of it. With ``look`` the page never leads on."""
    session = current_session()
    job = find_job(session, number)
    if job is None:
        raise NotFound
    if "look" not in request.args:
        if (onwards := _onwards(job)) is not None:
            return onwards
        if standing(job) is Standing.REFUSED:
            return _refusal(job)[0], 200
    stands = standing(job)
    return render_template(
        "staff/knowledge/job.html",
        job=job,
        standing=stands,
        alive=stands in ALIVE,
        again=stands in FAILED and current_staff().may(Permission.KNOWLEDGE_PUBLISH),
        problem=Refused(job.problem) if job.problem else None,
        rules=job_rules(),
    )


def answered(job: ReleaseJob) -> Answer:
    """What whoever pressed the button is told: the end of the job where it comes soon, else its page."""
    job = _awaited(job.id)
    if (onwards := _onwards(job)) is not None:
        return onwards
    if standing(job) is Standing.REFUSED:
        return _refusal(job)
    return redirect(url_for("release_jobs.show", number=job.id), 303)


def pressed_for(wish: Wish) -> Pressed:
    """What the page of releases keeps of a wish that was refused."""
    return _pressed(wish.act, wish.subjects, wish.reason, wish.of_release)


def _onwards(job: ReleaseJob) -> Response | None:
    """On to what a job did, while that is news; None where there is nothing to go to."""
    session = current_session()
    if standing(job) is not Standing.DONE or not is_news(session, job):
        return None
    if job.act == JobAct.CHECK:
        held = session.get(ReleaseCheck, job.check) is not None
        return redirect(url_for("release_checks.show", number=job.check), 303) if held else None
    flash(DONE[JobAct(job.act)])
    return redirect(url_for("desk_releases.index"), 303)


def _refusal(job: ReleaseJob) -> tuple[str, int]:
    """The page that the button was pressed on, or the check that stands in the way, with why."""
    assert job.problem is not None
    problem = Refused(job.problem)
    if job.check is not None and current_session().get(ReleaseCheck, job.check) is not None:
        return check_page(job.check, problem)
    return releases_page(problem, _pressed(job.act, tuple(job.subjects), job.reason, job.of_release))


def _pressed(act: str, subjects: tuple[str, ...], reason: str, of_release: int | None) -> Pressed:
    if act == JobAct.ROLLBACK:
        return Pressed(of_release=of_release or 0, reason=reason)
    return Pressed(chosen=subjects, note=reason)


def _awaited(number: int) -> ReleaseJob:
    """The job at its end, or as it is after waiting for that a little."""
    session, until, pause = current_session(), monotonic() + job_rules().wait_seconds, Event()
    while True:
        session.rollback()
        job = find_job(session, number)
        assert job is not None
        if standing(job) not in ALIVE or monotonic() >= until:
            return job
        pause.wait(job_rules().poll_seconds)
