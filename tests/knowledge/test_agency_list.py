"""A list as an agency makes it: imprint in merged rows, a header of two lines, broken lines in cells."""

from datetime import date

import pytest

from knowledge.parse.list_edition import list_edition
from knowledge.parse.table import parse_list
from knowledge.predicate import Corrected, FirstOffence, Term

from .workbooks import saved, sheet

HEAD = ("序号", "违法行为", "法律依据", None, "适用条件", None, "裁量基准")
PARTS = (None, None, "违反条款", "处罚条款", "首次违法", "具体情形", None)
ROW = (
    1,
    "在人行道上\n擅自堆放物品",
    "某条例第五条",
    "某条例第九条",
    "同一当事人一年内首次",
    "责令改正的3日内清理到位",
    "占用不足2平方米的，处五十元以下罚款",
)


@pytest.fixture
def parsed():
    around = [("某区市容免罚清单（2026年版）",), ("制定机关：某区城市管理局　　文号：某城管〔2025〕36号",)]
    notes = [("说明：本清单自2026年1月1日起施行。",), ("某区城市管理局　2025年12月20日印发",)]
    book, page = sheet([*around, HEAD, PARTS, ROW, *notes])
    for merged in ("A1:G1", "A2:G2", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "A6:G6", "A7:G7"):
        page.merge_cells(merged)
    return parse_list(saved(book), "清单.xlsx")


def test_the_second_line_of_a_header_is_no_item_and_splits_what_spans_columns(parsed):
    (item,) = parsed.items
    assert item.violation_basis == "某条例第五条"
    assert item.penalty_basis == "某条例第九条"
    assert item.benchmark == "占用不足2平方米的，处五十元以下罚款"


def test_a_line_that_a_narrow_cell_breaks_is_one_line_again(parsed):
    assert parsed.items[0].matter == "在人行道上擅自堆放物品"


def test_conditions_under_a_heading_of_any_name_are_typed(parsed):
    first, corrected = (condition.predicate for condition in parsed.items[0].conditions)
    assert isinstance(first, FirstOffence)
    assert first.window_months == 12
    assert isinstance(corrected, Corrected)
    assert (corrected.term, corrected.days) == (Term.WITHIN_DAYS, 3)


def test_the_lines_around_the_table_say_who_issued_it_when_and_under_which_number(parsed):
    edition = list_edition(parsed, {"id": "x"})
    assert edition.issuer == "某区城市管理局"
    assert edition.document_number == "某城管〔2025〕36号"
    assert edition.issued_on == date(2025, 12, 20)
    assert edition.in_force_from == date(2026, 1, 1)
