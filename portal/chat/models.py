"""What was asked and what was answered, kept as it stood; what people said of it; and the work it leaves."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Moment, SealedJSON, SealedText, now


class Conversation(Base):
    """Turns that belong together. ``id`` is opaque and unguessable: who has it may follow up."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Question(Base):
    """One question, personal data masked before it was stored, encrypted at rest."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(SealedText)
    region: Mapped[str | None] = mapped_column(String(200))
    on: Mapped[date] = mapped_column("on_date")
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)

    answer: Mapped[Answer | None] = relationship(back_populates="question", cascade="all, delete-orphan")


class Answer(Base):
    """The one answer to a question: ``reply`` is the JSON given, ``memory`` what a follow-up needs."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_status_release", "status", "release"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(60), default="")
    confidence: Mapped[float] = mapped_column(default=1.0)
    release: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    written_by: Mapped[str] = mapped_column(String(120))
    reply: Mapped[dict[str, object]] = mapped_column(SealedJSON)
    memory: Mapped[dict[str, object]] = mapped_column(SealedJSON)
    timings: Mapped[dict[str, float]] = mapped_column(JSON)
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)

    question: Mapped[Question] = relationship(back_populates="answer")
    sources: Mapped[list[AnswerSource]] = relationship(
        cascade="all, delete-orphan", order_by="AnswerSource.number"
    )


class AnswerSource(Base):
    """A clause as it stood when an answer cited it; ``digest`` is the SHA-256 of that text."""

    __tablename__ = "answer_sources"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(64), index=True)
    section: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    summary: Mapped[bool]
    in_force: Mapped[bool]
    digest: Mapped[str] = mapped_column(String(64))


class Feedback(Base):
    """What the asker said of an answer; saying it again replaces it."""

    __tablename__ = "feedback"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(20), default="")
    comment: Mapped[str] = mapped_column(SealedText, default="")
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)


class WorkKind(StrEnum):
    """Why an answer is on the editors' list. ``unsure``: given, though nothing fitted it well."""

    UNANSWERED = "unanswered"
    UNHELPFUL = "unhelpful"
    UNSURE = "unsure"


class Closing(StrEnum):
    """What came of a work item; an item that is closed without any of them, its asker took back."""

    DRAFT = "draft"
    GOLDEN = "golden"
    REMARK = "remark"


class WorkItem(Base):
    """An answer that editors should look at, why, and what came of it.

    ``topic`` is what the question was about, empty where none was found. ``instrument`` is the draft that
    closed it, ``golden`` the golden question in the form of a question file.
    """

    __tablename__ = "work_items"
    __table_args__ = (UniqueConstraint("answer_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    region: Mapped[str | None] = mapped_column(String(200), index=True)
    topic: Mapped[str] = mapped_column(String(64), default="", index=True)
    open: Mapped[bool] = mapped_column(default=True, index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    closing: Mapped[str] = mapped_column(String(10), default="")
    closed_by: Mapped[str] = mapped_column(String(100), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    remark: Mapped[str | None] = mapped_column(SealedText)
    instrument: Mapped[str] = mapped_column(String(64), default="")
    golden: Mapped[dict[str, object] | None] = mapped_column(SealedJSON)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    answer: Mapped[Answer] = relationship()
