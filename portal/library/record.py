"""Editions, topics and releases in the database, and back as values of ``knowledge``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from knowledge import record
from knowledge.edition import Edition
from knowledge.topic import Topic

from .models import (
    EditionRow,
    EditionState,
    InstrumentRow,
    Origin,
    Release,
    ReleaseEdition,
    ReleasePointer,
    ReleaseShelf,
    SourceFile,
    TopicSet,
)

if TYPE_CHECKING:
    from knowledge.library import Knowledge

    from .shelving import Shelving


def keep_edition(
    session: Session,
    edition: Edition,
    *,
    origin: Origin,
    author: str,
    file: tuple[str, bytes] | None = None,
    state: EditionState = EditionState.DRAFT,
) -> EditionRow:
    """Stores an edition, by default as a draft, with the file it was read from; the caller commits."""
    if session.get(InstrumentRow, edition.instrument) is None:
        session.add(InstrumentRow(id=edition.instrument, kind=edition.kind.value))
        session.flush()
    row = EditionRow(
        instrument_id=edition.instrument,
        state=state.value,
        origin=origin.value,
        title=edition.title,
        document_number=edition.document_number,
        region=edition.region,
        issued_on=edition.issued_on,
        in_force_from=edition.in_force_from,
        in_force_to=edition.in_force_to,
        summary=edition.digest,
        digest=record.digest(edition),
        content=record.edition_to_json(edition),
        author=author,
    )
    if file is not None:
        name, content = file
        row.source = SourceFile(
            name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), content=content
        )
    session.add(row)
    session.flush()
    return row


def edition_of(row: EditionRow) -> Edition:
    """The edition that a row holds."""
    return record.edition_from_json(row.content)


def current_release(session: Session) -> Release | None:
    """The release that the public sees."""
    number = session.scalar(select(ReleasePointer.release))
    return None if number is None else session.get_one(Release, number)


def editions_of_release(session: Session, number: int) -> list[EditionRow]:
    """The edition rows of a release with their contents, the oldest first."""
    return list(
        session.scalars(
            select(EditionRow)
            .join(ReleaseEdition, ReleaseEdition.edition_id == EditionRow.id)
            .where(ReleaseEdition.release == number)
            .options(undefer(EditionRow.content))
            .order_by(EditionRow.id)
        )
    )


def editions_now(session: Session) -> list[EditionRow]:
    """The edition rows of the release that the public sees; none before the first."""
    release = current_release(session)
    return editions_of_release(session, release.number) if release else []


def shelves_of_release(session: Session, number: int) -> Mapping[str, str]:
    """The shelf digest of each region of a release."""
    rows = session.execute(
        select(ReleaseShelf.region, ReleaseShelf.digest).where(ReleaseShelf.release == number)
    )
    return {row.region: row.digest for row in rows}


def regions_now(session: Session) -> tuple[str, ...]:
    """The regions that have knowledge in the release that the public sees."""
    release = current_release(session)
    return tuple(sorted(shelves_of_release(session, release.number))) if release else ()


def open_release(
    session: Session, shelving: Shelving, number: int, before: Knowledge | None = None
) -> Knowledge:
    """A release opened for reading, sharing what it can with the one opened ``before``;
    ShelfMissingError where its shelves must be built again."""
    release = session.get_one(Release, number)
    shelves = shelves_of_release(session, number)
    return shelving.open(number, shelves.values(), topics_of_set(session, release.topics_digest), before)


def topics_now(session: Session) -> dict[str, Topic]:
    """The topics of the release that the public sees."""
    release = current_release(session)
    return topics_of_set(session, release.topics_digest) if release else {}


def keep_topic_set(session: Session, topics: Mapping[str, Topic]) -> str:
    """Stores these topics as one set, shared with every release that shows the same; returns its digest."""
    digest = topic_set_digest(topics)
    if session.get(TopicSet, digest) is None:
        content = [cast(dict[str, object], record.to_json(topic)) for topic in topics.values()]
        session.add(TopicSet(digest=digest, content=content))
        session.flush()
    return digest


def topic_set_digest(topics: Mapping[str, Topic]) -> str:
    """Equal for equal topics in the same order."""
    return record.digest(list(topics.values()))


def topics_of_set(session: Session, digest: str) -> dict[str, Topic]:
    """The topics that a release showed."""
    content = session.get_one(TopicSet, digest).content
    topics = (cast(Topic, record.from_json(Topic, topic)) for topic in content)
    return {topic.id: topic for topic in topics}
