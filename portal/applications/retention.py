"""How long what a party stated is kept before it may have it deleted: data (``retention.json``). Pure.

Months count from the day the case was closed. A draft was never handed in and may go at once; a case file
is evidence of how an authority acted and is kept longer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from portal.calendar import CHINA

from .lifecycle import State
from .models import Application

_FILE = Path(__file__).with_name("retention.json")


def months_kept(state: State) -> int | None:
    """For how many months a case of this state is kept; None for one that is open."""
    return _months().get(state)


def erasable_on(application: Application) -> date | None:
    """From which day the party may have its data deleted; None where there is no such day yet."""
    months = months_kept(State(application.state))
    if months is None:
        return None
    since = application.closed_at or application.touched_at
    return add_months(since.astimezone(CHINA).date(), months)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@cache
def _months() -> Mapping[str, int]:
    months: Mapping[str, int] = json.loads(_FILE.read_text("utf-8"))["months"]
    return months
