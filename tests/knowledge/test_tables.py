"""Lists come in as agencies make them; what is hostile or broken gets one clear sentence."""

import csv
import io
import time
import zipfile
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.exemption import ListOutcome
from knowledge.parse.errors import UnreadableDocument
from knowledge.parse.header import column_named, outcome_in
from knowledge.parse.list_edition import list_edition
from knowledge.parse.table import parse_list
from knowledge.predicate import Corrected, FirstOffence, HarmIs
from knowledge.record import edition_from_json, edition_to_json
from tests import shared_folder

from .workbooks import HEADINGS, saved, sheet, with_part

ONE = (1, "未按规定悬挂标志", "某条例第五条", "初次违法；及时改正", "不予处罚", "批评教育")
TWO = (2, "未建立台账", "某条例第六条", "当场改正", "从轻处罚", "")
SHEET = "xl/worksheets/sheet1.xml"


def test_title_rows_above_and_notes_under_the_table_are_kept_apart():
    titles = [("某市轻微违法行为免罚清单",), ("（2024年版）",), ()]
    book, page = sheet([*titles, HEADINGS, ONE, TWO, (), ("注：本清单自2024年起施行",)])
    page.merge_cells("A1:F1")
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [i.number for i in parsed.items] == ["1", "2"]
    assert parsed.titles == ("某市轻微违法行为免罚清单", "（2024年版）")
    assert parsed.notes == ("注：本清单自2024年起施行",)


def test_columns_are_found_by_their_many_names():
    book, _ = sheet([HEADINGS, ONE])
    (item,) = parse_list(saved(book), "清单.xlsx").items
    assert item.matter == "未按规定悬挂标志"
    assert (item.penalty_basis, item.measures) == ("某条例第五条", "批评教育")
    assert item.outcome is ListOutcome.SHALL_BE_EXEMPT
    assert [c.predicate for c in item.conditions] == [FirstOffence(), Corrected()]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("序 号", "item_no"),
        ("事项名称", "matter"),
        ("违法行为\n（事项）", "matter"),
        ("违法依据", "violation_basis"),
        ("处罚依据（法律、法规、规章）", "penalty_basis"),
        ("免罚条件", "conditions"),
        ("适用情形", "conditions"),
        ("处理结果", "outcome"),
        ("裁量基准", "benchmark"),
        ("行政处罚裁量基准（幅度）", "benchmark"),
        ("处罚裁量", "outcome_or_benchmark"),
        ("裁量标准", "outcome_or_benchmark"),
        ("配套监管措施", "supporting_measures"),
        ("实施部门", "department"),
        ("轻微违法行为具体适用条件", "conditions"),
        ("领导签字", ""),
    ],
)
def test_headings_are_read_whatever_their_spelling(heading: str, column: str):
    assert column_named(heading) == column


def test_a_cell_shared_by_rows_counts_for_each_of_them():
    rows = [
        ("序号", "实施部门", "违法行为", "适用条件"),
        (1, "城管局", "甲", "及时改正"),
        (2, None, "乙", "当场改正"),
    ]
    book, page = sheet(rows)
    page.merge_cells("B2:B3")
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [i.department for i in parsed.items] == ["城管局", "城管局"]


def test_rows_that_share_one_matter_make_one_item_with_all_conditions():
    rows = [
        ("序号", "违法行为", "适用条件"),
        (1, "甲", "初次违法"),
        (None, None, "及时改正"),
        (2, "乙", "当场改正"),
    ]
    book, page = sheet(rows)
    page.merge_cells("A2:A3")
    page.merge_cells("B2:B3")
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [(i.number, len(i.conditions)) for i in parsed.items] == [("1", 2), ("2", 1)]
    assert any("请核对" in w for w in parsed.warnings)


def test_rows_of_one_matter_with_different_outcomes_stay_apart():
    rows = [
        ("序号", "违法行为", "适用条件", "处理结果"),
        (1, "甲", "没有造成危害后果", "不予处罚"),
        (None, None, "危害后果轻微", "从轻处罚"),
    ]
    book, page = sheet(rows)
    page.merge_cells("A2:A3")
    page.merge_cells("B2:B3")
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [(i.number, i.outcome.value) for i in parsed.items] == [("1", "不予处罚"), ("1-2", "从轻")]


