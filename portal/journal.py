"""全过程记录: an append-only log of events, each chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, String, event, select, update
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from .database import Base, Moment, now

GENESIS = "0" * 64
_UNSEEN = {"synchronize_session": False}
"""What the session holds need not be gone through: the head is read anew whenever it is used."""


class JournalEntry(Base):
    """One event: who did what to which subject. ``hash`` covers the entry and the hash before it."""

    __tablename__ = "journal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(100))
    act: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class JournalHead(Base):
    """The one row that says where the journal ends; taking it puts writers in line."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    last: Mapped[str] = mapped_column(String(64))


class JournalBrokenError(Exception):
    """The journal was changed after it was written; the message names the first entry that is wrong."""


def append(
    session: Session, actor: str, act: str, subject: str, detail: Mapping[str, object] | None = None
) -> JournalEntry:
    """Adds one event to the journal, in the act's own transaction: it stands or falls with the act."""
    session.execute(update(JournalHead).values(length=JournalHead.length + 1), execution_options=_UNSEEN)
    head = session.execute(select(JournalHead).execution_options(populate_existing=True)).scalar_one()
    entry = JournalEntry(
        number=head.length,
        at=now(),
        actor=actor,
        act=act,
        subject=subject,
        detail=dict(detail or {}),
        previous=head.last,
        hash="",
    )
    entry.hash = head.last = hash_of(entry)
    session.add(entry)
    session.flush()
    return entry


def length(session: Session) -> int:
    """How many events there are."""
    return session.scalar(select(JournalHead.length)) or 0


def stand_in_line(session: Session) -> None:
    """Takes this transaction's place among the writers: until it ends, no other appends an event."""
    session.execute(update(JournalHead).values(length=JournalHead.length), execution_options=_UNSEEN)


def verify(session: Session) -> int:
    """The number of entries, all of them unchanged; raises JournalBrokenError otherwise."""
    previous, count = GENESIS, 0
    for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.number)):
        count += 1
        if (entry.number, entry.previous, entry.hash) != (count, previous, hash_of(entry)):
            raise JournalBrokenError(f"记录第 {count} 条与其校验值不符，之后的记录不可信。")
        previous = entry.hash
    head = session.execute(select(JournalHead)).scalar_one()
    if (head.length, head.last) != (count, previous):
        raise JournalBrokenError(f"记录止于第 {count} 条，而登记的末条是第 {head.length} 条。")
    return count


def hash_of(entry: JournalEntry) -> str:
    """What the hash of an entry must be."""
    content = json.dumps(
        [
            entry.number,
            entry.at.isoformat(timespec="microseconds"),
            entry.actor,
            entry.act,
            entry.subject,
            entry.detail,
            entry.previous,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


@event.listens_for(JournalEntry, "before_update")
@event.listens_for(JournalEntry, "before_delete")
def _refuse_change(_mapper: Mapper[JournalEntry], _connection: object, _target: JournalEntry) -> None:
    raise JournalBrokenError("全过程记录只能追加，不能修改或删除。")
