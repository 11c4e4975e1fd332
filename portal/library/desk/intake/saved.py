"""Imports that became drafts: their address still says so, to whoever brought them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from .models import PendingImport, SavedImport


def remember_saved(session: Session, pending: PendingImport, instrument: str) -> None:
    """Keeps what became of an import; the caller commits."""
    saved = SavedImport(
        number=pending.id, owner=pending.owner, instrument=instrument, title=pending.title or pending.name
    )
    session.merge(saved)


def saved_import(session: Session, number: int, *, owner: str) -> SavedImport | None:
    """What became of one's own import; None where it is another's, or too long ago."""
    return session.get(SavedImport, (number, owner))


def forget_saved(session: Session, pending: PendingImport) -> None:
    """A number that came into use again means the new import alone; the caller commits."""
    session.execute(
        delete(SavedImport).where(SavedImport.number == pending.id, SavedImport.owner == pending.owner)
    )


def drop_saved(session: Session, before: datetime) -> int:
    """Lets go of what was saved before a moment; how many those were. The caller commits."""
    old = SavedImport.saved_at < before
    count = session.scalar(select(func.count()).select_from(SavedImport).where(old)) or 0
    if count:
        session.execute(delete(SavedImport).where(old))
    return count
