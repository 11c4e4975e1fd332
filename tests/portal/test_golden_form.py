"""One form of a golden question: whole on its own page, short on the page of a question of the public."""

from __future__ import annotations

import pytest

from portal.chat.golden import judge
from portal.errors import FieldErrors
from portal.golden.form import KINDS, Typed, question_of_work
from portal.golden.question import EXPECTED, STATUSES, GoldenQuestion

KNOWN = {"zhanhe": {"二/（三）/1", "二"}}
SHORT = {
    "question": " 申请以后\n还能撤回吗 ",
    "kind": "withdraw_or_change",
    "expect": "answer",
    "gold": "zhanhe  二/（三）/1\r\n",
    "must_say": "撤回 / 收回\n/\n13812345678",
    "must_not_say": "不能撤回",
}


def of_work(**changes: str) -> GoldenQuestion:
    return question_of_work(
        Typed.of({**SHORT, **changes}),
        number=7,
        region="河南省/平顶山市/湛河区",
        language="zh",
        history=["能申请吗"],
        known=KNOWN,
    )


def wrong(**changes: str) -> dict[str, str]:
    with pytest.raises(FieldErrors) as refused:
        of_work(**changes)
    return {error.field: error.word for error in refused.value.errors}


def test_the_short_form_takes_the_rest_from_what_was_asked():
    question = of_work(must_say="撤回 / 收回\n打13812345678")
    assert question == GoldenQuestion(
        "w7",
        "申请以后 还能撤回吗",
        "河南省/平顶山市/湛河区",
        "withdraw_or_change",
        "answer",
        gold=(("zhanhe", "二/（三）/1"),),
        must_say=(("撤回", "收回"), ("打138****5678",)),
        must_not_say=("不能撤回",),
        turns=(("user", "能申请吗"),),
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"question": "  "}, {"question": "required"}),
        ({"question": "问" * 1001}, {"question": "too_long"}),
        ({"expect": "praise"}, {"expect": "choose"}),
        ({"kind": "", "expect": ""}, {"kind": "choose", "expect": "choose"}),
        ({"gold": ""}, {"gold": "required"}),
        ({"gold": "zhanhe 九"}, {"gold": "unknown_clause"}),
        ({"gold": "\n".join(["zhanhe 二"] * 11)}, {"gold": "most_lines"}),
        ({"must_not_say": "长" * 201}, {"must_not_say": "too_long"}),
    ],
)
def test_everything_that_is_wrong_with_it_is_told_at_once(changes: dict[str, str], told: dict[str, str]):
    assert wrong(**{"must_say": "撤回", **changes}) == told


def test_only_an_answer_needs_a_clause():
    assert of_work(must_say="", gold="", expect="abstain").gold == ()


def test_what_may_be_one_of_several_is_told_apart_as_each_form_says():
    typed = Typed.of({**SHORT, "must_say": "撤回 | 收回\n收/回"})
    assert typed.question_like(None).must_say == (("撤回", "收回"), ("收/回",))
    assert of_work(must_say="撤回/收回\n甲|乙").must_say == (("撤回", "收回"), ("甲|乙",))


def test_every_expectation_is_met_by_a_status_of_its_own():
    assert EXPECTED == ("answer", "abstain", "clarify", "refuse")
    met = [status for statuses in STATUSES.values() for status in statuses]
    assert len(set(met)) == len(met)
    for expected, statuses in STATUSES.items():
        question = GoldenQuestion("g1", "问", None, KINDS[0], expected)
        for status in met:
            reply = {"answer": "", "questions_back": [], "status": status, "verdict": None, "citations": []}
            assert judge(question, reply).status is (status in statuses)
