"""Working days and what is due when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.applications.deadlines import (
    DutyKind,
    Standing,
    Workdays,
    WorkdaysFileError,
    duties,
    read_workdays,
)
from portal.applications.lifecycle import State
from portal.applications.retention import add_months

DAYS = Workdays()


def test_the_national_day_is_no_working_day_and_the_saturday_after_it_is():
    assert DAYS.is_workday(date(2026, 10, 1)) == (False, True)
    assert DAYS.is_workday(date(2026, 10, 10)) == (True, True)
    assert DAYS.is_workday(date(2026, 11, 21)) == (False, True)


def test_a_period_begins_the_next_day_and_skips_what_is_not_worked():
    assert DAYS.after(date(2026, 9, 30), 1).on == date(2026, 10, 8)
    assert DAYS.after(date(2026, 11, 20), 5).on == date(2026, 11, 27)
    assert DAYS.after(date(2026, 11, 20), 0).on == date(2026, 11, 20)


def test_a_year_that_the_calendar_does_not_know_goes_by_weekdays_and_says_so():
    unknown = DAYS.after(date(2031, 3, 7), 1)
    assert (unknown.on, unknown.certain) == (date(2031, 3, 10), False)
    assert DAYS.after(date(2026, 3, 6), 1).certain


def test_what_an_agency_filled_in_goes_before_the_calendar(tmp_path: Path):
    file = tmp_path / "workdays.csv"
    file.write_text("# 本机关\n2031-03-10,rest\n2031-03-15,work\n\n2026-11-24,rest\n", encoding="utf-8")
    own = Workdays(own=read_workdays(file))
    assert own.after(date(2031, 3, 7), 5).on == date(2031, 3, 15)
    assert own.after(date(2031, 3, 7), 1).certain
    assert own.is_workday(date(2026, 11, 24)) == (False, True)
    assert read_workdays(tmp_path / "none.csv") == {}


@pytest.mark.parametrize("line", ["2031-3-10,rest", "2031-03-10,holiday", "2031-03-10", "x,work"])
def test_a_bad_line_of_the_file_is_named(tmp_path: Path, line: str):
    file = tmp_path / "workdays.csv"
    file.write_text(f"2031-03-08,rest\n{line}\n", encoding="utf-8")
    with pytest.raises(WorkdaysFileError, match="第 2 行"):
        read_workdays(file)


def test_days_between_count_both_ways():
    assert DAYS.between(date(2026, 11, 20), date(2026, 11, 24)) == 2
    assert DAYS.between(date(2026, 11, 24), date(2026, 11, 20)) == -2
    assert DAYS.between(date(2026, 11, 24), date(2026, 11, 24)) == 0


def test_without_a_promise_nothing_is_due():
    assert duties(Standing(State.SUBMITTED, submitted_on=date(2026, 11, 2)), DAYS) == ()


def test_what_is_due_depends_on_how_the_case_stands():
    monday = date(2026, 11, 2)
    found = {
        "submitted": duties(Standing(State.SUBMITTED, monday, accept_days=5), DAYS),
        "accepted": duties(Standing(State.ACCEPTED, monday, monday, date(2026, 11, 4), None, 5, 10), DAYS),
        "rated": duties(Standing(State.CONCLUDED, poorly_rated_on=monday), DAYS),
        "closed": duties(Standing(State.WITHDRAWN, monday, monday, date(2026, 11, 4), None, 5, 10), DAYS),
    }
    said = {name: [(d.kind, d.due.on.day, d.ours) for d in due] for name, due in found.items()}
    assert said == {
        "submitted": [(DutyKind.ACCEPT, 9, True)],
        "accepted": [(DutyKind.CORRECTION, 4, False), (DutyKind.CONCLUDE, 16, True)],
        "rated": [(DutyKind.RATING, 23, True)],
        "closed": [],
    }


def test_a_day_is_overdue_only_once_it_has_passed():
    (duty,) = duties(Standing(State.SUBMITTED, date(2026, 11, 2), accept_days=5), DAYS)
    assert not duty.overdue(date(2026, 11, 9))
    assert duty.overdue(date(2026, 11, 10))
    assert duty.days_left(DAYS, date(2026, 11, 6)) == 1


def test_months_end_on_the_last_day_where_the_day_is_not_there():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 15), -24) == date(2024, 1, 15)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
