"""The file of working days, ``workdays.csv`` in the data folder: read when it changed, filled in by year."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from portal.logs import log_failure

from .deadlines import Workdays, WorkdaysFileError, read_workdays

MOST_DAYS = 120
"""How many days of one sort a year can sensibly have to be said of it."""
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|—+|–|\s-\s)\s*")
_DAY = re.compile(r"([0-9]{4})[-年/.]([0-9]{1,2})[-月/.]([0-9]{1,2})日?")


class DaysError(ValueError):
    """A line of days that cannot be read, or says what cannot be; ``word`` names its wording."""

    def __init__(self, word: str, line: str) -> None:
        super().__init__(word)
        self.word, self.line = word, line


class WorkdayFile:
    """The working days of this portal. Every worker reads the file for itself, when it is new to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._days = Workdays()
        self._read(self._stamp())

    def workdays(self) -> Workdays:
        """As the file has them now; where someone broke it meanwhile, as it had them before."""
        if (stamp := self._stamp()) != self._seen:
            try:
                self._read(stamp)
            except WorkdaysFileError as broken:
                self._seen = stamp
                log_failure(broken)
        return self._days

    def fill(self, year: int, rest: Collection[date], work: Collection[date]) -> None:
        """Puts these days in place of what the file said of the year; the rest of it stays, comments too.

        WorkdaysFileError, and nothing changed, where someone else left a line in it that cannot be read.
        """
        read_workdays(self._path)
        kept = [line for line in self._lines() if not line.startswith(f"{year:04}-")]
        days = sorted([*((day, "rest") for day in rest), *((day, "work") for day in work)])
        lines = [*kept, *(f"{day.isoformat()},{kind}" for day, kind in days)]
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        try:
            draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)
        self._read(self._stamp())

    def _lines(self) -> list[str]:
        return self._path.read_text(encoding="utf-8-sig").splitlines() if self._path.exists() else []

    def _read(self, stamp: tuple[int, int] | None) -> None:
        self._days = Workdays(own=read_workdays(self._path))
        self._seen = stamp

    def _stamp(self) -> tuple[int, int] | None:
        try:
            told = self._path.stat()
        except FileNotFoundError:
            return None
        return told.st_mtime_ns, told.st_size


def read_days(typed: str, year: int) -> frozenset[date]:
    """Days as people type them, one or a range (2027年2月6日至2月12日, 2027-02-06 至 2027-02-12) a line.

    DaysError names the first line that is no day of this year.
    """
    found: set[date] = set()
    for line in filter(None, (part.strip() for part in re.split(r"[\n；;，,、]", typed))):
        ends = [_day(end, year, line) for end in _BETWEEN.split(line, maxsplit=1)]
        if ends[-1] < ends[0]:
            raise DaysError("workdays_order", line)
        found.update(ends[0] + timedelta(n) for n in range((ends[-1] - ends[0]).days + 1))
        if len(found) > MOST_DAYS:
            raise DaysError("workdays_many", line)
    return frozenset(found)


def said_days(days: Collection[date]) -> str:
    """Days as they are typed, those that follow each other as one range."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "\n".join(run[0].isoformat() + (f" 至 {run[-1].isoformat()}" if run[1:] else "") for run in runs)


def _day(text: str, year: int, line: str) -> date:
    """A day, with its year or without."""
    whole = text if re.match(r"[0-9]{4}[-年/.]", text) else f"{year}-{text}"
    parts = _DAY.fullmatch(whole)
    try:
        day = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise DaysError("workdays_unread", line)
    if day.year != year:
        raise DaysError("workdays_year", line)
    return day
