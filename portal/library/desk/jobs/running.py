"""Doing a job: in the name of whoever asked for it, with every check made again at the act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Staff
from portal.accounts.roles import permissions_of
from portal.database import Database, now
from portal.errors import Forbidden, Problem, problem_of
from portal.golden.gate import ReleaseBlocked
from portal.golden.release_checks import check_approved
from portal.jobs import job_rules
from portal.library.desk.release import publish_approved, roll_back
from portal.library.lock import LockedError, this_process
from portal.library.progress import Progress
from portal.library.publication import PublicationError
from portal.library.shelving import Shelving
from portal.logs import log_failure
from portal.permissions import Permission

from .beat import Beat
from .models import JobAct, JobState, ReleaseJob
from .refusal import kept_problem


class NotPublished(Problem):
    """The publication was refused; ``reason`` is one sentence that says why."""

    slug = "not_published"


def run(database: Database, shelving: Shelving, number: int) -> None:
    """Does the job of this number and keeps what came of it; nothing where it was done or is being done.

    It raises nothing, so that the consumer goes on. A process that is killed meanwhile leaves the job without
    a pulse, and the release that was in force or, with the number in the row, the new one.
    """
    try:
        with database.session() as session:
            job = _taken(session, number)
            if job is None:
                return
            with Beat(database, number) as beat:
                came = _outcome(session, shelving, job, beat.progress)
        with database.session() as session:
            values = {"ended_at": now(), **came}
            session.execute(update(ReleaseJob).where(ReleaseJob.id == number).values(values))
            session.commit()
    except Exception as error:  # the record does not answer: the job stays without a pulse
        log_failure(error)


def _taken(session: Session, number: int) -> ReleaseJob | None:
    """The job, from now on this process's alone; None where another has it, or it waited too long."""
    waits = (
        ReleaseJob.id == number,
        ReleaseJob.state == JobState.WAITING.value,
        ReleaseJob.asked_at > now() - timedelta(minutes=job_rules().start_within_minutes),
    )
    begun = {"state": JobState.RUNNING.value, "begun_at": now(), "beat_at": now(), "worker": this_process()}
    taken = session.execute(update(ReleaseJob).where(*waits).values(begun))
    session.commit()
    assert isinstance(taken, CursorResult)
    return session.get(ReleaseJob, number) if taken.rowcount else None


def _outcome(session: Session, shelving: Shelving, job: ReleaseJob, progress: Progress) -> dict[str, Any]:
    """What the row says once the job is over."""
    try:
        return {"state": JobState.DONE.value, **_done(session, shelving, job, progress)}
    except ReleaseBlocked as blocked:
        return _refused(blocked, check=int(str(blocked.values["check"])))
    except (PublicationError, LockedError) as refused:
        return _refused(NotPublished(reason=str(refused)))
    except Problem as problem:
        return _refused(problem)
    except Exception as error:
        return {"state": JobState.BROKEN.value, "problem": kept_problem(problem_of(error)), "once": None}


def _refused(problem: Problem, **more: object) -> dict[str, Any]:
    return {"state": JobState.REFUSED.value, "problem": kept_problem(problem), "once": None, **more}


def _done(session: Session, shelving: Shelving, job: ReleaseJob, progress: Progress) -> dict[str, Any]:
    number, who = job.id, job.asked_by
    _need_publisher(session, who)

    def noted(release: int) -> None:
        session.execute(update(ReleaseJob).where(ReleaseJob.id == number).values(release=release))

    if job.act == JobAct.CHECK:
        check = check_approved(session, shelving, actor=who, subjects=job.subjects, progress=progress)
        return {"check": check.id}
    if job.act == JobAct.PUBLISH:
        publish_approved(
            session,
            shelving,
            actor=who,
            subjects=job.subjects,
            reason=job.reason,
            seen=job.seen,
            progress=progress,
            noted=noted,
        )
    else:
        assert job.of_release is not None
        roll_back(
            session,
            shelving,
            job.of_release,
            actor=who,
            reason=job.reason,
            progress=progress,
            noted=noted,
        )
    return {}


def _need_publisher(session: Session, name: str) -> None:
    """Forbidden for who may not publish any more: a role may be taken away between the button and the act."""
    staff = session.scalar(select(Staff).where(Staff.name == name))
    if staff is None or not staff.active or Permission.KNOWLEDGE_PUBLISH not in permissions_of(staff.roles):
        raise Forbidden
