"""The sessions of staff: kept in the database, so that they end when they are said to end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.database import now
from portal.policy import policy

from .models import Staff, StaffSession

SEEN_EVERY = timedelta(minutes=1)


class Stage(StrEnum):
    """What a sign-in still waits for."""

    CODE = "code"
    NEW_PASSWORD = "new_password"  # noqa: S105  the name of a stage
    SECOND_FACTOR = "second_factor"
    READY = "ready"


def stage_of(entry: StaffSession) -> Stage:
    if entry.staff.totp_secret and not entry.proven:
        return Stage.CODE
    if entry.staff.must_change_password:
        return Stage.NEW_PASSWORD
    return Stage.READY if entry.staff.totp_secret else Stage.SECOND_FACTOR


def open_entry(session: Session, staff: Staff) -> str:
    """A new session of ``staff``, in the transaction of the caller; gives the key for the browser."""
    _sweep(session)
    key = secrets.token_urlsafe(32)
    session.add(StaffSession(staff=staff, key_hash=_hash(key)))
    return key


def change_key(entry: StaffSession) -> str:
    """A new key for a session whose holder has shown more of who it is; the old key is worthless then."""
    key = secrets.token_urlsafe(32)
    entry.key_hash = _hash(key)
    return key


def find_entry(session: Session, key: str) -> StaffSession | None:
    """The session with this key, unless it has ended; notes that it was used."""
    entry = session.scalar(select(StaffSession).where(StaffSession.key_hash == _hash(key)))
    if entry is None or not entry.staff.active or not _lasts(entry, now()):
        return None
    if now() - entry.seen_at > SEEN_EVERY:
        entry.seen_at = now()
        session.commit()
    return entry


def end_entries(session: Session, staff: Staff, but: StaffSession | None = None) -> None:
    """Ends every session of ``staff``, except one, in the transaction of the caller."""
    ended = delete(StaffSession).where(StaffSession.staff_id == staff.id)
    session.execute(ended.where(StaffSession.id != but.id) if but else ended)


def _lasts(entry: StaffSession, at: datetime) -> bool:
    rules = policy().staff
    if stage_of(entry) is not Stage.READY:
        return at < entry.started_at + timedelta(minutes=rules.pending_minutes)
    idle = timedelta(minutes=rules.idle_minutes)
    return at < min(entry.seen_at + idle, entry.started_at + timedelta(hours=rules.session_hours))


def _sweep(session: Session) -> None:
    """Forgets the sessions that nobody can use any more."""
    rules, at = policy().staff, now()
    longest = max(timedelta(minutes=rules.idle_minutes), timedelta(minutes=rules.pending_minutes))
    session.execute(delete(StaffSession).where(StaffSession.seen_at < at - longest))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
