"""What is shown of a clause: its own words, in order, nothing added but ……"""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from bot.quote import quote

LONG = "甲原则。依法实施，避免负担。" * 6 + "撤回申请的，应当准许。" + "乙原则。公开透明。" * 6


def test_a_short_clause_is_given_whole_without_its_line_breaks():
    assert quote("1. 撤回。\n应当准许。", "撤回", 100) == "1. 撤回。应当准许。"


def test_of_a_long_clause_the_sentence_asked_about_is_shown():
    shown = quote(LONG, "申请能撤回吗", 40)
    assert "撤回申请的，应当准许。" in shown
    assert "……撤回" in shown
    assert shown.endswith("……")
    assert len(shown) < len(LONG)


@given(st.text(alphabet="甲乙丙丁。；，\n 撤回", max_size=300), st.text(alphabet="撤回申请", max_size=10))
@example("甲。。" * 30, "撤回")
@example("。" * 50, "")
def test_every_piece_shown_stands_in_the_clause(text: str, query: str):
    flat = re.sub(r"\s", "", text)
    for piece in quote(text, query, 40).split("……"):
        assert re.sub(r"\s", "", piece) in flat
