"""What a file is told to be by its content, and the period and harm that are read in it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.clause import Clause
from knowledge.parse import parse_document
from knowledge.parse.active import without_scripts
from knowledge.parse.force import in_force_by
from knowledge.parse.form import is_list
from knowledge.parse.injection import is_injected, reaches_out
from knowledge.region import pinyin
from tests import shared_folder

from .workbooks import HEADINGS, saved, sheet

TABLE = "序号\t违法行为\t适用条件\n1\t乱贴广告\t及时改正\n"
ISSUED = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", TABLE.encode(), True),
        ("a.txt", TABLE.encode("gb18030"), True),
        ("a.txt", TABLE.replace("\t", ",").encode(), True),
        ("a", TABLE.encode(), True),
        ("a.xlsx", saved(sheet([HEADINGS])[0]), True),
        ("a.docx", saved(sheet([HEADINGS])[0]), True),
        ("a.csv", b"anything", True),
        ("a.txt", "关于免罚清单的通知\n一、违法行为，适用条件，处理结果。\n二、附则。".encode(), False),
        ("a.txt", "事项\n适用条件\n".encode(), False),
        ("a.pdf", b"%PDF-1.7", False),
        ("a.html", TABLE.encode(), False),
        ("a.docx", b"PK broken", False),
        ("a.txt", b"\xff\xfe\x00", False),
        ("a.txt", b"", False),
    ],
)
def test_a_list_is_told_by_its_content(name: str, content: bytes, expected: bool):
    assert is_list(content, name) is expected


@pytest.mark.skipif(shared_folder() is None, reason="the real files stand beside the checkout")
def test_every_real_file_is_told_right():
    folder = shared_folder()
    assert folder is not None
    lists = [is_list(p.read_bytes(), "pasted.txt") for p in sorted((folder / "lists").glob("*.csv"))]
    texts = [is_list(p.read_bytes(), p.name) for p in sorted((folder / "notices").glob("*.txt"))]
    assert (len(lists), all(lists)) == (83, True)
    assert (len(texts), any(texts)) == (5, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本办法自2025年4月1日起施行。", (date(2025, 4, 1), None)),
        (
            "第九条　本办法自2025年4月1日起施行，有效期至2027年3月31日。",
            (date(2025, 4, 1), date(2027, 3, 31)),
        ),
        ("十二、本意见自2024年2月29日起施行，有效期二年。", (date(2024, 2, 29), date(2026, 2, 27))),
        ("本通知自印发之日起施行，有效期5年。", (ISSUED, date(2030, 2, 28))),
        ("《行政处罚法》自2021年7月15日起施行以来，各地积极落实。", (None, None)),
        ("自2025年2月30日起施行。", (None, None)),
        ("坚持教育在先。", (None, None)),
    ],
)
def test_the_period_of_force_is_read_where_the_text_speaks_of_itself(
    text: str, expected: tuple[date | None, date | None]
):
    assert in_force_by([Clause("一", "一、总则"), Clause("九", text)], ISSUED) == expected


@pytest.mark.parametrize(
    "text", ["=1+1", "＝1", "\t=1", "'=1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C'!A0", "+A1("]
)
def test_what_a_spreadsheet_would_run_is_injected(text: str):
    assert is_injected(text)


@pytest.mark.parametrize(
    "text", ["-1", "－", "+86 10", "@某机关", "- 及时改正", "3", "不超过=", "甲|乙", "-5℃以下"]
)
def test_what_people_write_is_not(text: str):
    assert not is_injected(text)


def test_a_formula_that_counts_is_not_one_that_reaches_out():
    assert not reaches_out("=ROW()-1")
    assert reaches_out('=HYPERLINK("http://x","y")')
    assert reaches_out("=cmd|'/C calc'!A0")


def test_a_page_in_which_nothing_acts_is_kept_as_it_is():
    page = "<html><body><p>一、总则</p></body></html>".encode()
    assert without_scripts(page) == (page, 0)


def test_what_acts_in_a_page_is_taken_out_and_the_text_stays():
    page = (
        '<html><body onload="a()"><script>b()</script>前<svg onload=c()></svg>'
        '<a href=" java\nscript:d()">链接</a><iframe srcdoc="e">e</iframe>后</body></html>'
    )
    kept, gone = without_scripts(page.encode())
    text = kept.decode()
    assert gone >= 4
    assert "前" in text
    assert "链接" in text
    assert "后" in text
    assert not any(sign in text for sign in ("a()", "b()", "c()", "d()", "srcdoc"))


def test_a_warning_names_its_line():
    document = parse_document("办法\n一、甲。\n二、乙。\n四、丁。\n".encode(), "a.txt")
    assert document.warnings == ("第 4 行：编号从“二”跳到“四”。",)


@pytest.mark.parametrize(("name", "spelled"), [("湛河", "zhanhe"), ("六安", "luan"), ("重庆", "chongqing")])
def test_a_region_is_spelled_as_it_is_read(name: str, spelled: str):
    assert pinyin(name) == spelled
    assert pinyin("𠮷") == ""
