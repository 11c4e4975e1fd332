"""Days are taken as people write them, where they can mean one day alone."""

from __future__ import annotations

from datetime import date

import pytest

from portal.bodies import read_day, typed_day
from portal.days import written_day, written_parts
from portal.errors import FieldErrors
from portal.library.details import ImportRefusedError, read_details

WRITTEN = (
    "2025-03-01",
    "2025-3-1",
    "2025年3月1日",
    "2025年03月01日",
    " 2025 年 3 月 1 日 ",
    "2025年3月1号",
    "2025.3.1",
    "2025.03.01",
    "2025/3/1",
    "２０２５．３．１",
    "20250301",
)
NO_DAY = (
    "25-3-1",
    "3/1/2025",
    "1.3.2025",
    "2025-3/1",
    "2025年3.1",
    "2025 3 1",
    "2025年13月1日",
    "2025-02-30",
    "2025331",
    "去年",
    "2025-3-1起",
    "٢٠٢٥-٠٣-٠١",
)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_day_is_taken_as_people_write_it(text: str):
    assert written_day(text) == date(2025, 3, 1)
    assert typed_day(text, "held_on") == date(2025, 3, 1)
    assert read_details({"issued_on": text}).issued_on == date(2025, 3, 1)


@pytest.mark.parametrize("text", NO_DAY)
def test_what_can_mean_more_or_less_than_one_day_is_refused_at_its_field(text: str):
    with pytest.raises(FieldErrors) as refused:
        typed_day(text, "held_on")
    assert [(error.field, error.word) for error in refused.value.errors] == [("held_on", "date")]
    with pytest.raises(ImportRefusedError, match="发布日期"):
        read_details({"issued_on": text})


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_day_is_no_mistake(text: str | None):
    assert typed_day(text, "held_on") is None


@pytest.mark.parametrize("text", ["2025年3月", "2025-3", "2025.3", "2025/03"])
def test_a_month_is_no_whole_day_but_a_detail_may_be_one(text: str):
    assert written_parts(text) == (2025, 3, None)
    with pytest.raises(FieldErrors):
        typed_day(text, "held_on")
    told = read_details({"in_force_from": text, "in_force_to": text})
    assert (told.in_force_from, told.in_force_to) == (date(2025, 3, 1), date(2025, 3, 31))


@pytest.mark.parametrize("text", ["2025年3月1日", "2025/3/1", "20250301"])
def test_the_interface_takes_a_day_in_the_one_writing_that_it_publishes(text: str):
    with pytest.raises(FieldErrors):
        read_day(text)
