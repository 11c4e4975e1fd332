"""The stage of the case that was told decides what is left to do (R17); untold, nothing is said of it."""

from __future__ import annotations

import pytest

from bot.phrases import table
from bot.story import Stage

from .conftest import LUAN, ZHANHE, ZHOUSHAN, Ask, sections

ACT = "我店门口占道摆了两张桌子，第一次，当场就搬走了，没有影响别人，"
HEARD = ("apl2021", "第四十五条/第一款")


@pytest.mark.parametrize(
    ("region", "stage", "words", "clauses"),
    [
        (
            ZHANHE,
            "还没有立案，会罚吗",
            "不需要立案查处的轻微违法",
            {("zhanhe", "二/（一）"), ("zhanhe", "二/（三）/1")},
        ),
        (ZHOUSHAN, "还没有立案，会罚吗", "现在就可以申请柔性执法", {("zhoushan", "二/（三）/1")}),
        (LUAN, "还没有立案，会罚吗", "提交改正的证据", {HEARD}),
        (ZHANHE, "城管已经立案了，会罚吗", "已经立案", {HEARD}),
        (ZHANHE, "收到处罚事先告知书了，能免罚吗", "已经立案", {HEARD}),
        (
            LUAN,
            "处罚决定书已经收到了，还能免罚吗",
            "六十日内申请行政复议",
            {("ral2023", "第二十条/第一款"), ("all2017", "第四十六条/第一款")},
        ),
    ],
)
def test_the_stage_told_decides_what_is_left_to_do(
    ask: Ask, region: str, stage: str, words: str, clauses: set[tuple[str, str]]
):
    reply = ask(ACT + stage, region)
    [line] = [line for line in reply.answer.splitlines() if line.startswith("从您说的看，")]
    assert words in line
    assert clauses <= sections(reply)


def test_where_no_stage_was_told_none_is_assumed(ask: Ask):
    assert "从您说的看，" not in ask(ACT + "会罚吗", ZHANHE).answer


def test_an_excluded_field_is_not_told_to_apply(ask: Ask):
    reply = ask("我的面馆用了过期调料，第一次，当场扔了，没人吃坏，还没有立案，会罚吗", ZHANHE)
    assert "现在就可以申请" not in reply.answer
    assert HEARD in sections(reply)


def test_the_stage_is_kept_while_facts_are_asked_for(ask: Ask):
    asked = ask("我店门口占道摆了两张桌子，城管已经立案了，会罚吗", ZHANHE)
    assert "已经立案" in ask("第一次，已经改了", after=asked).answer


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_its_words_and_clauses(stage: Stage):
    words = table("phrases")[f"step_{stage}"]
    for name in table("intents")["stage_clauses"][stage]:
        assert all(f"{{{name}}}" in words[language] for language in ("zh", "en"))
