"""Asking for a job: a row of the record, once a form, and its number in the queue."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge import record
from portal.database import now
from portal.idempotency import FORM
from portal.jobs import JobQueue, job_rules

from .models import JobAct, JobState, ReleaseJob
from .standing import ALIVE, Standing, jobs_under_way, standing


@dataclass(frozen=True, slots=True)
class Wish:
    """What a publisher wants done, and in whose name."""

    act: JobAct
    asked_by: str
    subjects: tuple[str, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    of_release: int | None = None
    reason: str = ""

    @property
    def content(self) -> str:
        """Names exactly this wish."""
        return record.digest(asdict(self))


def ask_for(
    session: Session, queue: JobQueue, wish: Wish, titles: Sequence[str] = (), *, token: str = ""
) -> ReleaseJob:
    """The job of this wish, handed over to whoever takes it first.

    The form that carried ``token`` gets the job that it got before, unless that came to nothing or was a
    check, which may be made as often as one likes; and where the same person wants exactly this already, that
    job goes on. Whether the wish can be granted is for the job.
    """
    once = record.digest([token, wish.content]) if FORM.fullmatch(token) else secrets.token_hex(32)
    job = _going_on(session, wish, once) or _new(session, wish, titles, once)
    if job.state == JobState.WAITING:  # also where its number was lost on the way
        queue.hand_over(job.id)
    return job


def hand_over_waiting(session: Session, queue: JobQueue) -> None:
    """Puts in line what waits: a queue that was lost, or a consumer that died too early, forgot it."""
    for job in jobs_under_way(session):
        if job.state == JobState.WAITING:
            queue.hand_over(job.id)


def _going_on(session: Session, wish: Wish, once: str) -> ReleaseJob | None:
    job = session.scalar(select(ReleaseJob).where(ReleaseJob.once == once))
    if job is not None and standing(job) not in ALIVE:
        if standing(job) is Standing.DONE and wish.act is not JobAct.CHECK:
            return job
        job.once = None  # the form may be sent again
        session.flush()
    return next((job for job in jobs_under_way(session) if job.content == wish.content), None)


def _new(session: Session, wish: Wish, titles: Sequence[str], once: str) -> ReleaseJob:
    job = ReleaseJob(
        act=wish.act.value,
        asked_by=wish.asked_by,
        subjects=list(wish.subjects),
        titles=list(titles),
        seen=dict(wish.seen),
        of_release=wish.of_release,
        reason=wish.reason.strip(),
        content=wish.content,
        once=once,
        state=JobState.WAITING.value,
    )
    session.add(job)
    try:
        session.flush()
    except IntegrityError:  # the same form, sent twice in the same moment
        session.rollback()
        return session.scalars(select(ReleaseJob).where(ReleaseJob.once == once)).one()
    _let_go(session)
    session.commit()
    return job


def _let_go(session: Session) -> None:
    """Lets go of old jobs; what they did stands in the journal."""
    latest = select(ReleaseJob.id).order_by(ReleaseJob.id.desc()).limit(job_rules().kept)
    old = ReleaseJob.asked_at < now() - timedelta(minutes=job_rules().start_within_minutes)
    session.execute(delete(ReleaseJob).where(ReleaseJob.id.not_in(latest), old))
