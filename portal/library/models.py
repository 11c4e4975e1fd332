"""Instruments, their editions, and the releases in which the public sees them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.database import Base, Moment, now


class EditionState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"


class Origin(StrEnum):
    """By which door an edition came in."""

    STARTER = "starter"
    COMMAND_LINE = "command_line"
    EDITOR = "editor"


class InstrumentRow(Base):
    """A notice, statute or list: the id that all its editions share."""

    __tablename__ = "instruments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class EditionRow(Base):
    """One dated text of an instrument. ``content`` is the whole edition as JSON, named by ``digest``;
    the columns beside it are what is looked for. ``summary`` marks a digest in our own words (摘要)."""

    __tablename__ = "editions"
    __table_args__ = (Index("ix_editions_state_origin", "state", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[str] = mapped_column(ForeignKey("instruments.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text, default="")
    region: Mapped[str] = mapped_column(Text, default="")
    issued_on: Mapped[date | None]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    summary: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[dict[str, object]] = deferred(mapped_column(JSON, nullable=False))
    author: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    source: Mapped[SourceFile | None] = relationship(back_populates="edition", cascade="all, delete-orphan")


class SourceFile(Base):
    """The file that an edition was read from, byte for byte."""

    __tablename__ = "source_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    edition: Mapped[EditionRow] = relationship(back_populates="source")


class TopicSet(Base):
    """The topics as one release showed them, named by their digest and shared between releases."""

    __tablename__ = "topic_sets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[list[dict[str, object]]] = mapped_column(JSON)


class ReleaseAct(StrEnum):
    SEED = "seed"
    PUBLISH = "publish"
    ROLLBACK = "rollback"
    REBUILD = "rebuild"
    RESTORE = "restore"


class Release(Base):
    """The numbered set of editions that the public sees, published as one.

    ``form`` names how its shelves were built: the form of the index and the embedding; ``reason`` is why
    it was made, where someone said so.
    """

    __tablename__ = "releases"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(10))
    of_release: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    made_by: Mapped[str] = mapped_column(String(100))
    form: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(500), default="")
    topics_digest: Mapped[str] = mapped_column(ForeignKey("topic_sets.digest"))


class ReleaseEdition(Base):
    """One edition of one release."""

    __tablename__ = "release_editions"

    release: Mapped[int] = mapped_column(ForeignKey("releases.number"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True, index=True)


class ReleaseShelf(Base):
    """One shelf of one release: the search store of a region at one content digest."""

    __tablename__ = "release_shelves"

    release: Mapped[int] = mapped_column(ForeignKey("releases.number"), primary_key=True)
    region: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)


class ReleasePointer(Base):
    """The one row that says which release the public sees; flipping it is the publication."""

    __tablename__ = "release_pointer"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    release: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    changed_at: Mapped[datetime | None] = mapped_column(Moment)


class PublicationLock(Base):
    """The one row that keeps two publications from interleaving. A holder that died loses it at ``until``."""

    __tablename__ = "publication_lock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str | None] = mapped_column(String(100))
    until: Mapped[datetime | None] = mapped_column(Moment)
