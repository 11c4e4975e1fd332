"""A day as people write it, such as 2025-03-01, 2025年3月1日, 2025.3.1; only what can mean one day alone."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_WRITTEN = (
    re.compile(r"([0-9]{4})\s*年(?:\s*([0-9]{1,2})\s*月(?:\s*([0-9]{1,2})\s*[日号])?)?"),
    re.compile(r"([0-9]{4})(?:\s*-\s*([0-9]{1,2})(?:\s*-\s*([0-9]{1,2}))?)?"),
    re.compile(r"([0-9]{4})\s*\.\s*([0-9]{1,2})(?:\s*\.\s*([0-9]{1,2}))?"),
    re.compile(r"([0-9]{4})\s*/\s*([0-9]{1,2})(?:\s*/\s*([0-9]{1,2}))?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)


def written_parts(text: str) -> tuple[int, int | None, int | None]:
    """Year, month and day of a day, a month or a year; ValueError for anything else, also two signs mixed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = next((match for written in _WRITTEN if (match := written.fullmatch(plain))), None)
    if found is None:
        raise ValueError("no day")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    return year, month, day


def written_day(text: str) -> date:
    """A whole day; ValueError for what is none, or no more than a month or a year."""
    year, month, day = written_parts(text)
    if month is None or day is None:
        raise ValueError("no whole day")
    return date(year, month, day)
