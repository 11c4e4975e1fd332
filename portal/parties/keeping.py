"""What a service says of itself, fetched when it is needed and kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from .identity import ServiceDown

KEPT_SECONDS = 3600
FAILED_SECONDS = 10
WAIT = 1.0


class Kept:
    """Something that is fetched when it is needed and kept for a while; that it failed is kept too, for a
    moment, and nobody waits long for another's attempt: a service that is down holds up no threads."""

    def __init__(self, fetch: Callable[[], dict[str, Any]]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._held: dict[str, Any] | None = None
        self._at = self._failed_at = -float("inf")

    def __call__(self, seconds: float = KEPT_SECONDS) -> dict[str, Any]:
        """What is not older than ``seconds``; ServiceDown where it cannot be had."""
        if not self._lock.acquire(timeout=WAIT):
            raise ServiceDown("others are waiting for it")
        try:
            if self._held is None or time.monotonic() - self._at > seconds:
                if time.monotonic() - self._failed_at < FAILED_SECONDS:
                    raise ServiceDown("it failed a moment ago")
                self._held = self._fetched()
                self._at = time.monotonic()
            return self._held
        finally:
            self._lock.release()

    def _fetched(self) -> dict[str, Any]:
        try:
            return self._fetch()
        except ServiceDown:
            self._failed_at = time.monotonic()
            raise
