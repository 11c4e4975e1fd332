"""Applications as they are kept. Names, identifiers, phones and free text are only ever stored encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Moment, SealedJSON, SealedText, now


class ChoiceNotice(Base):
    """That someone was told of the right to choose: what, which version, when, and what they chose.

    It names nobody: the application, where there is one, says whose it is.
    """

    __tablename__ = "choice_notices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    region: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    version: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(4000))
    channel: Mapped[str] = mapped_column(String(8))
    accepted: Mapped[bool]
    chosen_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Application(Base):
    """One application (申请). ``state`` changes only in ``acts``; ``ground`` says on
    what a case ended; ``verdict`` is the pre-check it came from, as it stood; ``version`` catches
    concurrent edits."""

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(24), index=True)
    region: Mapped[str] = mapped_column(String(200), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    choice_id: Mapped[str] = mapped_column(ForeignKey("choice_notices.id"), unique=True)
    ground: Mapped[str] = mapped_column(String(30), default="")
    verdict: Mapped[dict[str, object] | None] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    touched_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    version: Mapped[int] = mapped_column()

    choice: Mapped[ChoiceNotice] = relationship()
    revisions: Mapped[list[Revision]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Revision.number"
    )
    messages: Mapped[list[Message]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Message.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  as SQLAlchemy wants it

    @property
    def current(self) -> Revision:
        """What the application says now."""
        return self.revisions[-1]


class Revision(Base):
    """What the party stated, in full (变更). Once submitted it is never changed: a change is a new one."""

    __tablename__ = "application_revisions"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    statement: Mapped[Mapping[str, object]] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

    application: Mapped[Application] = relationship(back_populates="revisions")


class Message(Base):
    """A word from one side to the other; ``author`` is the role that wrote it."""

    __tablename__ = "application_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(SealedText)
    sent_at: Mapped[datetime] = mapped_column(Moment, default=now)

    application: Mapped[Application] = relationship(back_populates="messages")
