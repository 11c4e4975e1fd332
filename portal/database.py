"""The record: one engine a process, one session a request or act, and the column types of the portal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast

from flask import Flask, current_app, g
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, Text, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from .keys import Cipher

BUSY_TIMEOUT_MS = 5000


class Base(DeclarativeBase):
    """Every table of the portal; names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class _SealingDialect(Protocol):
    rouwen_cipher: Cipher


class SealedText(TypeDecorator[str]):
    """Text that the database only ever holds encrypted."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else cast(_SealingDialect, dialect).rouwen_cipher.seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else cast(_SealingDialect, dialect).rouwen_cipher.unseal(value)


class SealedJSON(TypeDecorator[Any]):
    """A JSON value that the database only ever holds encrypted."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401  any JSON value
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return cast(_SealingDialect, dialect).rouwen_cipher.seal(text)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401
        return (
            None if value is None else json.loads(cast(_SealingDialect, dialect).rouwen_cipher.unseal(value))
        )


class BlindIndex(TypeDecorator[str]):
    """An identifier that can be looked up and not read: the database holds a keyed hash of it.

    What is compared with it is hashed on the way in; what comes out is the hash.
    """

    impl = String
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(64)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else cast(_SealingDialect, dialect).rouwen_cipher.blind(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


class Database:
    """An engine and its sessions. Nothing is connected to until a session first needs it.

    ``info`` is what every session carries with it.
    """

    def __init__(self, url: str, cipher: Cipher) -> None:
        self.engine = _engine(url)
        cast(_SealingDialect, self.engine.dialect).rouwen_cipher = cipher
        self.info: dict[str, Any] = {}
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info=self.info)

    def open(self) -> Session:
        """A new session; the caller closes it."""
        return self._sessions()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for one act; what the act did not commit is rolled back."""
        with self._sessions() as session:
            yield session

    def after_fork(self) -> None:
        """Forgets the connections of the parent process, without closing them under it."""
        self.engine.dispose(close=False)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=16, max_overflow=16)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, pool_size=16, max_overflow=32
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def join_database(app: Flask, database: Database) -> None:
    """Gives each request of ``app`` its own session, made on first use and closed at its end."""
    app.extensions["rouwen.database"] = database

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()


def current_session() -> Session:
    """The session of this request."""
    if "session" not in g:
        database: Database = current_app.extensions["rouwen.database"]
        g.session = database.open()
    session: Session = g.session
    return session
