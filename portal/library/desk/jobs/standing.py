"""Where a job stands: as its row says, unless whoever should do it has fallen silent."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import now
from portal.jobs import job_rules
from portal.library.lock import is_gone
from portal.library.models import Release, ReleasePointer

from .models import JobAct, JobState, ReleaseJob


class Standing(StrEnum):
    """``unheard`` waits longer than it should; ``never`` waited so long that it is no longer begun; ``lost``
    was begun by a process that is gone, and changed nothing; ``broken`` met an error nobody foresaw."""

    WAITING = "waiting"
    UNHEARD = "unheard"
    NEVER = "never"
    RUNNING = "running"
    LOST = "lost"
    DONE = "done"
    REFUSED = "refused"
    BROKEN = "broken"


ALIVE = (Standing.WAITING, Standing.UNHEARD, Standing.RUNNING)
FAILED = (Standing.NEVER, Standing.LOST, Standing.BROKEN)
"""Nothing was changed by it, and it may be pressed again."""


def standing(job: ReleaseJob) -> Standing:
    if job.release is not None:  # also where the process died right after
        return Standing.DONE
    if job.state == JobState.WAITING:
        return _waiting(job)
    if job.state != JobState.RUNNING:
        return Standing(job.state)
    heard = job.beat_at is not None and job.beat_at > now() - timedelta(seconds=job_rules().lost_seconds)
    return Standing.RUNNING if heard and not is_gone(job.worker) else Standing.LOST


def find_job(session: Session, number: int) -> ReleaseJob | None:
    """A job as it is now, whatever the session has read of it before."""
    return session.get(ReleaseJob, number, populate_existing=True)


def jobs_under_way(session: Session) -> tuple[ReleaseJob, ...]:
    """The jobs that wait or are being done, the oldest first."""
    states = (JobState.WAITING.value, JobState.RUNNING.value)
    rows = session.scalars(select(ReleaseJob).where(ReleaseJob.state.in_(states)).order_by(ReleaseJob.id))
    return tuple(job for job in rows if standing(job) in ALIVE)


def failed_of(session: Session, name: str) -> ReleaseJob | None:
    """The last job that ``name`` asked for, of late, if it came to nothing and no release was made since."""
    latest = select(ReleaseJob).where(ReleaseJob.asked_by == name).order_by(ReleaseJob.id.desc()).limit(1)
    job, late = session.scalar(latest), now() - timedelta(hours=job_rules().told_hours)
    if job is None or job.asked_at < late or standing(job) not in (*FAILED, Standing.REFUSED):
        return None
    since = select(Release.number).where(Release.made_at > job.asked_at).limit(1)
    return None if session.scalar(since) is not None else job


def is_news(session: Session, job: ReleaseJob) -> bool:
    """True where what the job did is still what the public sees, or what the desk last checked."""
    if job.act == JobAct.CHECK:
        return job.check is not None
    return job.release is not None and job.release == session.scalar(select(ReleasePointer.release))


def _waiting(job: ReleaseJob) -> Standing:
    rules, waits = job_rules(), now() - job.asked_at
    if waits > timedelta(minutes=rules.start_within_minutes):
        return Standing.NEVER
    return Standing.UNHEARD if waits > timedelta(seconds=rules.unheard_seconds) else Standing.WAITING
