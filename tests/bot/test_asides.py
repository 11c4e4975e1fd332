"""A question on the procedure and a case in one message are both answered, in the order asked."""

from __future__ import annotations

import pytest

from bot.asides import SetApart, set_apart
from bot.reply import ActionKind, ReplyStatus

from .conftest import LUAN, PANJIN, ZHANHE, Ask, sections

WITHDRAWING = "申请以后还能撤回吗？"
CASE = "我店门口堆了两箱货，第一次，当场就搬走了，会罚吗？"


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        (WITHDRAWING + CASE, SetApart(CASE, (WITHDRAWING,), ())),
        (CASE + WITHDRAWING, SetApart(CASE, (), (WITHDRAWING,))),
        (
            f"我想撤回申请。{CASE}还有怎么查办理进度？",
            SetApart(CASE, ("我想撤回申请。",), ("还有怎么查办理进度？",)),
        ),
        (CASE, SetApart(CASE)),
        (WITHDRAWING, SetApart(WITHDRAWING)),
        ("第一次没年报。已经补报了。会罚吗？", SetApart("第一次没年报。已经补报了。会罚吗？")),
    ],
)
def test_only_sentences_that_surely_ask_of_a_procedure_are_set_apart(text: str, apart: SetApart):
    assert set_apart(text) == apart


def test_what_was_asked_first_is_answered_first(ask: Ask):
    first, last = ask(WITHDRAWING + CASE, ZHANHE), ask(CASE + WITHDRAWING, ZHANHE)
    for reply in (first, last):
        assert reply.status is ReplyStatus.ANSWERED
        assert reply.verdict is not None
        assert {("zhanhe", "二/（三）/1"), ("apl2021", "第三十三条/第一款")} <= sections(reply)
        assert len(reply.answer) < 1200
    assert first.answer.index("您问的") < first.answer.index("您说的这件事")
    assert last.answer.index("您说的这件事") < last.answer.index("您问的")
    assert first.citations[0].ref.section == "二/（三）/1"


def test_a_case_alone_is_answered_as_before(ask: Ask):
    reply = ask(CASE, ZHANHE)
    assert "您说的这件事" not in reply.answer
    assert reply.verdict == ask(WITHDRAWING + CASE, ZHANHE).verdict


def test_a_region_silent_on_the_procedure_says_so_beside_the_case(ask: Ask):
    reply = ask(f"柔性执法的申请能撤回吗？{CASE}", PANJIN)
    assert reply.status is ReplyStatus.ANSWERED
    assert "没有规定" in reply.answer
    assert not {document for document, _ in sections(reply)} & {"zhanhe", "zhoushan"}


def test_the_region_told_afterwards_answers_both(ask: Ask):
    told = CASE.replace("会罚吗", "没有造成后果，会罚吗")
    before = ask(WITHDRAWING + told)
    assert [q.fact for q in before.questions_back] == ["region"]
    reply = ask("湛河区", after=before)
    assert ("zhanhe", "二/（三）/1") in sections(reply)
    assert "您问的" in reply.answer


@pytest.mark.parametrize("text", ["转人工", "我要找工作人员", "你们电话多少", "Can I talk to a person?"])
@pytest.mark.parametrize("region", [None, ZHANHE, LUAN, "广东省/广州市"])
def test_who_asks_for_a_person_is_told_how_to_reach_one(ask: Ask, text: str, region: str | None):
    reply = ask(text, region)
    assert (reply.status, reply.reason) == (ReplyStatus.ABSTAINED, "person_wanted")
    assert "12345" in reply.answer
    assert "没有规定" not in reply.answer
    assert "do not provide" not in reply.answer
    assert [action.kind for action in reply.actions] == [ActionKind.CONTACT]


def test_who_asks_for_a_telephone_number_hears_first_that_none_is_published(ask: Ask):
    reply = ask("你们电话多少", ZHANHE)
    assert reply.answer.index("没有写明电话") < reply.answer.index("12345")
    assert reply.citations == ()


def test_a_rule_on_visits_or_notices_by_telephone_is_no_wish_for_a_person(ask: Ask):
    assert ask("湛河区的行政回访主要用在哪两类场合？").status is ReplyStatus.ANSWERED
