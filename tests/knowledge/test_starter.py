"""The starter knowledge keeps the facts and the numbering of its sources, and none of their sentences."""

import gzip
import json
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from knowledge.clause import PREFACE_SECTIONS
from knowledge.edition import Edition, InstrumentKind, in_force
from knowledge.parse.parser import parse_document
from knowledge.starter import starter_digests, starter_editions, starter_topics
from tests import shared_folder

SHARED = shared_folder()
NOTICES = ("zhanhe", "zhoushan", "qianjiang", "panjin", "luan")
TODAY = date(2026, 11, 22)
LONGEST_RUN = 24
PLAIN_LIMIT = 100

LAWS = {
    "apl2021": "中华人民共和国行政处罚法",
    "ael2011": "中华人民共和国行政强制法",
    "oib2019": "优化营商环境条例",
    "ral2023": "中华人民共和国行政复议法",
    "all2017": "中华人民共和国行政诉讼法",
    "pipl2021": "中华人民共和国个人信息保护法",
    "esl2019": "中华人民共和国电子签名法",
    "rar2007": "中华人民共和国行政复议法实施条例",
    "sfjs2018": "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释",
    "osr2019": "国务院关于在线政务服务的若干规定",
    "ogi2019": "中华人民共和国政府信息公开条例",
    "sl2024": "中华人民共和国统计法",
    "smr2021": "市场监督管理行政处罚信息公示规定",
}

IN_FORCE_FROM = {
    "apl2021": date(2021, 7, 15),
    "ael2011": date(2012, 1, 1),
    "oib2019": date(2020, 1, 1),
    "ral2023": date(2024, 1, 1),
    "pipl2021": date(2021, 11, 1),
    "sfjs2018": date(2018, 2, 8),
    "aesr2025": date(2026, 2, 1),
    "crm2025": date(2026, 4, 1),
    "zhanhe": date(2021, 11, 16),
    "zhoushan": date(2023, 7, 13),
    "qianjiang": date(2023, 6, 13),
    "panjin": date(2021, 8, 9),
    "luan": date(2022, 12, 2),
}

FORBIDDEN = (
    "一定不罚",
    "肯定不罚",
    "保证不罚",
    "就免罚",
    "就不用改正",
    "必须接受柔性执法",
    "必须参加学习",
    "没有任何责任",
    "不在清单上就要罚",
)

needs_shared = pytest.mark.skipif(SHARED is None, reason="the real texts are not beside this checkout")
each_edition = pytest.mark.parametrize("edition", starter_digests(), ids=lambda e: e.instrument)


def edition_of(instrument: str) -> Edition:
    return next(e for e in starter_digests() if e.instrument == instrument)


