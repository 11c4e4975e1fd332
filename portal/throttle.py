"""So many questions a minute from one address, counted over all workers of this machine (or in Redis)."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from .errors import TooMany
from .keys import Keyring
from .settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
SWEEP_EVERY = 500


class FileStorage(Storage):
    """Counters in one small SQLite file that the workers of a machine share; losing it costs nothing."""

    STORAGE_SCHEME = None

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened_by = 0
        self._writes = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        at = time.time()
        with self._lock:
            connection = self._open()
            self._writes += 1
            if self._writes % SWEEP_EVERY == 0:
                connection.execute("DELETE FROM counters WHERE expires <= ?", (at,))
            row = connection.execute(
                "INSERT INTO counters (key, count, expires) VALUES (:key, :amount, :until)"
                " ON CONFLICT (key) DO UPDATE SET"
                " count = CASE WHEN expires <= :at THEN :amount ELSE count + :amount END,"
                " expires = CASE WHEN expires <= :at THEN :until ELSE expires END RETURNING count",
                {"key": key, "amount": amount, "until": at + expiry, "at": at},
            ).fetchone()
        return int(row[0])

    def get(self, key: str) -> int:
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        return float(self._row(key)[1])

    def check(self) -> bool:
        with self._lock:
            return bool(self._open().execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        with self._lock:
            return self._open().execute("DELETE FROM counters").rowcount

    def clear(self, key: str) -> None:
        with self._lock:
            self._open().execute("DELETE FROM counters WHERE key = ?", (key,))

    def _row(self, key: str) -> tuple[int, float]:
        at = time.time()
        with self._lock:
            row = (
                self._open()
                .execute("SELECT count, expires FROM counters WHERE key = ? AND expires > ?", (key, at))
                .fetchone()
            )
        return row or (0, at)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._opened_by != os.getpid():  # never across a fork
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self._path, timeout=5, isolation_level=None, check_same_thread=False
            )
            self._opened_by = os.getpid()
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS counters (key TEXT PRIMARY KEY, count INTEGER, expires REAL)"
            )
        return self._connection


class Throttle:
    """Counts the questions of each address; addresses are kept only as keyed fingerprints."""

    def __init__(self, storage: Storage, per_minute: int, secret: str) -> None:
        self._limiter = FixedWindowRateLimiter(storage)
        self._item = RateLimitItemPerMinute(per_minute)
        self._secret = secret

    def take(self, address: str) -> None:
        """Counts one question; raises TooMany when the address has used up its minute."""
        key = self._key(address)
        if not self._limiter.hit(self._item, "questions", key):
            reset, _remaining = self._limiter.get_window_stats(self._item, "questions", key)
            seconds = max(1, min(60, round(reset - time.time() + 0.5)))
            raise TooMany(retry_after=seconds, seconds=seconds)

    def count(self, what: str, address: str, limit: int, minutes: int) -> None:
        """Counts one thing of the kind ``what`` against the address; it is never refused here."""
        self._limiter.hit(RateLimitItemPerMinute(limit, minutes), what, self._key(address))

    def spent(self, what: str, address: str, limit: int, minutes: int) -> bool:
        """True while the address has used up its ``limit`` of ``what``."""
        return not self._limiter.test(RateLimitItemPerMinute(limit, minutes), what, self._key(address))

    def _key(self, address: str) -> str:
        return hashlib.sha256(f"{self._secret}\n{_network(address)}".encode()).hexdigest()[:24]


def join_throttle(app: Flask, settings: Settings, keyring: Keyring) -> None:
    storage: Storage = (
        RedisStorage(settings.redis_url) if settings.redis_url else FileStorage(settings.data / "rate.db")
    )
    app.extensions["rouwen.throttle"] = Throttle(storage, settings.rate, keyring.secret_key)


def limit_questions(view: View) -> View:
    """Lets a view through only while the caller's address may still ask."""

    @wraps(view)
    def limited(*args: object, **kwargs: object) -> object:
        throttle: Throttle = current_app.extensions["rouwen.throttle"]
        throttle.take(request.remote_addr or "")
        return view(*args, **kwargs)

    return cast(View, limited)


def _network(address: str) -> str:
    """The address itself; of IPv6 the /64 that one subscriber holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "local"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
