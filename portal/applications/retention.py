"""How long what a party stated is kept before it may have it deleted; the months are data. Pure.

Months count from the day the case was closed. A draft was never handed in and may go at once; a case file
is evidence of how an authority acted and is kept longer.
"""

from __future__ import annotations

from datetime import date

from portal.calendar import CHINA

from .handling import handling
from .models import Application


def erasable_on(application: Application) -> date | None:
    """From which day the party may have its data deleted; None where there is no such day yet."""
    months = handling().retention_months.get(application.state)
    if months is None:
        return None
    since = application.closed_at or application.touched_at
    return add_months(since.astimezone(CHINA).date(), months)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
