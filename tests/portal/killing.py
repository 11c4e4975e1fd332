"""kill -9 of a publisher at any moment of a publication or a rollback, and what must hold after it."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import journal
from portal.library.held import contents, held_by_release, held_now
from portal.library.holder import load_libraries
from portal.library.models import Origin, Release, ReleaseEdition, ReleaseShelf
from portal.library.publication import publish, roll_back, waiting_drafts
from portal.library.record import current_release, keep_edition, open_release
from portal.library.shelving import Shelving
from portal.settings import Settings

from .firing import NOTICES, reworded
from .small import open_database, small_shelving

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])

Editions = frozenset[tuple[str, str]]
"""What a release shows: instruments and digests."""


class Stand(NamedTuple):
    """What the public sees."""

    release: int
    editions: Editions


def kill_many_times(
    settings: Settings, session: Session, shelving: Shelving, times: int, seed: int = 1
) -> int:
    """Kills ``times`` publishers, at random moments spread over the time that each act takes, and checks
    after each what the public sees; how many had their release in place by then."""
    random, done = Random(seed), 0
    takes = {act: _duration(settings, act) for act in ("publish", "roll back")}
    moments = [(n + random.random()) / times for n in range(times)]
    random.shuffle(moments)
    for n, moment in enumerate(moments, start=1):
        act = random.choice(("publish", "publish", "roll back"))
        before = stand_now(session)
        meant, said = _kill_at(settings, act, n, moment * takes[act])
        after = stand_now(session)
        assert after in (before, Stand(before.release + 1, meant)), f"a third thing, {moment:.2f} into {act}"
        assert said in (None, after.release), f"release {said} was acknowledged and is not there"
        check_whole(session, shelving, after)
        done += after != before
    return done


def publish_what_was_interrupted(session: Session, shelving: Shelving) -> None:
    """What an operator does next: the drafts are still there."""
    session.rollback()
    if waiting_drafts(session):
        publish(session, shelving, actor="operator")


def _duration(settings: Settings, act: str) -> float:
    """The seconds from the beginning of an act in a process of its own to its end."""
    with _publisher(settings, act, 0) as (_, told, _meant):
        started = time.perf_counter()
        assert told.poll(120)
        assert told.recv() > 1
        return time.perf_counter() - started


def _kill_at(settings: Settings, act: str, n: int, moment: float) -> tuple[Editions, int | None]:
    """What the publisher was about to make, and the release that it said it had made before it was killed."""
    with _publisher(settings, act, n) as (process, told, meant):
        time.sleep(moment)
        process.kill()
        process.join()
        try:
            return meant, told.recv() if told.poll() else None
        except EOFError:
            return meant, None


@contextmanager
def _publisher(settings: Settings, act: str, n: int) -> Iterator[tuple[BaseProcess, Connection, Editions]]:
    """A process that has just begun an act, and what it means to make."""
    told, tells = processes.Pipe(duplex=False)
    process = processes.Process(target=_work, args=(settings, act, n, tells))
    process.start()
    tells.close()
    try:
        assert told.poll(120), "the publisher never began"
        yield process, told, told.recv()
    finally:
        process.join(60)
        process.kill()
        process.join()
        told.close()


def _work(settings: Settings, act: str, n: int, tells: Connection) -> None:
    """Publishes what waits, else new wordings of two notices; or rolls back to the first release."""
    load_libraries()
    shelving = small_shelving(settings)
    with open_database(settings).session() as session:
        if act == "publish":
            if not waiting_drafts(session):
                for instrument, region in NOTICES.items():
                    edition = reworded(instrument, region, n)
                    keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
            drafts = {row.instrument_id: row.digest for row in waiting_drafts(session)}
            shown = {row.instrument_id: row.digest for row in held_now(session)}
            session.commit()
            tells.send(frozenset({**shown, **drafts}.items()))
            outcome = publish(session, shelving, actor="operator")
        else:
            tells.send(_editions(session, 1))
            outcome = roll_back(session, shelving, 1, actor="operator")
        tells.send(outcome.release)


def _editions(session: Session, release: int) -> Editions:
    return frozenset((row.instrument_id, row.digest) for row in held_by_release(session, release))


def stand_now(session: Session) -> Stand:
    session.rollback()
    release = current_release(session)
    assert release is not None
    return Stand(release.number, _editions(session, release.number))


def check_whole(session: Session, shelving: Shelving, stand: Stand) -> None:
    """The release in force can be read, is what the record says, and nothing half done stands beside it."""
    knowledge = open_release(session, shelving, stand.release)
    recorded = contents(session, held_by_release(session, stand.release))
    assert {e for shelf in knowledge.shelves for e in shelf.editions} == set(recorded)
    for shelf in knowledge.shelves:
        for drawer in (shelf.clauses, shelf.items):
            shelving.store.vectors.verify(drawer.collection, drawer.catalogue.vectors)
    for number in (Release.number, ReleaseEdition.release, ReleaseShelf.release):
        assert session.scalar(select(func.max(number))) == stand.release
    assert session.scalar(select(func.count()).select_from(Release)) == stand.release
    journal.verify(session)
