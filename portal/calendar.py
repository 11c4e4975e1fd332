"""Which day it is where the law applies."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")


def today() -> date:
    """The date in China, wherever the server stands."""
    return datetime.now(CHINA).date()
