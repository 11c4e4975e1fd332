"""The editors' work on what the public asked: what comes on the list, and what comes of it.

What the list says of a question is never more than the question itself: its personal data was masked
before it was stored. A golden question and a remark are an editor's own words, and are masked likewise.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reply import PERSON_WANTED
from portal import journal
from portal.database import now
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.golden.keeping import keep_from_work
from portal.golden.question import GoldenQuestion, to_json
from portal.policy import policy

from .models import Answer, Closing, WorkItem, WorkKind

REMARK = 500


class WorkDone(Problem):
    """Someone else has closed or reopened the item in the meantime."""

    slug = "work_moved"


def needs_look(session: Session, answer: Answer, region: str | None) -> None:
    """Puts a fresh answer on the list where there was none, or nothing that fitted well; who asked for a
    person misses no knowledge. The caller commits."""
    if answer.reason == PERSON_WANTED:
        return
    if answer.status == "abstained":
        kind = WorkKind.UNANSWERED
    elif answer.status == "answered" and answer.confidence < policy().unsure_below:
        kind = WorkKind.UNSURE
    else:
        return
    session.add(WorkItem(answer_id=answer.id, kind=kind.value, region=region, topic=topic_of(answer)))


def not_helpful(session: Session, answer: Answer, *, still: bool) -> None:
    """Puts an answer on the list that its asker found unhelpful; takes it off where the asker thought
    better of it. What an editor has closed stays closed. The caller commits."""
    item = session.scalar(
        select(WorkItem).where(WorkItem.answer_id == answer.id, WorkItem.kind == WorkKind.UNHELPFUL.value)
    )
    if item is None and still:
        region = answer.reply.get("region") or answer.question.region
        session.add(
            WorkItem(
                answer_id=answer.id,
                kind=WorkKind.UNHELPFUL.value,
                region=str(region) if region else None,
                topic=topic_of(answer),
            )
        )
    elif item is not None and not item.closing:
        item.open = still


def topic_of(answer: Answer) -> str:
    """What the question was about, as the assistant understood it; empty where it did not, or where the
    question was none for it."""
    topics = answer.memory.get("topics") if answer.reason != "out_of_scope" else ()
    return str(topics[0])[:64] if isinstance(topics, list | tuple) and topics else ""


def work_item(session: Session, number: int) -> WorkItem:
    """An item of the list; NotFound where there is none of that number."""
    item = session.get(WorkItem, number)
    if item is None:
        raise NotFound
    return item


def close_with_remark(session: Session, items: Iterable[WorkItem], remark: str, *, actor: str) -> None:
    """Closes items for a reason that needs no change of the knowledge."""
    from bot.personal_data import mask_personal_data

    remark = remark.strip()
    if not remark:
        raise FieldErrors(errors=[FieldError("remark", "required")])
    if len(remark) > REMARK:
        values = {"limit": REMARK, "length": len(remark)}
        raise FieldErrors(errors=[FieldError("remark", "too_long", values)])
    _close(session, items, Closing.REMARK, actor, remark=mask_personal_data(remark))


def close_with_draft(session: Session, items: Iterable[WorkItem], instrument: str, *, actor: str) -> None:
    """Closes items because a draft of this instrument will answer them."""
    _close(session, items, Closing.DRAFT, actor, instrument=instrument)


def close_with_golden(
    session: Session, items: Iterable[WorkItem], golden: GoldenQuestion, *, actor: str
) -> None:
    """Closes items because this golden question will watch over the answer from now on: it is kept with the
    others and asked of every next release. FieldErrors where it cannot be kept."""
    held = tuple(items)
    _need_open(held)
    row = keep_from_work(session, golden, actor=actor)
    _close(session, held, Closing.GOLDEN, actor, golden=to_json(row.value))


def reopen(session: Session, item: WorkItem, *, actor: str) -> None:
    """Puts an item back on the list; the journal keeps how it was closed."""
    if item.open:
        raise WorkDone
    was = item.closing
    item.open, item.closing, item.closed_by, item.closed_at = True, "", "", None
    item.remark, item.instrument, item.golden = None, "", None
    journal.append(session, actor, "question.reopened", f"work:{item.id}", {"was": was})
    session.commit()


def _need_open(items: tuple[WorkItem, ...]) -> None:
    if not items or not all(item.open for item in items):
        raise WorkDone


def _close(session: Session, items: Iterable[WorkItem], closing: Closing, actor: str, **kept: object) -> None:
    held = tuple(items)
    _need_open(held)
    moment = now()
    for item in held:
        item.open, item.closing, item.closed_by, item.closed_at = False, closing.value, actor, moment
        for name, value in kept.items():
            setattr(item, name, value)
    detail: dict[str, object] = {"closing": closing.value, "items": [item.id for item in held]}
    if "instrument" in kept:
        detail["instrument"] = kept["instrument"]
    journal.append(session, actor, "question.closed", f"work:{held[0].id}", detail)
    session.commit()
