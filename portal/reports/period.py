"""The time that a report covers: a month or a year of the calendar in China. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from portal.calendar import CHINA

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or the whole year where ``month`` is 0."""

    year: int
    month: int = 0

    @classmethod
    def of(cls, args: Mapping[str, str], day: date) -> Period:
        """The one that an address asks for. What cannot be meant, or has not begun by ``day``, counts as not
        asked: that is the month of ``day``."""
        year, month = _number(args.get("year", "")), _number(args.get("month", "0") or "0")
        known = year is not None and month is not None and year >= FIRST_YEAR and month <= 12
        asked = cls(year or 0, month or 0) if known else None
        begun = asked is not None and (asked.year, asked.month) <= (day.year, day.month)
        return asked if asked is not None and begun else cls(day.year, day.month)

    @property
    def since(self) -> datetime:
        """Where the year begins: a report of a month tells the year up to it as well."""
        return _midnight(date(self.year, 1, 1))

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        if self.month in (0, 12):
            return _midnight(date(self.year + 1, 1, 1))
        return _midnight(date(self.year, self.month + 1, 1))

    @property
    def begins(self) -> datetime:
        """Its own first moment."""
        return _midnight(date(self.year, self.month or 1, 1))

    def months(self, day: date) -> tuple[int, ...]:
        """The months of the year that it reaches, up to the one of ``day``."""
        last = self.month or (day.month if self.year == day.year else 12)
        return tuple(range(1, last + 1))

    def address(self) -> dict[str, int]:
        """As the arguments of an address."""
        return {"year": self.year, "month": self.month}


def month_of(moment: datetime) -> int:
    """In which month something happened, by the clock of China."""
    return moment.astimezone(CHINA).month


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