def benchmarks(heading: str, *cells: str, outcome: str = "不予处罚") -> list[tuple[str, str]]:
    """The effect and the benchmark of items whose cells stand under a heading beside their effect."""
    head = ("序号", "违法行为", "适用条件", heading, "处理结果")
    rows = [(n, f"行为{n}", "及时改正", cell, outcome) for n, cell in enumerate(cells, 1)]
    parsed = parse_list(saved(sheet([head, *rows])[0]), "清单.xlsx")
    assert not any("未导入的列" in told for told in parsed.left_out)
    return [(item.outcome.value, item.benchmark) for item in parsed.items]


@pytest.mark.parametrize("heading", ["裁量基准", "处罚裁量基准", "处罚裁量", "裁量标准", "处罚标准"])
def test_what_the_benchmark_sets_is_kept_beside_the_effect(heading: str):
    fine = "处二百元以上一千元以下罚款"
    assert benchmarks(heading, fine, "") == [("不予处罚", fine), ("不予处罚", "")]


@pytest.mark.parametrize("heading", ["处罚裁量", "裁量标准", "处罚标准"])
def test_a_heading_that_may_mean_either_is_read_by_what_stands_under_it(heading: str):
    assert benchmarks(heading, "从轻处罚", "处二百元罚款", outcome="") == [
        ("从轻", ""),
        ("可以不予处罚", "处二百元罚款"),
    ]


def test_steps_of_a_benchmark_for_one_matter_are_joined():
    rows = [
        ("序号", "违法行为", "适用条件", "裁量基准"),
        (1, "甲", "及时改正", "一般：处二百元罚款"),
        (None, None, None, "严重：处一千元罚款"),
    ]
    book, page = sheet(rows)
    for area in ("A2:A3", "B2:B3", "C2:C3"):
        page.merge_cells(area)
    (item,) = parse_list(saved(book), "清单.xlsx").items
    assert item.benchmark == "一般：处二百元罚款；严重：处一千元罚款"
    assert len(item.conditions) == 1


def test_a_benchmark_goes_through_the_record_and_back():
    content = "序号,违法行为,适用条件,裁量基准\n1,乱贴广告,及时改正,处二百元罚款\n".encode()
    edition = list_edition(parse_list(content, "清单.csv"), {"id": "x"})
    assert edition.items[0].benchmark == "处二百元罚款"
    assert edition_from_json(edition_to_json(edition)) == edition


def test_a_heading_split_over_two_rows_is_read_as_both():
    rows = [
        ("序号", "违法行为", "法律依据", None, "适用条件"),
        (None, None, "违法依据", "处罚依据", None),
        (1, "甲", "第五条", "第六条", "及时改正"),
    ]
    book, page = sheet(rows)
    page.merge_cells("C1:D1")
    (item,) = parse_list(saved(book), "清单.xlsx").items
    assert (item.violation_basis, item.penalty_basis) == ("第五条", "第六条")


def test_section_rows_name_the_field_and_keep_numbers_unique():
    rows = [HEADINGS, ("一、市容环境领域（1项）",), ONE, ("二、消防领域（1项）",), ONE]
    book, page = sheet(rows)
    page.merge_cells("A2:F2")
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [(i.number, i.field) for i in parsed.items] == [("1", "市容环境领域"), ("二/1", "消防领域")]


def test_hidden_rows_columns_and_sheets_are_left_out_and_named():
    book, page = sheet([HEADINGS, ONE, TWO])
    page.row_dimensions[3].hidden = True
    page.column_dimensions["F"].hidden = True
    book.create_sheet("旧版").append(["作废"])
    book["旧版"].sheet_state = "hidden"
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [i.number for i in parsed.items] == ["1"]
    assert parsed.items[0].measures == ""
    text = "".join(parsed.left_out)
    assert "旧版" in text
    assert "第3行" in text
    assert "第6列" in text


