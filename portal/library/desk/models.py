"""What the desk keeps beside editions and topics: who wrote, who reviewed, and from what it was opened."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Moment, now
from portal.library.models import EditionRow, EditionState


class Piece(Protocol):
    """Whatever goes through review: a draft edition or a change of a topic."""

    state: str
    authors: list[str]
    submitted_by: str
    reviewed_by: str
    remarks: str

    @property
    def subject(self) -> str:
        """What the journal calls it."""
        ...

    @property
    def seen(self) -> str:
        """Names it as it is now: whoever decides on it says what was before the eyes."""
        ...


class Draft(Base):
    """An edition on the desk. ``open_for`` is its instrument while it is worked on, so that there is one at
    a time; ``base_id`` the published edition that it was opened from. ``authors`` are all who changed it,
    ``certainties`` how certain the import was of the topics it proposed: section → topic → chance."""

    __tablename__ = "drafts"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    open_for: Mapped[str | None] = mapped_column(String(64), unique=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    authors: Mapped[list[str]] = mapped_column(JSON)
    certainties: Mapped[dict[str, dict[str, float]]] = mapped_column(JSON, default=dict)
    submitted_by: Mapped[str] = mapped_column(String(100), default="")
    reviewed_by: Mapped[str] = mapped_column(String(100), default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)

    edition: Mapped[EditionRow] = relationship(foreign_keys=[edition_id], lazy="joined")

    @property
    def state(self) -> str:
        return self.edition.state

    @state.setter
    def state(self, state: str) -> None:
        self.edition.state = state

    @property
    def subject(self) -> str:
        return self.edition.instrument_id

    @property
    def seen(self) -> str:
        return str(self.edition.version)


class TopicAct(StrEnum):
    NEW = "new"
    EDIT = "edit"
    RETIRE = "retire"


class TopicChange(Base):
    """A change of one topic that no release has taken yet, or did in ``release``. ``base`` is the topic as
    the release showed it when the change was begun; ``open_for`` the topic's id while it is worked on."""

    __tablename__ = "topic_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(String(64), index=True)
    open_for: Mapped[str | None] = mapped_column(String(64), unique=True)
    act: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12), default=EditionState.DRAFT.value)
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    base: Mapped[dict[str, object] | None] = mapped_column(JSON)
    authors: Mapped[list[str]] = mapped_column(JSON)
    submitted_by: Mapped[str] = mapped_column(String(100), default="")
    reviewed_by: Mapped[str] = mapped_column(String(100), default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    release: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def subject(self) -> str:
        return f"topic:{self.topic_id}"

    @property
    def seen(self) -> str:
        return str(self.version)
