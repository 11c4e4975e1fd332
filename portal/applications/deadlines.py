"""Working days and what is due when: pure, but for the file of days that an agency may fill in.

State Council holidays and the working weekends around them (调休) come from a maintained library. For a
year it does not know yet, weekdays count, and whoever shows the date says so; an agency can fill in the
days itself (``workdays.csv`` in the data folder: ``2027-02-06,work`` or ``2027-02-08,rest``).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from portal.calendar import CHINA
from portal.settings import SettingsError

from .handling import handling
from .lifecycle import State
from .models import AgencyTerms, Application

if TYPE_CHECKING:
    from .workday_file import WorkdayFile

ONE_DAY = timedelta(days=1)
FILE_NAME = "workdays.csv"


class WorkdaysFileError(SettingsError):
    """The file of working days cannot be read; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which something is due. ``certain`` is False where the holidays of a year were not known."""

    on: date
    certain: bool = True


Calendar = Callable[[date], bool | None]
"""Whether a day is a working day; None where the calendar does not know that year."""


def current_workdays() -> Workdays:
    """The working days of this portal."""
    kept: WorkdayFile = current_app.extensions["rouwen.workdays"]
    return kept.workdays()


def state_council(day: date) -> bool | None:
    """The calendar of the State Council, as far as the library has it."""
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return None


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked. ``own`` is what the agency filled in, and goes before the calendar."""

    calendar: Calendar = state_council
    own: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> tuple[bool, bool]:
        """Whether the day is worked, and whether that is known rather than read off the day of the week."""
        if day in self.own:
            return self.own[day], True
        told = self.calendar(day)
        if told is not None:
            return told, True
        return day.weekday() < 5, any(filled.year == day.year for filled in self.own)

    def after(self, start: date, days: int) -> Due:
        """The last of ``days`` working days; the day after ``start`` is the first that may count."""
        day, left, certain = start, days, True
        while left > 0:
            day += ONE_DAY
            worked, known = self.is_workday(day)
            left -= worked
            certain &= known
        return Due(day, certain)

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to ``end``; negative where ``end`` came first."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day)[0] for day in days)


def read_workdays(path: Path) -> dict[date, bool]:
    """The days that an agency filled in; none where there is no file. WorkdaysFileError names a bad line."""
    if not path.exists():
        return {}
    days: dict[date, bool] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            if not row or row[0].startswith("#"):
                continue
            try:
                day, kind = date.fromisoformat(row[0].strip()), row[1].strip()
                days[day] = {"work": True, "rest": False}[kind]
            except (ValueError, KeyError, IndexError):
                raise WorkdaysFileError(
                    f"{path.name} 第 {number} 行应写成“2027-02-06,work”或“2027-02-08,rest”。"
                ) from None
    return days


class DutyKind(StrEnum):
    """What is due."""

    ACCEPT = "accept"
    CONCLUDE = "conclude"
    CORRECTION = "correction"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is due. ``ours`` is False where it is the party that owes it."""

    kind: DutyKind
    due: Due
    ours: bool = True

    def days_left(self, workdays: Workdays, today: date) -> int:
        """Working days until it is due, negative once it is overdue."""
        return workdays.between(today, self.due.on)

    def overdue(self, today: date) -> bool:
        return self.due.on < today


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which duties a case has; a day is None where nothing of the kind happened."""

    state: State
    submitted_on: date | None = None
    accepted_on: date | None = None
    correction_due: date | None = None
    poorly_rated_on: date | None = None
    accept_days: int | None = None
    conclude_days: int | None = None

    @classmethod
    def of(cls, application: Application, terms: AgencyTerms | None) -> Standing:
        return cls(
            State(application.state),
            _day(application.submitted_at),
            _day(application.accepted_at),
            application.correction_due,
            application.poorly_rated_on,
            terms.accept_days if terms else None,
            terms.conclude_days if terms else None,
        )


def duties(standing: Standing, workdays: Workdays) -> tuple[Duty, ...]:
    """What is due in a case, the earliest first. Where nobody promised a time, nothing is."""
    return tuple(sorted(_duties(standing, workdays), key=lambda duty: duty.due.on))


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(CHINA).date() if moment else None


def _duties(at: Standing, workdays: Workdays) -> Iterable[Duty]:
    if at.state is State.SUBMITTED and at.submitted_on and at.accept_days:
        yield Duty(DutyKind.ACCEPT, workdays.after(at.submitted_on, at.accept_days))
    if at.state is State.ACCEPTED and at.accepted_on and at.conclude_days:
        yield Duty(DutyKind.CONCLUDE, workdays.after(at.accepted_on, at.conclude_days))
    if at.state is State.ACCEPTED and at.correction_due:
        yield Duty(DutyKind.CORRECTION, Due(at.correction_due), ours=False)
    if at.state is State.CONCLUDED and at.poorly_rated_on:
        yield Duty(DutyKind.RATING, workdays.after(at.poorly_rated_on, handling().poor_rating_days))