def test_each_sheet_of_three_lists_gives_its_own_outcome():
    book, _ = sheet([("序号", "违法行为", "适用条件"), (1, "甲", "及时改正")], title="不予处罚")
    for title in ("从轻处罚", "减轻处罚"):
        other = book.create_sheet(title)
        other.append(["序号", "违法行为", "适用条件"])
        other.append([1, "乙", "主动消除危害后果"])
    book.create_sheet("填写说明").append(["请按格式填写"])
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [i.outcome.value for i in parsed.items] == ["不予处罚", "从轻", "减轻"]
    assert len({i.number for i in parsed.items}) == 3
    assert any("填写说明" in text for text in parsed.left_out)


def test_numbers_read_as_people_write_them():
    book, _ = sheet([("序号", "违法行为", "适用条件"), (1.0, "甲", "货值不超过12.5元"), (2.50, "乙", 3)])
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [i.number for i in parsed.items] == ["1", "2.5"]


def test_formulas_are_never_computed():
    book, _ = sheet([("序号", "违法行为", "适用条件"), ("=ROW()-1", '=CONCATENATE("甲","乙")', "及时改正")])
    parsed = parse_list(saved(book), "清单.xlsx")
    assert parsed.items[0].number == "1"
    assert parsed.items[0].matter.startswith("=CONCATENATE")
    assert any("公式" in w for w in parsed.warnings)


def test_an_item_without_a_stated_outcome_is_taken_as_discretion_and_named():
    book, _ = sheet([("序号", "违法行为", "适用条件"), (1, "甲", "及时改正")], title="表")
    parsed = parse_list(saved(book), "清单.xlsx")
    assert parsed.items[0].outcome is ListOutcome.MAY_BE_EXEMPT
    assert any("没有写明处理结果" in w for w in parsed.warnings)


def test_columns_that_are_not_known_are_named():
    book, _ = sheet([(*HEADINGS, "领导签字"), (*ONE, "某某")])
    assert any("领导签字" in text for text in parse_list(saved(book), "清单.xlsx").left_out)


def test_a_header_printed_again_is_no_item():
    book, _ = sheet([HEADINGS, ONE, HEADINGS, TWO])
    parsed = parse_list(saved(book), "清单.xlsx")
    assert [i.number for i in parsed.items] == ["1", "2"]
    assert any("重复的表头" in text for text in parsed.left_out)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("不予处罚", ListOutcome.SHALL_BE_EXEMPT),
        ("免予行政处罚", ListOutcome.SHALL_BE_EXEMPT),
        ("可以不予处罚", ListOutcome.MAY_BE_EXEMPT),
        ("首违不罚", ListOutcome.FIRST_OFFENCE_EXEMPT),
        ("从轻处罚", ListOutcome.LIGHTER),
        ("从轻或者减轻处罚", ListOutcome.LIGHTER),
        ("减轻处罚", ListOutcome.MITIGATED),
        ("罚款一千元", None),
        ("", None),
    ],
)
def test_outcomes_are_read_in_the_words_of_the_list(text: str, outcome: ListOutcome | None):
    assert outcome_in(text) is outcome


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_any_usual_encoding_and_delimiter(encoding: str, delimiter: str):
    rows = [("序号", "违法行为", "适用条件"), ("1", "未悬挂标志", "及时改正；没有造成危害后果")]
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    (item,) = parse_list(text.encode(encoding), "清单.csv").items
    assert item.matter == "未悬挂标志"
    assert [c.predicate for c in item.conditions] == [Corrected(), HarmIs()]


def test_a_workbook_is_known_by_its_content_not_its_name():
    book, _ = sheet([HEADINGS, ONE])
    assert len(parse_list(saved(book), "清单.csv").items) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        "这是一段话，没有表格。".encode(),
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
        "序号,备注\n1,没有事项\n".encode(),
        bytes(range(256)) * 40,
    ],
)
def test_a_file_without_a_list_gets_one_clear_sentence(content: bytes):
    with pytest.raises(UnreadableDocument) as refused:
        parse_list(content, "文件.xlsx" if content[:2] in (b"PK", b"\xd0\xcf") else "文件.csv")
    assert refused.value.chinese.endswith("。")
    assert refused.value.english.endswith(".")


def _refused_quickly(content: bytes, name: str = "清单.xlsx") -> str:
    started = time.process_time()
    with pytest.raises(UnreadableDocument) as refused:
        parse_list(content, name)
    assert time.process_time() - started < 5
    return refused.value.chinese


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, b"<c/>" * (60 * 262_144))
    assert "太大" in _refused_quickly(stream.getvalue())


