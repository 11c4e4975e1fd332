"""Every text exists in both languages, in the same shape, and says nothing it must not."""

import json
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reply import ReplyStatus
from knowledge.exemption import Ground, ListOutcome, Outcome
from knowledge.situation import Finding
from portal.errors import Problem
from portal.wording import Language, prose, wording

ZH, EN = wording(Language.CHINESE), wording(Language.ENGLISH)


ROOT = Path(__file__).parents[2]
TABLES = sorted(file for part in ("portal", "bot", "knowledge") for file in (ROOT / part).rglob("*.json"))


def kinds_of(problem: type[Problem]) -> Iterator[type[Problem]]:
    for kind in problem.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def holes(text: str | list[str]) -> list[set[str]]:
    lines = text if isinstance(text, list) else [text]
    return [{name for _, name, _, _ in string.Formatter().parse(line) if name} for line in lines]


def test_both_languages_hold_the_same_keys():
    assert set(ZH.texts) == set(EN.texts)


@pytest.mark.parametrize("file", TABLES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_table_says_a_thing_twice(file: Path):
    """Of two equal keys JSON keeps the last, and the first is silently another's words."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        assert twice == []
        return dict(pairs)

    json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=once)


def test_no_two_problems_share_their_words(app):
    slugs = Counter(kind.slug for kind in kinds_of(Problem) if "slug" in vars(kind))
    assert [slug for slug, count in slugs.items() if count > 1] == []
    assert {"wrong_state", "draft_moved"} <= set(slugs)


def test_a_text_has_the_same_holes_and_as_many_lines_in_both_languages():
    differing = [key for key in ZH.texts if holes(ZH.texts[key]) != holes(EN.texts[key])]
    assert differing == []


def test_long_pages_have_the_same_parts_in_both_languages():
    def shape(language: Language) -> dict[str, list[tuple[str, int, int, str]]]:
        return {
            name: [(s.id, len(s.paragraphs), len(s.points), s.link) for s in sections]
            for name, sections in prose(language).items()
        }

    assert shape(Language.CHINESE) == shape(Language.ENGLISH)


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("status", ReplyStatus),
        ("outcome", Outcome),
        ("outcome_note", Outcome),
        ("ground", Ground),
        ("finding", Finding),
        ("list_outcome", ListOutcome),
        ("list_outcome_name", ListOutcome),
    ],
)
def test_every_value_that_a_reply_may_hold_has_its_words(group, values):
    for language in (ZH, EN):
        missing = [v.value for v in values if not language.has(f"{group}.{v.value}")]
        assert missing == []


def test_no_text_smuggles_markup():
    assert [key for key, text in {**ZH.texts, **EN.texts}.items() if "<" in str(text)] == []


def test_holes_are_filled_and_what_fills_them_is_escaped():
    assert ZH("ask.left", count=3) == "还可以输入 3 字"
    assert ZH("library.no_results", query="<b>") == "没有找到提到“&lt;b&gt;”的条款。"


def test_an_unknown_text_is_an_error_not_an_empty_place():
    with pytest.raises(KeyError):
        ZH("home.no_such_text")


def test_no_page_promises_what_only_the_authority_decides():
    everything = "\n".join(
        str(text)
        for language in Language
        for text in (
            *wording(language).texts.values(),
            *(line for page in prose(language).values() for s in page for line in (*s.paragraphs, *s.points)),
        )
    )
    for promise in ("一定不罚，", "必须接受", "就不用改正", "十五日内起诉", "保证不罚"):
        assert promise not in everything.replace("不是一定不罚", "")


def test_only_national_hotlines_are_named_and_no_agency_number_is_made_up():
    everything = "".join(
        line for page in prose(Language.CHINESE).values() for s in page for line in (*s.paragraphs, *s.points)
    )
    numbers = set(re.findall(r"(?<!\d)\d{5,}(?!\d)", everything))
    assert numbers - {"37668"} == {"12345", "12348", "12366", "12315"}
