"""Dates, sections and regions as people say them."""

from datetime import UTC, date, datetime

import pytest

from portal.phrasing import date_words, is_basis, moment_words, region_typed, region_words, section_words
from portal.wording import Language

ZH, EN = Language.CHINESE, Language.ENGLISH


def test_a_date_is_said_in_full():
    assert date_words(date(2026, 11, 2), ZH) == "2026年11月2日"
    assert date_words(date(2026, 11, 2), EN) == "2 November 2026"


def test_a_moment_is_told_by_the_clock_of_china():
    assert moment_words(datetime(2026, 11, 21, 23, 5, tzinfo=UTC), ZH) == "2026年11月22日 07:05"


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("二/（三）/3/（1）", "二、（三）3.（1）"),
        ("二/（三）/1", "二、（三）1"),
        ("一", "一"),
        ("第三十三条/第一款", "第三十三条第一款"),
        ("第三十二条/（一）", "第三十二条（一）"),
        ("12", "12"),
        ("前言", "前言"),
    ],
)
def test_a_section_is_said_as_it_is_printed(section, said):
    assert section_words(section) == said


def test_regions_are_said_from_the_province_down():
    assert region_words("河南省/平顶山市/湛河区", ZH) == "河南省 平顶山市 湛河区"
    assert region_words("全国", EN) == "nationwide (全国)"
    assert region_words(None, ZH) == ""


def test_a_region_is_typed_by_its_own_name_only_where_that_is_enough():
    assert region_typed("河南省/平顶山市/湛河区") == "湛河区"
    assert region_typed("江苏省/南京市/鼓楼区") == "江苏省 南京市 鼓楼区"
    assert region_typed("") == ""


def test_lines_that_name_or_quote_a_basis_are_told_from_those_that_answer():
    assert is_basis("依据：《某意见》二、（三）1")
    assert is_basis("原文：“当事人可以撤回。”")
    assert not is_basis("可以撤回。")