@cache
def articles(law: str) -> dict[str, str]:
    """Article number → official text."""
    assert SHARED is not None
    wanted = f'"law": "{law}"'
    with gzip.open(SHARED / "training" / "laws_articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if wanted in line]
    return {row["no"]: row["text"] for row in rows}


def structure(number: str, text: str) -> set[str]:
    """The section paths of one article, from its official text: 款 by order, 项 as printed."""
    paragraphs = text.split("\n")
    items = [re.match(r"[（(]([一二三四五六七八九十]+)[）)]", p) for p in paragraphs]
    several = sum(item is None for item in items) > 1
    paths, count, above = {number}, 0, number
    for item in items:
        if item is None:
            count += 1
            above = f"{number}/第{'一二三四五六七八九十'[count - 1]}款" if several else number
            paths.add(above)
        else:
            paths.add(f"{above}/（{item[1]}）")
    return paths


def runs(text: str) -> list[str]:
    """Stretches of Chinese characters; names in 《》 or “” and enumerations by 、 are facts and end a run."""
    text = re.sub(r"《[^》]*》|“[^”]*”|〈[^〉]*〉|[、|]", "|", text)
    return re.sub(r"[^\u4e00-\u9fff|]", "", text).split("|")


def copied(text: str, source: Iterable[str]) -> list[str]:
    """Every stretch of ``text`` longer than the limit that also stands in ``source``."""
    size = LONGEST_RUN + 1
    known = {run[n : n + size] for part in source for run in runs(part) for n in range(len(run) - size + 1)}
    pieces = (run[n : n + size] for run in runs(text) for n in range(len(run) - size + 1))
    return [piece for piece in pieces if piece in known]


def test_the_five_notices_and_the_six_statutes_are_there():
    held = {e.instrument: e.kind for e in starter_digests()}
    assert {i for i, kind in held.items() if kind is InstrumentKind.NOTICE} == set(NOTICES)
    assert {"apl2021", "ael2011", "oib2019", "ral2023", "all2017", "pipl2021"} <= set(held)


def test_nothing_ships_twice():
    shipped = [e.instrument for e in starter_editions()]
    assert len(set(shipped)) == len(shipped)
    assert set(shipped) > {e.instrument for e in starter_digests()}


@each_edition
def test_a_digest_says_what_it_is_and_where_it_comes_from(edition: Edition):
    assert edition.digest
    assert edition.title
    assert "摘要" in edition.source
    assert edition.region == "全国" or edition.kind is InstrumentKind.NOTICE


@each_edition
def test_a_digest_is_in_force_today(edition: Edition):
    assert in_force(starter_editions(), TODAY)[edition.instrument] is edition


@pytest.mark.parametrize(("instrument", "start"), IN_FORCE_FROM.items())
def test_a_digest_is_not_in_force_before_its_day(instrument: str, start: date):
    edition = edition_of(instrument)
    assert edition.in_force_from == start
    assert not edition.holds(start.replace(year=start.year - 1))


@each_edition
def test_sections_are_unique_and_stand_below_a_clause_that_came_before(edition: Edition):
    seen: set[str] = set()
    for clause in edition.clauses:
        assert clause.section not in seen
        assert not clause.parent or clause.parent in seen
        seen.add(clause.section)


@each_edition
def test_every_clause_has_a_text_and_short_plain_words(edition: Edition):
    for clause in edition.clauses:
        assert clause.text, clause.section
        assert 0 < len(clause.plain) <= PLAIN_LIMIT, clause.section


@each_edition
def test_every_clause_can_be_introduced_in_english(edition: Edition):
    missing = [c.section for c in edition.clauses if not c.plain_en]
    assert not missing


@each_edition
def test_a_numbered_clause_opens_with_its_printed_number(edition: Edition):
    for clause in edition.clauses:
        number = clause.section.rpartition("/")[2]
        if number in PREFACE_SECTIONS or number.endswith("款") or number.startswith("要点"):
            continue
        assert clause.text.startswith(number), clause.section


@each_edition
def test_plain_words_promise_nothing(edition: Edition):
    words = "\n".join(f"{c.plain}\n{c.text}" for c in edition.clauses)
    assert [phrase for phrase in FORBIDDEN if phrase in words] == []


def test_the_law_that_does_not_exist_is_only_quoted_and_flagged():
    naming = [
        (e.instrument, c)
        for e in starter_editions()
        for c in e.clauses
        if "《中华人民共和国行政法》" in c.text + c.plain
    ]
    assert [(i, c.section) for i, c in naming] == [("qianjiang", "五/（一）")]
    clause = naming[0][1]
    assert "《中华人民共和国行政法》" not in clause.plain
    assert "不存在" in clause.note


@pytest.mark.parametrize(
    ("instrument", "section", "word"),
    [
        ("qianjiang", "四", "未收录"),
        ("qianjiang", "六/（二）", "自然资源"),
        ("qianjiang", "三/（三）", "突发事件"),
        ("panjin", "二/（四）", "依法严厉查处"),
        ("zhoushan", "一/（二）", "历史"),
        ("zhanhe", "二/（一）", "第三十三条"),
        ("zhoushan", "二/（三）/1", "限于"),
        ("apl2021", "第三十三条", "不等于"),
        ("apl2021", "第五十一条", "复议"),
    ],
)
def test_a_known_trap_of_the_source_is_noted(instrument: str, section: str, word: str):
    clause = edition_of(instrument).clause(section)
    assert clause is not None
    assert word in clause.note


def test_topics_and_ways_of_asking_reach_the_clauses():
    clause = edition_of("zhanhe").clause("二/（三）/1")
    assert clause is not None
    assert set(clause.topics) <= set(starter_topics())
    assert clause.topics
    assert clause.asked_as


@needs_shared
@pytest.mark.parametrize("instrument", NOTICES)
def test_a_notice_has_exactly_the_sections_of_the_real_one(instrument: str):
    assert SHARED is not None
    path = SHARED / "notices" / f"{instrument}.txt"
    real = parse_document(path.read_bytes(), path.name)
    edition = edition_of(instrument)
    assert [c.section for c in edition.clauses] == [c.section for c in real.clauses]
    assert edition.document_number == real.document_number


@needs_shared
@pytest.mark.parametrize("instrument", NOTICES)
def test_a_notice_keeps_every_number_of_the_real_clause(instrument: str):
    assert SHARED is not None
    path = SHARED / "notices" / f"{instrument}.txt"
    edition = edition_of(instrument)
    for real in parse_document(path.read_bytes(), path.name).clauses:
        clause = edition.clause(real.section)
        assert clause is not None
        lost = set(re.findall(r"\d+", real.text)) - set(re.findall(r"\d+", clause.text))
        assert not lost, real.section


@needs_shared
@pytest.mark.parametrize("instrument", NOTICES)
def test_a_notice_copies_no_sentence(instrument: str):
    assert SHARED is not None
    source = (SHARED / "notices" / f"{instrument}.txt").read_text(encoding="utf-8")
    edition = edition_of(instrument)
    words = "|".join(f"{c.text}|{c.plain}|{c.note}" for c in edition.clauses)
    assert copied(words, [source]) == []


@needs_shared
@pytest.mark.parametrize(("instrument", "law"), LAWS.items())
def test_a_statute_copies_no_sentence(instrument: str, law: str):
    edition = edition_of(instrument)
    words = "|".join(f"{c.text}|{c.plain}|{c.note}" for c in edition.clauses)
    assert copied(words, articles(law).values()) == []


@needs_shared
@pytest.mark.parametrize(("instrument", "law"), LAWS.items())
def test_a_statute_has_the_paragraphs_and_items_of_the_real_article(instrument: str, law: str):
    official = articles(law)
    sections = {c.section for c in edition_of(instrument).clauses}
    for number in {section.split("/")[0] for section in sections}:
        ours = {s for s in sections if s.split("/")[0] == number}
        assert ours == structure(number, official[number]), number


@needs_shared
def test_the_penalty_law_is_digested_whole():
    held = {c.section for c in edition_of("apl2021").clauses if "/" not in c.section}
    assert held == set(articles(LAWS["apl2021"]))


@needs_shared
@pytest.mark.parametrize("file", ["training/questions.jsonl", "questions/practice.jsonl"])
def test_every_clause_that_a_known_question_leads_to_is_there(file: str):
    assert SHARED is not None
    held = {(e.instrument, c.section) for e in starter_editions() for c in e.clauses}
    asked = set(gold_sections(SHARED / file))
    assert asked - held == set()


def gold_sections(path: Path) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = row.get("gold") or [{"doc": row.get("doc"), "section": row.get("section")}]
        if row.get("gold") == []:
            continue
        yield from ((g["doc"], g["section"]) for g in (*gold, *row.get("also", ())))
