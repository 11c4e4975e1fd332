"""A favourable pre-check says what the notice of the region presupposes (R19, R20), and hears otherwise."""

from __future__ import annotations

import pytest

from knowledge.exemption import Outcome

from .conftest import LUAN, PANJIN, QIANJIANG, ZHANHE, ZHOUSHAN, Ask, sections

ACT = "我店门口占道摆了两张桌子，"
MET = "第一次，当场就搬走了，没有影响别人，会罚吗"
EMERGENCY, RISK, TELL = "利用突发事件", "损害难以挽回", "请告诉我"


@pytest.mark.parametrize(
    ("region", "story", "clause", "risk"),
    [
        (ZHANHE, ACT + MET, ("zhanhe", "一/（三）/4"), False),
        (PANJIN, ACT + MET, ("panjin", "二/（四）"), True),
        (
            QIANJIANG,
            "我们厂的统计报表晚报了，第一次，当场就补报了，没有影响，会罚吗",
            ("qianjiang", "三/（三）"),
            True,
        ),
    ],
)
def test_what_a_favourable_answer_presupposes_is_told_with_its_clause(
    ask: Ask, region: str, story: str, clause: tuple[str, str], risk: bool
):
    reply = ask(story, region)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.MAY_BE_EXEMPT
    [line] = [line for line in reply.answer.splitlines() if TELL in line]
    assert EMERGENCY in line
    assert (RISK in line) is risk
    assert clause in sections(reply)
    assert reply.questions_back == ()


@pytest.mark.parametrize("region", [ZHOUSHAN, LUAN, None])
def test_where_no_notice_says_so_nothing_is_presupposed(ask: Ask, region: str | None):
    assert TELL not in ask(ACT + MET, region).answer


def test_nobody_hears_of_emergencies_before_the_answer_is_favourable(ask: Ask):
    for story in (ACT + "会罚吗", ACT + "一直不肯改，会罚吗"):
        reply = ask(story, PANJIN)
        assert EMERGENCY not in reply.answer
        assert {q.fact for q in reply.questions_back}.isdisjoint({"emergency_exploited", "high_risk"})


def test_what_was_told_is_not_presupposed(ask: Ask):
    reply = ask(ACT + "没有什么安全隐患，跟疫情没关系，" + MET, PANJIN)
    assert reply.verdict is not None
    assert reply.verdict.programme.missing == ()
    assert TELL not in reply.answer


def test_that_it_is_otherwise_is_heard_and_bars_the_programme(ask: Ask):
    favourable = ask("我的小超市没有明码标价，" + MET, ZHANHE)
    reply = ask("我是借着台风那几天涨价卖的，价签才没贴", after=favourable)
    assert reply.verdict is not None
    assert reply.verdict.programme.excluded is True
    assert "第四十九条" in {section for _, section in sections(reply)}
    assert TELL not in reply.answer


@pytest.mark.parametrize("said", ["好的", "是的", "没有"])
def test_a_mere_yes_or_no_takes_nothing_back(ask: Ask, said: str):
    reply = ask(said, after=ask(ACT + MET, ZHANHE))
    assert reply.verdict is None or reply.verdict.programme.excluded is not True


def test_a_new_question_after_it_stays_one(ask: Ask):
    reply = ask("疫情期间借机涨价怎么处理？", after=ask(ACT + MET, ZHANHE))
    assert reply.memory["question"] == "疫情期间借机涨价怎么处理？"


def test_in_english_it_is_told_too(ask: Ask):
    story = "I put goods on the pavement, first time, corrected it on the spot, no harm, will I be fined?"
    reply = ask(story, PANJIN)
    assert reply.language == "en"
    assert "presupposes" in reply.answer
