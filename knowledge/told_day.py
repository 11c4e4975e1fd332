"""A calendar day as it was told: exactly, or only by its month or its year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A day with what of it was told; ``earliest`` and ``latest`` are the days that it can be.

    ValueError where the calendar has no such day, or where a day is told without its month.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day of no month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, day: date) -> ToldDay:
        return cls(day.year, day.month, day.day)

    @classmethod
    def read(cls, text: str) -> ToldDay:
        """What ``str`` wrote: 2025, 2025-06 or 2025-06-30. ValueError where it is none of these."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"not a day: {text}")
        return cls(*(int(part) if part else None for part in found.groups()))  # type: ignore[arg-type]

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = (f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None))
        return "-".join(parts)
