"""kill -9 of a process that does jobs in the background, and what the record and the public see after it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random

from sqlalchemy.orm import Session

from portal import create_app
from portal.jobs import JobQueue
from portal.keys import Keyring
from portal.library.desk.jobs.asking import Wish, ask_for
from portal.library.desk.jobs.joining import start_jobs
from portal.library.desk.jobs.models import JobAct, ReleaseJob
from portal.library.desk.jobs.standing import Standing, standing
from portal.library.desk.release import approved
from portal.library.holder import knowledge_holder, load_libraries
from portal.library.shelving import Shelving
from portal.settings import Settings

from .golden import rewritten
from .killing import Stand, check_whole, processes, stand_now
from .small import TinyEmbedder, make_notice


def kill_consumers(
    settings: Settings, session: Session, shelving: Shelving, times: int, publisher: str, seed: int = 1
) -> list[Standing]:
    """Kills ``times`` consumers, at random moments spread over the time that a job takes; checks after each
    what the public sees and what the job says, and returns the latter."""
    random, stands = Random(seed), []
    takes = _duration(settings, session, publisher)
    moments = [(n + random.random()) / times for n in range(times)]
    random.shuffle(moments)
    for n, moment in enumerate(moments, start=1):
        before = stand_now(session)
        act = random.choice((JobAct.PUBLISH, JobAct.PUBLISH, JobAct.ROLLBACK))
        act = JobAct.PUBLISH if approved(session).pieces else act  # a draft does not outlive a rollback
        job = _asked(settings, session, act, n, publisher)
        with _consumer(settings) as (process, _):
            _wait_for(session, job, Standing.RUNNING, Standing.DONE)
            time.sleep(moment * takes)
            process.kill()
        _check(session, shelving, before, job, act)
        stands.append(standing(job))
    return stands


def finish_what_was_interrupted(settings: Settings, session: Session, publisher: str) -> None:
    """What a publisher does next: presses the same button again."""
    job = _asked(settings, session, JobAct.PUBLISH, 0, publisher)
    with _consumer(settings):
        _wait_for(session, job, Standing.DONE)


def _check(session: Session, shelving: Shelving, before: Stand, job: ReleaseJob, act: JobAct) -> None:
    """The public sees the old release or the new one, and the job says which."""
    session.refresh(job)
    after = stand_now(session)
    if standing(job) is Standing.DONE:
        assert after.release == before.release + 1 == job.release
        if act is JobAct.PUBLISH:
            assert after.editions != before.editions
            assert approved(session).pieces == ()
    else:
        assert standing(job) is Standing.LOST, job.problem
        assert after == before, f"a third thing, while the job was lost: {before.release}, {after.release}"
    check_whole(session, shelving, after)


def _duration(settings: Settings, session: Session, publisher: str) -> float:
    """The seconds that a publication takes a consumer, from when it has begun."""
    job = _asked(settings, session, JobAct.PUBLISH, 999, publisher)
    with _consumer(settings):
        _wait_for(session, job, Standing.RUNNING, Standing.DONE)
        started = time.perf_counter()
        _wait_for(session, job, Standing.DONE)
    return time.perf_counter() - started


def _asked(settings: Settings, session: Session, act: JobAct, n: int, publisher: str) -> ReleaseJob:
    """A job in the queue: to publish what waits, else a new wording, or to go back to the first release."""
    session.expire_all()
    if act is JobAct.PUBLISH and not approved(session).pieces:
        wording = (replace(c, text=f"{c.text}（第{n}稿）") for c in make_notice().clauses)
        rewritten(session, wording)
    wish = Wish(act, publisher, ("zhanhe",))
    if act is JobAct.ROLLBACK:
        wish = Wish(act, publisher, of_release=1, reason=f"第{n}次退回")
    queue = JobQueue(settings, Keyring.open(settings).secret_key, lambda _number: None)
    return ask_for(session, queue, wish)


def _wait_for(session: Session, job: ReleaseJob, *wanted: Standing) -> None:
    over = time.monotonic() + 120
    while standing(job) not in wanted:
        assert time.monotonic() < over, f"the job stayed {standing(job)}: {job.problem}"
        time.sleep(0.002)
        session.rollback()
        session.refresh(job)


@contextmanager
def _consumer(settings: Settings) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that has opened everything and does the jobs in line, until the block ends."""
    told, tells = processes.Pipe(duplex=False)
    process = processes.Process(target=_work, args=(settings, tells))
    process.start()
    tells.close()
    try:
        assert told.poll(120), "the consumer never began"
        told.recv()
        yield process, told
    finally:
        process.kill()
        process.join()
        told.close()


def _work(settings: Settings, tells: Connection) -> None:
    load_libraries()
    app = create_app(settings)
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    with app.extensions["rouwen.database"].session() as session:
        knowledge_holder(app).current(session)
    tells.send("begun")
    start_jobs(app)
    time.sleep(600)
