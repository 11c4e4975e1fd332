"""The starter knowledge: release 1 of a fresh portal, and brought up to date with a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from knowledge import record
from knowledge.topic import Topic
from portal import journal
from portal.journal import JournalEntry

from . import publication
from .desk.models import TopicChange
from .held import Placed, compose, held_now
from .lock import publication_lock
from .models import EditionRow, Origin, ReleaseAct
from .publication import Outcome
from .record import (
    current_release,
    keep_edition,
    keep_topic_set,
    topics_now,
)
from .shelving import Shelving

ACT = "starter.seeded"
ACTOR = "setup"


def seed(session: Session, shelving: Shelving) -> Outcome | None:
    """Publishes the starter knowledge that this version ships, unless the public sees it already.

    What was imported or edited since stays; only starter editions and topics are replaced by newer ones.
    """
    fingerprint = starter_fingerprint()
    if _seeded(session) == fingerprint:
        return None
    from knowledge.starter import starter_editions, starter_topics

    with publication_lock(session) as lock:
        current = current_release(session)
        base = held_now(session)
        known = _starter_rows(session)
        shipped = [
            known.get(record.digest(edition))
            or keep_edition(session, edition, origin=Origin.STARTER, author=ACTOR)
            for edition in starter_editions()
        ]
        topics = topics_shipped(session, starter_topics())
        others: list[Placed] = [row for row in base if row.origin != Origin.STARTER.value]
        rows = compose(shipped, others)
        shows_the_same = current is not None and (
            {row.id for row in rows} == {row.id for row in base}
            and keep_topic_set(session, topics) == current.topics_digest
        )
        if shows_the_same:
            journal.append(session, ACTOR, ACT, "starter", {"fingerprint": fingerprint})
            lock.release_with_commit()
            return None
        release = publication.make_release(session, shelving, rows, topics, act=ReleaseAct.SEED, actor=ACTOR)
        journal.append(session, ACTOR, ACT, "starter", {"fingerprint": fingerprint})
        lock.release_with_commit()
        return Outcome(release.number, tuple(row.instrument_id for row in rows))


def starter_fingerprint() -> str:
    """Changes whenever the starter knowledge that ships does; quick, because every start asks."""
    import knowledge

    folder = Path(knowledge.__file__).with_name("sources")
    total = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(str(file.relative_to(folder)).encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def topics_shipped(session: Session, shipped: Mapping[str, Topic]) -> dict[str, Topic]:
    """The topics that ship, but those that editors published, changed or retired stay as they are here."""
    taken = select(TopicChange.topic_id).where(TopicChange.release.is_not(None))
    ours, here = set(session.scalars(taken)), topics_now(session)
    kept = {topic: held for topic, held in here.items() if topic in ours}
    return {**{topic: held for topic, held in shipped.items() if topic not in ours}, **kept}


def _starter_rows(session: Session) -> dict[str, EditionRow]:
    """Starter editions that are stored already, published or left by a seeding that was interrupted."""
    rows = session.scalars(
        select(EditionRow)
        .where(EditionRow.origin == Origin.STARTER.value)
        .options(undefer(EditionRow.content))
    )
    return {row.digest: row for row in rows}


def _seeded(session: Session) -> str:
    """The fingerprint of the starter knowledge that was last published here."""
    entry = session.scalar(
        select(JournalEntry).where(JournalEntry.act == ACT).order_by(JournalEntry.number.desc()).limit(1)
    )
    return str(entry.detail["fingerprint"]) if entry else ""
