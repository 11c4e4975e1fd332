"""Whatever is told, in whatever order: the pre-check stays honest."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.assess import assess
from knowledge.conclusion import RANK, UNDECIDED
from knowledge.exemption import ListItem, ListOutcome, Outcome
from knowledge.parse.conditions import parse_conditions
from knowledge.programme import load_programmes
from knowledge.sector import load_sectors
from knowledge.situation import Correction, Fault, Finding, Harm, Mitigation, Quantity, Situation
from knowledge.starter_lists import starter_lists
from knowledge.told_day import ToldDay

PRINTED = ("没有违法所得", "未被列入严重失信主体名单", "签订承诺书")
TEXTS = (
    "初次违法；危害后果轻微；及时改正",
    "首次被发现；当场改正；没有造成危害后果",
    "不超过3处；及时改正；没有违法所得",
    "货值不足500元；5日内整改；未被列入严重失信主体名单",
    "12个月内首次被发现；逾期不超过3个月",
    "符合之一：二年内未被发现／轻微并及时改正且没有危害后果／有证据足以证明没有主观过错／其他法定情形",
    "主动消除或者减轻危害后果；签订承诺书",
    "取土在200立方米以下",
    "违法行为发生在2024年1月1日以前；2025年6月30日前完成整改",
    "开业未满六个月；及时改正",
    "24小时内改正；没有造成危害后果",
)

items = st.builds(
    lambda n, text, outcome, mandatory: ListItem(
        "l1", str(n), f"事项{n}", outcome, parse_conditions(text), region="全国", mandatory=mandatory
    ),
    st.integers(1, 99),
    st.sampled_from(TEXTS),
    st.sampled_from(ListOutcome),
    st.booleans(),
)
shipped = st.sampled_from([i for e in starter_lists() for i in e.items])
lists = st.lists(st.one_of(items, shipped), max_size=4, unique_by=lambda i: i.ref)
maybe: Callable[..., st.SearchStrategy[object]] = lambda *values: st.sampled_from((None, *values))  # noqa: E731
situations = st.builds(
    Situation,
    first_offence=maybe(True, False),
    harm=maybe(*Harm),
    corrected=maybe(*Correction),
    minor=maybe(True, False),
    fault=maybe(*Fault),
    emergency_exploited=maybe(True, False),
    high_risk=maybe(True, False),
    suspected_crime=maybe(False),
    refused_correction=maybe(True, False),
    repeat_within_months=maybe(1, 12, 13, 24, 40),
    amount_yuan=maybe(100, 500, 5000),
    quantity=st.sampled_from(((), (Quantity(2, "处"),), (Quantity(9, "处"), Quantity(100, "立方米")))),
    duration_days=maybe(1, 90, 400),
    correction_days=maybe(1, 5, 30),
    correction_hours=maybe(1, 24, 30),
    acted_on=maybe(ToldDay(2023), ToldDay(2024, 1, 1), ToldDay(2025)),
    corrected_on=maybe(ToldDay(2025, 6), ToldDay(2025, 6, 30), ToldDay(2026)),
    days_since_opening=maybe(30, 180, 400),
    age=maybe(10, 16, 40),
    time_since_act_years=maybe(0.5, 2, 3, 7),
    incapacity=maybe(True, False),
    mitigations=st.frozensets(st.sampled_from(list(Mitigation))),
    sectors=st.lists(st.sampled_from(list(load_sectors())), max_size=2, unique=True).map(tuple),
    told=st.lists(st.tuples(st.sampled_from(PRINTED), st.booleans()), max_size=3).map(tuple),
)
programmes = st.sampled_from((None, *load_programmes().values()))

WORSE: dict[str, object] = {
    "first_offence": False,
    "harm": Harm.SERIOUS,
    "corrected": Correction.REFUSED,
    "minor": False,
    "fault": Fault.INTENTIONAL,
    "emergency_exploited": True,
    "high_risk": True,
    "suspected_crime": True,
    "refused_correction": True,
    "repeat_within_months": 1,
    "amount_yuan": 1e9,
    "duration_days": 1e5,
    "correction_days": 1e4,
    "acted_on": ToldDay(2026),
    "corrected_on": ToldDay(2026),
    "days_since_opening": 1e5,
    "quantity": (Quantity(1e6, "处"), Quantity(1e6, "立方米")),
    "told": tuple((text, False) for text in PRINTED),
}


@given(situations, lists, programmes, st.sampled_from(sorted(WORSE)))
@settings(max_examples=400)
def test_adding_a_bad_fact_never_improves_the_outcome(situation, given_items, programme, fact):
    worse = dataclasses.replace(situation, **{fact: WORSE[fact]})
    before = assess(situation, given_items, programme)
    after = assess(worse, given_items, programme)
    if before.outcome not in (Outcome.LIGHTER, Outcome.MITIGATED) or after.outcome not in UNDECIDED:
        assert RANK[after.outcome] <= RANK[before.outcome]


@given(situations, lists, programmes)
@settings(max_examples=300)
def test_what_is_not_told_never_decides(situation, given_items, programme):
    verdict = assess(situation, given_items, programme)
    if verdict.outcome in (Outcome.SHALL_BE_EXEMPT, Outcome.MAY_BE_EXEMPT):
        commitments = ("签订承诺书", "违法行为轻微", "初次违法")
        own = [c for c in verdict.conditions if c.condition not in commitments]
        assert all(c.finding is Finding.MET for c in own)
    if verdict.outcome is Outcome.CONDITIONS_NOT_MET:
        assert any(c.finding is Finding.NOT_MET for c in verdict.conditions)
    if verdict.outcome is Outcome.NEEDS_FACTS:
        assert verdict.missing


@given(lists, programmes)
def test_nothing_told_never_exempts_and_never_denies(given_items, programme):
    verdict = assess(Situation(), given_items, programme)
    assert verdict.outcome is Outcome.NEEDS_FACTS


@given(situations, lists, programmes, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_of_facts_and_items_does_not_matter(
    situation, given_items, programme, chance: random.Random
):
    shuffled = list(given_items)
    chance.shuffle(shuffled)
    told, amounts, fields = list(situation.told), list(situation.quantity), list(situation.sectors)
    for some in (told, amounts, fields):
        chance.shuffle(some)
    other = dataclasses.replace(situation, told=tuple(told), quantity=tuple(amounts), sectors=tuple(fields))
    one, two = assess(situation, given_items, programme), assess(other, shuffled, programme)
    assert (one.outcome, one.ground, one.item) == (two.outcome, two.ground, two.item)
    assert (one.missing, one.programme.excluded) == (two.missing, two.programme.excluded)


@given(situations, lists, programmes)
@settings(max_examples=200)
def test_a_programme_never_changes_the_outcome(situation, given_items, programme):
    alone, beside = assess(situation, given_items), assess(situation, given_items, programme)
    assert (alone.outcome, alone.ground, alone.item) == (beside.outcome, beside.ground, beside.item)
    assert alone.missing == beside.missing


@given(situations, lists, programmes)
@settings(max_examples=200)
def test_every_verdict_gives_its_reasons_with_a_clause_each(situation, given_items, programme):
    verdict = assess(situation, given_items, programme)
    assert verdict.ground is not None
    assert verdict.conditions
    assert all(c.citation for c in verdict.conditions)
    assert verdict.citations
    assert verdict.cautions
    assert set(verdict.missing) <= {f.name for f in dataclasses.fields(Situation)}


@given(situations, lists)
@settings(max_examples=150)
def test_the_same_case_always_gets_the_same_verdict(situation, given_items):
    assert assess(situation, given_items) == assess(situation, given_items)
