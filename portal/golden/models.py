"""Golden questions as they are kept, and what asking them of a next release showed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.database import Base, Moment, now

from .question import GoldenQuestion


class Source(StrEnum):
    """By which door a golden question came in."""

    PAGE = "page"
    FILE = "file"
    COMMAND_LINE = "command_line"
    WORK_LIST = "work_list"


class GoldenRow(Base):
    """One golden question. ``name`` is its id in a file; a retired one (``enabled`` False) is not asked.

    It holds no personal data: the acts refuse any, so that it can be exported as it stands.
    """

    __tablename__ = "golden_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    question: Mapped[str] = mapped_column(Text)
    history: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    region: Mapped[str | None] = mapped_column(String(200), index=True)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    style: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    expect: Mapped[str] = mapped_column(String(10))
    gold: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    must_say: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    must_not_say: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    enabled: Mapped[bool] = mapped_column(default=True, index=True)
    source: Mapped[str] = mapped_column(String(12))
    added_by: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_by: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def value(self) -> GoldenQuestion:
        """The question as the judge knows it."""
        return GoldenQuestion(
            id=self.name,
            question=self.question,
            region=self.region,
            kind=self.kind,
            expect=self.expect,
            gold=tuple((document, section) for document, section in self.gold),
            must_say=tuple(map(tuple, self.must_say)),
            must_not_say=tuple(self.must_not_say),
            turns=tuple((role, text) for role, text in self.history),
            lang=self.language,
            style=self.style,
            note=self.note,
        )

    def take(self, question: GoldenQuestion) -> None:
        """Becomes this question, its name apart."""
        self.question, self.region, self.note = question.question, question.region, question.note
        self.language, self.style, self.kind = question.lang, question.style, question.kind
        self.expect = question.expect
        self.gold = [list(pair) for pair in question.gold]
        self.must_say = [list(group) for group in question.must_say]
        self.must_not_say = list(question.must_not_say)
        self.history = [list(turn) for turn in question.turns]


class ReleaseCheck(Base):
    """What the golden questions showed of a release that was to be published.

    It speaks for exactly one content (``content``: editions and topics), against the release then in force
    (``release``), for the golden questions of then (``questions``), read by one index and embedding
    (``form``) and as of one day; a change of any of them leaves it behind. ``subjects`` are the pieces
    that would be published. ``outcomes`` are the questions of which there is something to tell, ``links``
    what would point nowhere. A second person's override is kept with it, and the release it led to.
    """

    __tablename__ = "release_checks"
    __table_args__ = (Index("ix_release_checks_content_on", "content", "on_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(64))
    release: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    questions: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(100))
    on: Mapped[date] = mapped_column("on_date")
    subjects: Mapped[list[str]] = mapped_column(JSON)
    titles: Mapped[list[str]] = mapped_column(JSON)
    asked: Mapped[int]
    passed_before: Mapped[int]
    passed: Mapped[int]
    falls: Mapped[int]
    changes: Mapped[int]
    outcomes: Mapped[list[dict[str, Any]]] = deferred(mapped_column(JSON, nullable=False))
    links: Mapped[list[dict[str, str]]] = deferred(mapped_column(JSON, nullable=False))
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    overridden_by: Mapped[str] = mapped_column(String(100), default="")
    override_reason: Mapped[str] = mapped_column(String(500), default="")
    overridden_at: Mapped[datetime | None] = mapped_column(Moment)
    led_to: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def share(self) -> float:
        """The share of the golden questions that the next release answers as they ask; 1 without any."""
        return self.passed / self.asked if self.asked else 1.0
