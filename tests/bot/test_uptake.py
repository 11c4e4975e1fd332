"""Whatever the last reply asked for is heard in the next message: in any order, several at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.phrases import table
from bot.uptake import take_up
from knowledge.exemption import Outcome
from knowledge.situation import Correction, Harm, Quantity
from knowledge.told_day import ToldDay

from .conftest import PANJIN, ZHANHE, Ask

ON = date(2026, 11, 28)
CASE = "我店门口占道摆了两张桌子，城管说要罚"
ALL = ("corrected", "harm", "first_offence")
SPOT, TIME, NOT_YET = Correction.ON_THE_SPOT, Correction.IN_TIME, Correction.NOT_YET


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("是第一次", {"first_offence": True}),
        ("没有造成损失", {"harm": Harm.NONE}),
        ("后果比较严重", {"harm": Harm.SERIOUS}),
        ("没有造成严重后果", {"harm": Harm.SLIGHT}),
        ("有一点，很轻微", {"harm": Harm.SLIGHT}),
        ("三天前改好的", {"corrected": TIME}),
        ("第二天就改好了", {"corrected": TIME}),
        ("以前没被罚过", {"first_offence": True}),
        ("被提醒过一回", {"first_offence": False}),
        ("没人受伤", {"harm": Harm.NONE}),
        ("第一次，已经改了", {"first_offence": True, "corrected": TIME}),
        ("没造成后果，当场改的", {"harm": Harm.NONE, "corrected": SPOT}),
        ("头一回，改了，谁也没伤着", {"first_offence": True, "corrected": TIME, "harm": Harm.NONE}),
        (
            "没有造成什么后果，是第一次，还没改",
            {"harm": Harm.NONE, "first_offence": True, "corrected": NOT_YET},
        ),
        ("First time, nobody was hurt", {"harm": Harm.NONE, "first_offence": True}),
        ("是第一次\n当场改了\n没有", {"first_offence": True, "corrected": SPOT, "harm": Harm.NONE}),
        ("1. 改了 2. 没有 3. 是", {"corrected": TIME, "harm": Harm.NONE, "first_offence": True}),
        ("是，没有，是", {"corrected": TIME, "harm": Harm.NONE, "first_offence": True}),
        ("没有", {"corrected": NOT_YET}),
    ],
)
def test_what_was_asked_for_is_heard_in_any_order(reply: str, told: dict[str, object]):
    heard = take_up(ALL, reply, ON)
    assert heard is not None
    assert {name: getattr(heard, name) for name in told} == told
    assert set(ALL) & set(heard.known()) == set(told)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("是的，第一次", {"first_offence": True}),
        ("没有，第一次", {"first_offence": True}),
        ("第一次，是的", {"first_offence": True}),
        ("没有，没有", {}),
        ("不清楚", {}),
        ("第一次，其他不清楚", {"first_offence": True}),
    ],
)
def test_a_yes_or_no_that_could_be_about_two_facts_is_not_guessed(reply: str, told: dict[str, object]):
    heard = take_up(ALL, reply, ON)
    assert heard is not None
    assert {name: getattr(heard, name) for name in set(ALL) & set(heard.known())} == told


@pytest.mark.parametrize(
    ("asked", "reply", "told"),
    [
        (("harm", "acted_on"), "2026年5月20日", {"acted_on": ToldDay(2026, 5, 20)}),
        (("harm", "corrected_on"), "三天前改好的", {"corrected_on": ToldDay(2026, 11, 25)}),
        (
            ("harm", "corrected_on"),
            "昨天，没有影响",
            {"corrected_on": ToldDay(2026, 11, 27), "harm": Harm.NONE},
        ),
        (("first_offence", "amount_yuan"), "三百块", {"amount_yuan": 300.0}),
        (
            ("amount_yuan", "first_offence"),
            "是第一次，大概两百元",
            {"amount_yuan": 200.0, "first_offence": True},
        ),
        (("harm", "quantity"), "两处", {"quantity": (Quantity(2.0, "处"),)}),
        (("harm", "days_since_opening"), "两个多月", {"days_since_opening": 70}),
        (("amount_yuan", "duration_days"), "三天", {"duration_days": 3.0}),
        (("duration_days", "corrected"), "三天前改好的", {"corrected": TIME}),
        (
            ("harm", "emergency_exploited"),
            "没有造成后果，不是",
            {"harm": Harm.NONE, "emergency_exploited": False},
        ),
    ],
)
def test_a_number_or_a_day_answers_the_fact_told_in_such(
    asked: tuple[str, ...], reply: str, told: dict[str, object]
):
    heard = take_up(asked, reply, ON)
    assert heard is not None
    assert {name: getattr(heard, name) for name in set(asked) & set(heard.known())} == told


@pytest.mark.parametrize(
    "text",
    [
        "怎么申请",
        "怎么才算改正？",
        "没有改正会怎么样",
        "没有造成后果的标准是什么",
        "能撤回吗",
        "撤回要多久",
        "第一次违法是不是都不罚？",
        "柔性执法有哪些方式",
        "谢谢",
    ],
)
def test_a_question_of_its_own_is_no_reply(text: str):
    assert take_up(ALL, text, ON) is None


def choices() -> list[Any]:
    wordings = table("facts_asked")
    return [
        pytest.param(fact, choice, id=f"{fact}:{choice}")
        for fact in wordings
        for language in ("zh", "en")
        for choice in wordings[fact][language]["choices"]
    ]


@pytest.mark.parametrize(("fact", "choice"), choices())
def test_every_choice_offered_answers_its_question_wherever_it_stands(fact: str, choice: str):
    others = tuple(name for name in ALL if name != fact)
    alone, among = take_up((fact,), choice, ON), take_up((*others, fact), choice, ON)
    assert alone is not None
    assert among is not None
    offered = table("facts_asked")
    elsewhere = any(choice in offered[o][language]["choices"] for o in others for language in ("zh", "en"))
    assert elsewhere or getattr(among, fact) == getattr(alone, fact)


def test_a_reply_to_the_second_question_completes_the_case(ask: Ask):
    reply = ask(CASE, ZHANHE)
    assert [q.fact for q in reply.questions_back] == list(ALL)
    for said in ("有一点，很轻微", "第一次，已经改了"):
        reply = ask(said, after=reply)
    assert reply.verdict is not None
    assert reply.verdict.outcome is Outcome.MAY_BE_EXEMPT
    assert reply.questions_back == ()


def test_the_place_is_heard_where_it_was_asked_beside_facts(ask: Ask):
    asked = ask("我第一次占道经营，会罚吗")
    assert {q.fact for q in asked.questions_back} >= {"harm", "region"}
    placed = ask("湛河区", after=asked)
    assert placed.region == ZHANHE
    assert placed.verdict is not None
    both = ask("没有影响，盘锦的", after=asked)
    assert both.region == PANJIN
    assert "harm" not in {q.fact for q in both.questions_back}


@pytest.mark.parametrize("question", ["怎么申请", "撤回要多久", "没有造成后果的标准是什么"])
def test_a_new_question_stays_one(ask: Ask, question: str):
    reply = ask(question, after=ask(CASE, ZHANHE))
    assert reply.verdict is None
    assert reply.citations
