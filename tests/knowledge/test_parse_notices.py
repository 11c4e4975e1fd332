"""The five real notices: every section that people ask about exists, and nothing of the source is lost."""

import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from knowledge.parse import ParsedDocument, parse_document
from tests import shared_folder

SHARED = shared_folder()
pytestmark = pytest.mark.skipif(SHARED is None, reason="needs the material beside the checkout")
NOTICES = ("zhanhe", "zhoushan", "qianjiang", "panjin", "luan")


@cache
def source(notice: str) -> bytes:
    assert SHARED is not None
    return (SHARED / "notices" / f"{notice}.txt").read_bytes()


@cache
def parsed(notice: str) -> ParsedDocument:
    return parse_document(source(notice), f"{notice}.txt")


def sections_asked_about() -> dict[str, set[str]]:
    assert SHARED is not None
    asked: dict[str, set[str]] = defaultdict(set)
    for name in ("training/questions.jsonl", "questions/practice.jsonl"):
        for row in map(json.loads, Path(SHARED / name).read_text("utf-8").splitlines()):
            answers = [row] if "doc" in row else []
            for answer in [*answers, *(row.get("also") or []), *(row.get("gold") or [])]:
                asked[answer["doc"]].add(answer["section"])
    return asked


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@pytest.mark.parametrize("notice", NOTICES)
def test_every_section_that_is_asked_about_exists(notice):
    asked = sections_asked_about()[notice]
    assert len(asked) > 20
    assert asked <= {clause.section for clause in parsed(notice).clauses}


@pytest.mark.parametrize(("notice", "count"), list(zip(NOTICES, (48, 36, 21, 25, 31), strict=True)))
def test_no_sentence_is_mistaken_for_a_section(notice, count):
    sections = [clause.section for clause in parsed(notice).clauses]
    assert len(sections) == len(set(sections)) == count
    assert parsed(notice).warnings == ()


@pytest.mark.parametrize("notice", NOTICES)
def test_every_character_stands_in_one_clause_or_is_left_out(notice):
    document = parsed(notice)
    kept = "".join(clause.text for clause in document.clauses)
    left = "".join(piece.text for piece in document.left_out)
    assert visible(source(notice).decode("utf-8")) == visible(kept + left)


@pytest.mark.parametrize(
    ("notice", "title", "number", "issuer", "issued"),
    [
        (
            "zhanhe",
            "湛河区全面推行柔性执法工作实施意见",
            "平湛法政办〔2021〕13号",
            "平顶山市湛河区法治政府建设领导小组办公室",
            date(2021, 11, 16),
        ),
        (
            "zhoushan",
            "舟山市人民政府办公室关于全面推行柔性执法工作的指导意见",
            "舟政办发〔2023〕47号",
            "舟山市人民政府办公室",
            date(2023, 7, 13),
        ),
        (
            "qianjiang",
            "重庆市黔江区统计局推行行政柔性执法工作方案",
            "",
            "重庆市黔江区统计局",
            date(2023, 6, 13),
        ),
        ("panjin", "盘锦市关于在行政执法中推行柔性执法制度的实施方案", "", "", None),
        (
            "luan",
            "在城市管理执法中推行柔性执法规范执法行为的意见",
            "六城管函〔2022〕586号",
            "",
            date(2022, 12, 2),
        ),
    ],
)
def test_what_a_notice_says_of_itself_is_recognised(notice, title, number, issuer, issued):
    document = parsed(notice)
    assert (document.title, document.document_number) == (title, number)
    assert (document.issuer, document.issued_on) == (issuer, issued)
    assert document.kind == "notice"


def text_of(notice: str, section: str) -> str:
    return next(clause.text for clause in parsed(notice).clauses if clause.section == section)


def test_a_stray_fragment_stays_in_its_clause():
    assert text_of("zhanhe", "二/（二）/2").endswith("\n展。")


def test_sentences_cut_by_line_breaks_are_whole_again():
    assert "针对不同事项，采取灵活多样" in text_of("zhanhe", "一/（三）/5")
    assert "牢固树立“法治是最好的营商环境”理念，聚焦营商环境" in text_of("zhoushan", "一/（一）")


def test_an_item_that_begins_inside_a_line_is_a_clause():
    assert text_of("zhoushan", "二/（三）/3").endswith("：")
    assert text_of("zhoushan", "二/（三）/3/（1）").startswith("（1）行政相对人撤回申请")


def test_a_covering_letter_belongs_to_the_heading_part():
    head = text_of("luan", "题头")
    assert "印发给你们" in head
    assert "2022年12月2日" in head
    assert text_of("luan", "前言").startswith("城市管理执法事关")


def test_page_navigation_belongs_to_no_part():
    assert [piece.line for piece in parsed("panjin").left_out] == [1, 56, 57, 58]
    assert {piece.reason for piece in parsed("panjin").left_out} == {"网页导航"}


def test_headings_are_the_short_titles_that_open_clauses():
    headings = {clause.section: clause.heading for clause in parsed("zhanhe").clauses}
    assert headings["二/（三）/1"] == "柔性执法的申请"
    assert headings["二"] == "主要任务"
    assert headings["二/（三）/3/（1）"] == ""
