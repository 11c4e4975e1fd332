"""Signing in and out, and keeping applications. Each act is one commit and one event of the journal."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts.case import PARTY
from portal.applications.models import Application
from portal.applications.numbers import read_number
from portal.database import now
from portal.documents.plain import one_line
from portal.policy import policy

from .models import KeptApplication, PartySession

MAX_NAME = 100
SEEN_EVERY = timedelta(minutes=1)


def sign_in(session: Session, subject: str, name: str) -> str:
    """A new session of the party; gives the key for its browser. Those that nobody can use are forgotten."""
    session.execute(delete(PartySession).where(PartySession.seen_at < now() - _idle()))
    key = secrets.token_urlsafe(32)
    session.add(PartySession(key_hash=_hash(key), subject=subject, name=one_line(name)[:MAX_NAME]))
    journal.append(session, PARTY, "party.signed_in", _named(subject))
    session.commit()
    return key


def sign_out(session: Session, entry: PartySession) -> None:
    """Ends the session: its key opens nothing any more, wherever a copy of it may be."""
    journal.append(session, PARTY, "party.signed_out", _named(entry.subject))
    session.delete(entry)
    session.commit()


def find_session(session: Session, key: str) -> PartySession | None:
    """The session with this key, unless it has ended; notes that it was used."""
    entry = session.scalar(select(PartySession).where(PartySession.key_hash == _hash(key)))
    if entry is None or not _lasts(entry, now()):
        return None
    if now() - entry.seen_at > SEEN_EVERY:
        entry.seen_at = now()
        session.commit()
    return entry


def keep(session: Session, subject: str, application: Application) -> bool:
    """Puts an application into 我的申请 of the party; False where it stands there already."""
    if kept(session, subject, application.number) is not None:
        return False
    session.add(KeptApplication(subject=subject, application_id=application.id))
    detail = {"application": application.number}
    try:
        journal.append(session, PARTY, "party.kept", _named(subject), detail)
        session.commit()
    except IntegrityError:  # the same click twice at once: the other one put it there
        session.rollback()
        return False
    return True


def kept(session: Session, subject: str, number: str) -> Application | None:
    """The application of this number, if it stands in 我的申请 of the party."""
    wanted = (
        select(Application)
        .join(KeptApplication, KeptApplication.application_id == Application.id)
        .where(KeptApplication.subject == subject, Application.number == read_number(number))
    )
    return session.scalar(wanted)


def all_kept(session: Session, subject: str) -> tuple[Application, ...]:
    """我的申请, the latest first."""
    wanted = (
        select(Application)
        .join(KeptApplication, KeptApplication.application_id == Application.id)
        .where(KeptApplication.subject == subject)
        .order_by(Application.id.desc())
    )
    return tuple(session.scalars(wanted))


def _named(subject: str) -> str:
    """How the journal names a party: by part of a hash that leads to nobody without the portal's key."""
    return f"party:{subject[:16]}"


def _lasts(entry: PartySession, at: datetime) -> bool:
    longest = entry.started_at + timedelta(hours=policy().party_sign_in_hours)
    return at < min(entry.seen_at + _idle(), longest)


def _idle() -> timedelta:
    return timedelta(minutes=policy().party_session_minutes)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
