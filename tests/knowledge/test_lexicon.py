"""The lexicon: everyday and English words that lead to legal terms."""

import json
import re
from collections.abc import Iterator

import pytest

from knowledge.lexicon import Lexicon
from knowledge.topic import SOURCES

FUNCTION_WORDS = (
    "我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 的 了 吗 呢 吧 啊 是 不是 有 没有 没 在 不在 "
    "能 不能 可以 不可以 会 不会 要 不要 想 怎么 怎样 什么 啥 哪 哪里 哪个 谁 为什么 请问 知道 不知道 "
    "就 也 都 还 和 或 但 因为 所以 如果 一个 一下 今天 现在 "
    "a an the i we you they it is are was be been do does did have has can could may might will would "
    "should shall must not no and or but if of to in on at for with from by about what which who when "
    "where why how my your our this that again so"
)


def variants() -> Iterator[tuple[str, str, str]]:
    """Part, term and variant of every entry."""
    content = json.loads((SOURCES / "lexicon.json").read_text(encoding="utf-8"))
    for part in ("terms", "english"):
        for term, words in content[part].items():
            for word in words:
                yield part, term, word


def test_no_variant_is_an_ordinary_function_word():
    ordinary = set(FUNCTION_WORDS.split())
    assert not [v for v in variants() if v[2].lower() in ordinary]


def test_no_variant_is_a_single_character_or_its_own_term():
    assert not [v for v in variants() if len(v[2]) < 2 or v[2] == v[1]]


def test_english_words_stand_in_the_english_part_and_lead_to_chinese_terms():
    for part, term, word in variants():
        assert word.isascii() == (part == "english"), word
        assert re.search("[\u4e00-\u9fff]", term)


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("我反悔了，材料想收回来", "撤回"),
        ("能不能饶我一回", "不予处罚"),
        ("头一回碰上这种事", "初次违法"),
        ("把我叫去谈话", "行政约谈"),
        ("我要走正规流程", "一般程序"),
        ("那份保证书怎么写", "承诺书"),
        ("数据报给谁", "备案"),
        ("罚款能不能分期", "分期缴纳"),
        ("May I withdraw it?", "撤回"),
        ("It was my first violation", "初次违法"),
        ("Where is the exemption list?", "免罚清单"),
    ],
)
def test_everyday_and_english_words_lead_to_the_legal_term(words, term):
    assert term in Lexicon.load().widen(words)


def test_an_english_word_inside_another_leads_nowhere():
    assert "不予处罚" not in Lexicon.load().widen("The exemptionless case")
