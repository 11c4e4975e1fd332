"""What the assistant says of a case: the verdict, what is asked back, and what it never promises."""

from __future__ import annotations

import itertools
import re

import pytest

from bot.forbidden import forbidden_statements
from bot.marks import unknown_marks
from bot.reply import ReplyStatus
from knowledge.exemption import Outcome
from knowledge.situation import Correction, Harm

from .conftest import LUAN, PANJIN, QIANJIANG, ZHANHE, ZHOUSHAN, Ask, sections

STORY = "我在六安开水果店，把两筐橘子放到人行道上了，第一次被城管看到，马上就搬回去了，没有影响别人，会罚吗"


def test_a_case_that_meets_the_second_limb_may_be_exempt_and_is_not_promised(ask: Ask):
    reply = ask(STORY, LUAN)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.MAY_BE_EXEMPT
    assert "可以" in reply.answer
    assert "免罚不免责" in reply.answer
    assert any(s.startswith("第三十三条") for _, s in sections(reply))


def test_a_bare_case_is_asked_for_the_fact_that_matters_most(ask: Ask):
    reply = ask("城管给我开了张告知书，我这种能免罚吗", LUAN)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.NEEDS_FACTS
    assert reply.questions_back[0].fact == reply.verdict.missing[0]
    assert reply.questions_back[0].choices


def test_where_nothing_is_known_and_no_clause_is_near_the_reply_only_asks(ask: Ask):
    reply = ask("我们被查了，会被罚吗")
    assert reply.status is ReplyStatus.CLARIFICATION
    assert reply.questions_back


def test_answers_to_what_was_asked_back_complete_the_case(ask: Ask):
    reply = ask("我店门口占道了，会被罚吗", LUAN)
    said = {"corrected": "当场就改正了", "harm": "没有造成后果", "first_offence": "是第一次"}
    for _ in range(4):
        if not reply.questions_back:
            break
        reply = ask(said[reply.questions_back[0].fact], after=reply)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.MAY_BE_EXEMPT


def test_not_knowing_is_an_answer_too(ask: Ask):
    first = ask("我店门口占道了，会被罚吗", LUAN)
    reply = ask("不清楚", after=first)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.NEEDS_FACTS


def test_an_excluded_field_bars_the_programme_and_not_article_33(ask: Ask):
    reply = ask("我在湛河开面馆，用了过期的调料，第一次，当场就扔了，没人吃坏，能不能柔性处理", ZHANHE)
    assert reply.verdict is not None
    assert reply.verdict.programme.excluded is True
    assert ("zhanhe", "二/（一）") in sections(reply)
    assert "不等于一定会罚" in reply.answer


def test_a_strict_field_is_not_an_excluded_one(ask: Ask):
    reply = ask("我在盘锦的小饭店卖了过期饮料，第一次，已经下架了，没人喝坏，会罚吗", PANJIN)
    assert reply.verdict is not None
    assert reply.verdict.programme.excluded is not True
    assert "从严" in reply.answer or "严厉" in reply.answer


def test_a_suspected_crime_gets_no_opinion(ask: Ask):
    reply = ask("我卖假药吃死了人，警察说涉嫌犯罪，第一次，能免罚吗", ZHOUSHAN)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.NO_OPINION


def test_a_case_without_a_place_rests_on_national_law_and_asks_for_the_place(ask: Ask):
    reply = ask("我第一次占道经营，被发现后马上就改了，没有造成任何影响，会罚吗")
    assert "region" in {q.fact for q in reply.questions_back}
    assert {d for d, _ in sections(reply)} <= {"apl2021"} | {d for d, _ in sections(reply) if "-" in d}


def test_a_tax_case_finds_its_list_item(ask: Ask):
    reply = ask("我公司忘了按期申报纳税，第一次，税务局通知后在期限内就补报了，没有什么后果，会罚吗", ZHANHE)
    assert reply.verdict is not None
    assert any(d.startswith("tax-cn") for d, _ in sections(reply))


FIRST = ["第一次", "不是第一次，去年也因为这个被罚过", ""]
FIXED = ["当场就改了", "还没改", "一直不肯改", ""]
HARM = ["没有造成任何后果", "有一点轻微影响", "有人受了重伤", ""]
PLACES = [ZHANHE, ZHOUSHAN, QIANJIANG, PANJIN, LUAN, None]


@pytest.mark.parametrize("place", PLACES)
def test_over_a_grid_of_cases_nothing_forbidden_is_ever_said(ask: Ask, place: str | None):
    for first, fixed, harm in itertools.product(FIRST, FIXED, HARM):
        told = "，".join(t for t in (first, fixed, harm) if t)
        for act in ("我在店门口占道摆摊", "我们厂的统计报表晚报了", "我的餐馆用了过期调料"):
            reply = ask(f"{act}，{told}，会被罚款吗？" if told else f"{act}，会被罚款吗？", place)
            assert forbidden_statements(reply.answer) == (), reply.answer
            assert unknown_marks(reply) == (), reply.answer
            assert not reply.reason.startswith("withheld"), (reply.reason, reply.answer)


def test_a_worse_fact_never_makes_the_answer_kinder(ask: Ask):
    order = list(Outcome)
    kind = {o: order.index(o) for o in (Outcome.SHALL_BE_EXEMPT, Outcome.MAY_BE_EXEMPT)}
    good = ask("我占道摆摊，第一次，当场就改了，没有造成任何后果，会罚吗", LUAN).verdict
    bad = ask("我占道摆摊，第一次，一直不肯改，没有造成任何后果，会罚吗", LUAN).verdict
    assert good is not None
    assert bad is not None
    assert kind.get(good.outcome, 9) <= kind.get(bad.outcome, 9)
    assert bad.outcome not in kind


def test_facts_are_read_as_told(ask: Ask):
    situation = ask("我占道摆摊，第一次，还没改，有人受了重伤，会罚吗", LUAN).memory["situation"]
    assert situation == {**situation, "first_offence": True, "corrected": Correction.NOT_YET.value}  # type: ignore[dict-item]
    assert situation["harm"] == Harm.SERIOUS.value  # type: ignore[index]


def test_marks_stand_in_the_order_of_the_citations(ask: Ask):
    reply = ask(STORY, LUAN)
    marks = [int(n) for n in re.findall(r"\[(\d+)\]", reply.answer)]
    assert set(marks) == {c.number for c in reply.citations}
