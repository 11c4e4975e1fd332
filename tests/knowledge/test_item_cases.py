"""Every item of every list is given cases that it passes, or a reason why there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from knowledge.exemption import Condition, ListItem, ListOutcome, Outcome
from knowledge.item_case import (
    ItemCase,
    NoProposal,
    can_be_told,
    case_key,
    judge_case,
    meaning_digest,
    officers_case,
    propose_cases,
)
from knowledge.listing import effect, requirements
from knowledge.parse.conditions import parse_conditions
from knowledge.predicate import AgeIs, AllOf, AmountAtMost, AnyOf, Appraised, OtherGround, leaves
from knowledge.record import from_json, to_json
from knowledge.situation import Harm, Quantity, Situation

from .test_assess_lists import ITEMS
from .test_assess_properties import items as made_up


def make_item(text: str, outcome: ListOutcome = ListOutcome.MAY_BE_EXEMPT, **changes: object) -> ListItem:
    return replace(
        ListItem("list", "1", "占道经营", outcome, parse_conditions(text), region="全国"), **changes
    )


def honest(item: ListItem) -> None:
    """What must hold of the cases of any item."""
    proposal = propose_cases(item)
    assert bool(proposal.cases) is (proposal.reason is None)
    for case in proposal.cases:
        assert judge_case(item, case).passes
    if proposal.cases:
        first, *others = proposal.cases
        assert first.condition == ""
        assert first.due is not Outcome.CONDITIONS_NOT_MET
        assert all(case.condition and case.due is not effect(item) for case in others)
        assert len({case_key(case) for case in proposal.cases}) == len(proposal.cases)


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_every_proposed_case_passes_on_the_item_it_was_proposed_from(item: ListItem):
    honest(item)
    if propose_cases(item).reason is NoProposal.UNTYPED:
        gates = [r for r in requirements(item) if r.gate]
        assert not any(can_be_told(r.predicate) for r in gates)


@given(made_up)
def test_so_does_every_case_of_an_item_that_nobody_has_seen(item: ListItem):
    honest(item)


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_where_everything_can_be_told_the_positive_case_has_the_effect_of_the_item(item: ListItem):
    parts = [leaf for r in requirements(item) for leaf in leaves(r.predicate)]
    proposal = propose_cases(item)
    plain = all(type(p).__name__ in ("FirstOffence", "HarmIs", "Corrected", "Lookback") for p in parts)
    if proposal.cases and plain:
        assert proposal.cases[0].due is effect(item)
        assert len(proposal.cases) == 1 + len({type(part) for part in parts})


def test_the_cases_of_an_item_read_as_a_person_would_write_them():
    item = make_item("初次违法；危害后果轻微；罚款金额不足1000元")
    met, repeated, harmed, too_much = propose_cases(item).cases
    assert (met.situation.first_offence, met.situation.harm, met.situation.amount_yuan) == (
        True,
        Harm.SLIGHT,
        500,
    )
    assert met.due is Outcome.MAY_BE_EXEMPT
    assert [c.condition for c in (repeated, harmed, too_much)] == [c.text for c in item.conditions]
    assert {c.due for c in (repeated, harmed, too_much)} == {Outcome.CONDITIONS_NOT_MET}
    assert too_much.situation.amount_yuan == 3000
    result = judge_case(item, too_much)
    assert (result.outcome, result.failed) == (Outcome.CONDITIONS_NOT_MET, ("罚款金额不足1000元",))


def test_a_case_speaks_of_its_item_alone_and_shows_the_whole_pre_check_beside_it():
    """Illegal gains fail the item; the second limb of article 33 does not ask for them."""
    item = make_item("初次违法；危害后果轻微；及时改正；没有违法所得")
    gained = next(c for c in propose_cases(item).cases if c.condition == "没有违法所得")
    result = judge_case(item, gained)
    assert (result.passes, result.outcome) == (True, Outcome.CONDITIONS_NOT_MET)
    assert result.verdict.outcome is Outcome.MAY_BE_EXEMPT


def test_a_first_offence_that_the_item_does_not_repeat_has_its_case_too():
    item = make_item("及时改正", ListOutcome.FIRST_OFFENCE_EXEMPT)
    assert [c.condition for c in propose_cases(item).cases] == ["", "及时改正", "初次违法"]


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ((Condition("情节特殊"),), NoProposal.UNTYPED),
        ((), NoProposal.UNTYPED),
        ((Condition("其他法定情形", OtherGround()),), NoProposal.UNTYPED),
        ((Condition("签订承诺书"),), NoProposal.UNTYPED),
        ((Condition("未成年", AgeIs(0, 14)), Condition("已成年", AgeIs(60, 99))), NoProposal.CONTRADICTORY),
    ],
)
def test_where_there_is_nothing_to_try_no_case_is_made_up(
    conditions: tuple[Condition, ...], reason: NoProposal
):
    proposal = propose_cases(make_item("及时改正", conditions=conditions))
    assert (proposal.cases, proposal.reason) == ((), reason)


def test_an_item_of_which_nothing_can_be_told_is_the_officers_whatever_happened():
    item = make_item("情节特殊")
    assert judge_case(item, officers_case(item)).passes
    typed = make_item("及时改正")
    assert not judge_case(typed, officers_case(typed)).passes


def test_two_limits_on_one_sum_are_both_kept():
    item = make_item(
        "及时改正", conditions=(Condition("甲", AmountAtMost(1000)), Condition("乙", AmountAtMost(50_000)))
    )
    assert propose_cases(item).cases[0].situation.amount_yuan == 500


def test_a_case_fails_when_the_item_comes_to_say_something_else():
    item = make_item("初次违法；罚款金额不足1000元")
    met, _, too_much = propose_cases(item).cases
    laxer = make_item("初次违法；罚款金额不足1万元")
    assert judge_case(laxer, met).passes
    result = judge_case(laxer, too_much)
    assert (result.passes, result.outcome) == (False, Outcome.MAY_BE_EXEMPT)
    duty = replace(item, outcome=ListOutcome.SHALL_BE_EXEMPT)
    assert judge_case(duty, met).outcome is Outcome.SHALL_BE_EXEMPT
    assert not judge_case(duty, met).passes


def test_a_case_names_the_condition_that_must_be_found_wanting():
    item = make_item("初次违法；罚款金额不足1000元")
    wrong = ItemCase(
        Situation(first_offence=False, amount_yuan=10), Outcome.CONDITIONS_NOT_MET, "罚款金额不足1000元"
    )
    assert not judge_case(item, wrong).passes
    assert judge_case(item, replace(wrong, condition="初次违法")).passes
    assert judge_case(item, replace(wrong, condition="不再印着的条件")).passes


def test_a_suspected_crime_is_no_business_of_the_item():
    item = make_item("初次违法")
    told = ItemCase(Situation(first_offence=True, suspected_crime=True), Outcome.NO_OPINION)
    assert judge_case(item, told).passes
    assert not judge_case(item, replace(told, due=Outcome.MAY_BE_EXEMPT)).passes


def test_the_meaning_of_an_item_is_its_conditions_and_its_effect_and_nothing_else():
    item = make_item("初次违法；危害后果轻微")
    same = replace(item, matter="换个说法", measures="说服教育", topics=("withdrawal",), asked_as=("摆摊",))
    assert meaning_digest(same) == meaning_digest(item)
    changes = (
        {"outcome": ListOutcome.SHALL_BE_EXEMPT},
        {"mandatory": True},
        {"conditions": item.conditions[:1]},
        {"conditions": (*item.conditions[:1], replace(item.conditions[1], predicate=None))},
    )
    assert len({meaning_digest(replace(item, **change)) for change in changes} | {meaning_digest(item)}) == 5


def test_a_case_is_kept_and_read_back_as_it_was():
    for case in propose_cases(make_item("符合之一：3处以下／没有违法所得／受他人胁迫")).cases:
        assert from_json(ItemCase, to_json(case)) == case


def test_any_of_fails_only_where_every_way_fails():
    item = make_item("符合之一：不超过3处／没有违法所得")
    assert isinstance(item.conditions[0].predicate, AnyOf)
    _, none = propose_cases(item).cases
    assert none.due is Outcome.CONDITIONS_NOT_MET
    assert {type(p) for p in leaves(AllOf((item.conditions[0].predicate,)))} - {Appraised}


def test_the_same_case_told_in_another_order_is_the_same_case():
    told = Situation(
        quantity=(Quantity(1, "处"), Quantity(2, "人")), told=(("甲", True), ("乙", False)), sectors=("fire",)
    )
    other = Situation(quantity=told.quantity[::-1], told=told.told[::-1], sectors=("traffic",))
    due = Outcome.NEEDS_FACTS
    assert case_key(ItemCase(told, due)) == case_key(ItemCase(other, due, "甲"))
    assert case_key(ItemCase(told, due)) != case_key(ItemCase(replace(told, age=16), due))
