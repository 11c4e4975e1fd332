"""Repeated POSTs: the same ``Idempotency-Key`` and body get the same reply, and are done once."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, String, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from .database import Base, Moment, SealedJSON, now
from .errors import FieldError, FieldErrors, InProgress, KeyReused

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
FORM = re.compile(r"[\x21-\x7e]{1,64}")


class IdempotencyKey(Base):
    """A POST that a caller may safely repeat. ``key`` is a fingerprint of route and key."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    reply: Mapped[dict[str, object] | None] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Claim:
    """A key taken for one request, or the reply that it already has. Used with ``with``, it is freed
    when the request fails, so that a repetition is tried anew."""

    def __init__(self, session: Session, key: str | None, reply: dict[str, Any] | None = None) -> None:
        self._session = session
        self._key = key
        self.reply = reply

    def settle(self, reply: dict[str, Any]) -> None:
        """Keeps the reply for whoever repeats the request."""
        if self._key is not None:
            self.keep(reply)
            self._session.commit()

    def keep(self, reply: dict[str, Any]) -> None:
        """The same within a transaction that the caller commits: the reply stands or falls with the act."""
        if self._key is not None:
            self._session.execute(
                update(IdempotencyKey).where(IdempotencyKey.key == self._key).values(status=200, reply=reply)
            )

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None and self._key is not None:
            self._session.rollback()
            self._session.execute(delete(IdempotencyKey).where(IdempotencyKey.key == self._key))
            self._session.commit()


def claim(session: Session, key: str | None, route: str, body: object) -> Claim:
    """Takes ``key`` for this request; without a key there is nothing to take.

    Raises KeyReused when it was used with another body, InProgress while the first request runs.
    """
    if key is None:
        return Claim(session, None)
    if not FORM.fullmatch(key):
        raise FieldErrors(errors=[FieldError("Idempotency-Key", "idempotency_key")])
    fingerprint = hashlib.sha256(f"{route}\n{key}".encode()).hexdigest()
    text = json.dumps(body, ensure_ascii=True, sort_keys=True)
    body_hash = hashlib.sha256(text.encode()).hexdigest()
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.made_at < now() - KEPT))
    session.add(IdempotencyKey(key=fingerprint, body_hash=body_hash))
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        return _seen(session, fingerprint, body_hash)
    return Claim(session, fingerprint)


def _seen(session: Session, fingerprint: str, body_hash: str) -> Claim:
    row = session.scalar(select(IdempotencyKey).where(IdempotencyKey.key == fingerprint))
    if row is None:  # given up in this very moment
        raise InProgress(retry_after=1)
    if row.body_hash != body_hash:
        raise KeyReused
    if row.reply is not None:
        return Claim(session, fingerprint, row.reply)
    taken = session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.key == fingerprint, IdempotencyKey.made_at < now() - ABANDONED)
        .where(IdempotencyKey.status.is_(None))
        .values(made_at=now())
    )
    session.commit()
    assert isinstance(taken, CursorResult)
    if not taken.rowcount:
        raise InProgress(retry_after=2)
    return Claim(session, fingerprint)