@pytest.mark.parametrize("filler", ["<c/>", "<row/>", '<mergeCell ref="A1:B9"/>', "<c><v>1</v></c>"])
def test_a_flood_of_elements_that_fits_the_size_is_refused_in_time(filler: str):
    book, _ = sheet([HEADINGS, ONE])
    flood = filler * (12 * 1024 * 1024 // len(filler))
    part = f"<worksheet><sheetData><row>{flood}</row></sheetData></worksheet>"
    assert "太大" in _refused_quickly(with_part(saved(book), SHEET, part))


def test_a_merged_area_over_the_whole_sheet_costs_nothing():
    book, _ = sheet([HEADINGS, ONE])
    content = saved(book)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        page = archive.read(SHEET).decode()
    merged = '</sheetData><mergeCells><mergeCell ref="G9:XFD1048576"/></mergeCells>'
    page = page.replace("</sheetData>", merged)
    started = time.process_time()
    assert len(parse_list(with_part(content, SHEET, page), "清单.xlsx").items) == 1
    assert time.process_time() - started < 2


def test_a_cell_in_the_farthest_corner_is_refused_not_filled_up_to():
    book, page = sheet([HEADINGS, ONE])
    page["XFD1048576"] = "x"
    assert "太大" in _refused_quickly(saved(book))


def test_entities_are_refused():
    book, _ = sheet([HEADINGS, ONE])
    content = saved(book)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert "Excel" in _refused_quickly(with_part(content, SHEET, bomb))


def test_a_damaged_part_is_refused():
    book, _ = sheet([HEADINGS, ONE])
    assert "Excel" in _refused_quickly(with_part(saved(book), SHEET, "<worksheet><sheetData><row>"))


def test_an_endless_csv_is_refused():
    content = "序号,违法行为,适用条件\n" + "1,甲,及时改正\n" * 30_000
    assert "太大" in _refused_quickly(content.encode(), "清单.csv")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes):
    try:
        sentence = "。" if parse_list(content, "清单.csv").items else ""
    except UnreadableDocument as refused:
        sentence = refused.chinese
    assert sentence.endswith("。")


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=20)), max_size=6))
def test_every_row_of_a_table_becomes_an_item_or_is_accounted_for(rows: list[tuple[str, str, str]]):
    stream = io.StringIO()
    csv.writer(stream).writerows([("序号", "违法行为", "适用条件"), *rows])
    try:
        parsed = parse_list(stream.getvalue().encode("utf-8", errors="replace"), "清单.csv")
    except UnreadableDocument:
        return
    numbers = [i.number for i in parsed.items]
    assert len(numbers) == len(set(numbers))
    assert all(i.matter for i in parsed.items)


def test_all_lists_beside_the_checkout_import_with_every_item():
    folder = shared_folder()
    if folder is None:
        pytest.skip("the lists beside the checkout are absent")
    files = sorted((folder / "lists").glob("*.csv"))
    assert len(files) == 83
    outcomes: Counter[str] = Counter()
    for file in files:
        rows = list(csv.DictReader(file.open(encoding="utf-8")))
        parsed = parse_list(file.read_bytes(), file.name)
        assert [i.number for i in parsed.items] == [row["item_no"] for row in rows]
        assert [i.matter for i in parsed.items] == [row["matter"] for row in rows]
        assert [i.outcome.value for i in parsed.items] == [row["outcome"] for row in rows]
        assert not parsed.left_out
        outcomes.update(i.outcome.value for i in parsed.items)
    assert sum(outcomes.values()) == 242


def test_a_remark_that_is_left_out_is_told_with_its_item():
    rows = [
        ("序号", "违法行为", "适用条件", "处理结果", "备注"),
        (1, "占道堆物", "初次违法", "不予处罚", "一年内再犯的不适用"),
    ]
    book, _page = sheet(rows)
    parsed = parse_list(saved(book), "清单.xlsx")
    assert any("“1”的备注没有收入" in line and "一年内再犯的不适用" in line for line in parsed.warnings)
