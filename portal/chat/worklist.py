"""The editors' list as it is looked through: filtered, grouped by topic and region, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.policy import policy

from .models import Answer, Feedback, Question, WorkItem, WorkKind

STATES = ("open", "closed", "all")
KINDS = ("all", *(kind.value for kind in WorkKind))
NONE = "-"
"""In an address, in place of a region or topic: items without one."""
SHOWN = 70


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for in the address; an empty region or topic means any."""

    state: str = "open"
    kind: str = "all"
    region: str = ""
    topic: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filters:
        """Whatever cannot be meant counts as not asked."""
        state, kind, page = args.get("state", ""), args.get("kind", ""), args.get("page", "1")
        return cls(
            state if state in STATES else "open",
            kind if kind in KINDS else "all",
            args.get("region", "").strip()[:200],
            args.get("topic", "").strip()[:64],
            max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )

    def address(self, **changes: object) -> dict[str, object]:
        """As the arguments of an address, without what is as it would be anyway."""
        usual = Filters()
        values = {name: getattr(self, name) for name in ("state", "kind", "region", "topic", "page")}
        return {n: v for n, v in {**values, **changes}.items() if v != getattr(usual, n)}


@dataclass(frozen=True, slots=True)
class Group:
    """The items on one topic in one region: how many of each kind."""

    topic: str
    region: str | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list; ``reason`` is what the asker said of an unhelpful answer."""

    item: WorkItem
    question: str
    reason: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    total: int
    number: int
    last: bool


def groups(session: Session, filters: Filters) -> tuple[Group, ...]:
    """What the filters ask for by topic and region, the largest group first."""
    counted = session.execute(
        select(WorkItem.topic, WorkItem.region, WorkItem.kind, func.count())
        .where(*_conditions(filters))
        .group_by(WorkItem.topic, WorkItem.region, WorkItem.kind)
    )
    held: dict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
    for topic, region, kind, count in counted:
        held[topic, region][kind] = count
    found = (Group(topic, region, counts) for (topic, region), counts in held.items())
    return tuple(sorted(found, key=lambda group: (-group.total, group.topic, group.region or "")))


def choices(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regions and the topics that items have, for the filters."""
    regions = session.scalars(select(WorkItem.region).where(WorkItem.region.is_not(None)).distinct())
    topics = session.scalars(select(WorkItem.topic).where(WorkItem.topic != "").distinct())
    return tuple(sorted(r for r in regions if r)), tuple(sorted(topics))


def work_page(session: Session, filters: Filters) -> Page:
    """The page of the list that the filters ask for, the latest first."""
    conditions, size = _conditions(filters), policy().work_page
    total = session.scalar(select(func.count()).select_from(WorkItem).where(*conditions)) or 0
    start = (filters.page - 1) * size
    found = session.execute(
        select(WorkItem, Feedback.reason)
        .join(WorkItem.answer)
        .join(Answer.question)
        .join(Feedback, Feedback.answer_id == WorkItem.answer_id, isouter=True)
        .where(*conditions)
        .options(contains_eager(WorkItem.answer).contains_eager(Answer.question))
        .order_by(WorkItem.id.desc())
        .limit(size)
        .offset(start)
    )
    lines = tuple(_line(item, reason) for item, reason in found)
    return Page(lines, total, filters.page, start + size >= total)


def alike(session: Session, item: WorkItem, most: int = 20) -> tuple[Line, ...]:
    """Other open items on the same topic in the same region, or on the same answer."""
    same = (WorkItem.topic == item.topic) & (
        WorkItem.region.is_(None) if item.region is None else WorkItem.region == item.region
    )
    wanted = (
        (same | (WorkItem.answer_id == item.answer_id))
        if item.topic
        else (WorkItem.answer_id == item.answer_id)
    )
    found = session.execute(
        select(WorkItem, Feedback.reason)
        .join(WorkItem.answer)
        .join(Answer.question)
        .join(Feedback, Feedback.answer_id == WorkItem.answer_id, isouter=True)
        .where(WorkItem.open, WorkItem.id != item.id, wanted)
        .options(contains_eager(WorkItem.answer).contains_eager(Answer.question))
        .order_by(WorkItem.id.desc())
        .limit(most)
    )
    return tuple(_line(other, reason) for other, reason in found)


def earlier(session: Session, question: Question, most: int = 6) -> tuple[str, ...]:
    """What was asked before in the same conversation, the first of it first."""
    rows = session.scalars(
        select(Question)
        .where(Question.conversation_id == question.conversation_id, Question.id < question.id)
        .order_by(Question.id.desc())
        .limit(most)
    )
    return tuple(masked(row.text) for row in rows)[::-1]


def masked(text: str) -> str:
    """Personal data masked once more: the rules may have learned since the text was stored."""
    from bot.personal_data import mask_personal_data

    return mask_personal_data(text)


def _conditions(filters: Filters) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = []
    if filters.state != "all":
        found.append(WorkItem.open.is_(filters.state == "open"))
    if filters.kind != "all":
        found.append(WorkItem.kind == filters.kind)
    if filters.region:
        none = filters.region == NONE
        found.append(WorkItem.region.is_(None) if none else WorkItem.region == filters.region)
    if filters.topic:
        found.append(WorkItem.topic == ("" if filters.topic == NONE else filters.topic))
    return tuple(found)


def _line(item: WorkItem, reason: str | None) -> Line:
    question = item.answer.question
    text = " ".join(masked(question.text).split())
    short = text[:SHOWN] + ("…" if len(text) > SHOWN else "")
    unhelpful = item.kind == WorkKind.UNHELPFUL.value
    return Line(item, short, (reason or "") if unhelpful else "", question.asked_at)
