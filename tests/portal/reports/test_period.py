"""Which time a report covers: by the calendar of China, and nothing that has not begun."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.calendar import CHINA
from portal.reports.period import Period, month_of

DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("args", "period"),
    [
        ({}, Period(2026, 11)),
        ({"year": "2026", "month": "3"}, Period(2026, 3)),
        ({"year": "2025", "month": "12"}, Period(2025, 12)),
        ({"year": "2026"}, Period(2026)),
        ({"year": "2026", "month": "0"}, Period(2026)),
        ({"year": "2025", "month": ""}, Period(2025)),
    ],
)
def test_a_month_or_a_year_is_asked_for(args: dict[str, str], period: Period):
    assert Period.of(args, DAY) == period


@pytest.mark.parametrize(
    "args",
    [
        {"year": "2026", "month": "12"},
        {"year": "2027"},
        {"year": "2026", "month": "13"},
        {"year": "二零", "month": "1"},
        {"year": "1999"},
        {"year": "２０２６"},
        {"month": "3"},
        {"year": "-1", "month": "1"},
        {"year": "99999999999999999999"},
    ],
)
def test_what_cannot_be_meant_or_has_not_begun_is_this_month(args: dict[str, str]):
    assert Period.of(args, DAY) == Period(2026, 11)


def test_a_month_ends_at_midnight_in_china():
    november = Period(2026, 11)
    assert november.begins == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert november.until == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert november.since == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert Period(2026, 12).until == Period(2026).until == datetime(2027, 1, 1, tzinfo=CHINA)
    assert month_of(datetime(2026, 10, 31, 16, 30, tzinfo=UTC)) == 11


def test_a_year_goes_as_far_as_it_has_come():
    assert Period(2026).months(DAY) == tuple(range(1, 12))
    assert Period(2025).months(DAY) == tuple(range(1, 13))
    assert Period(2026, 3).months(DAY) == (1, 2, 3)
