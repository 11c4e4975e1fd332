"""Typed conditions are judged from what was told, and only from that."""

from datetime import date

import pytest

from knowledge.asking import asks, open_conditions
from knowledge.evaluation import all_of, any_of, evaluate
from knowledge.predicate import (
    ActMinor,
    AgeIs,
    AllOf,
    AmountAtMost,
    AnyOf,
    Appraisal,
    Appraised,
    Attestation,
    Attested,
    BusinessAgeAtMost,
    Corrected,
    Deed,
    DoneByDate,
    DurationAtMost,
    FirstOffence,
    HarmIs,
    Incapacity,
    Lookback,
    MitigatedBy,
    NoFault,
    OtherGround,
    Predicate,
    QuantityAtMost,
    Start,
    Term,
    TimeBar,
)
from knowledge.record import from_json, to_json
from knowledge.situation import Correction, Fault, Finding, Harm, Mitigation, Quantity, Situation

MET, NOT_MET, UNKNOWN, OFFICER = Finding.MET, Finding.NOT_MET, Finding.UNKNOWN, Finding.OFFICER

EVERY_KIND = (
    FirstOffence(),
    Lookback(24),
    TimeBar(),
    ActMinor(),
    HarmIs(),
    Corrected(),
    NoFault(),
    AmountAtMost(500),
    QuantityAtMost(3, "处"),
    DurationAtMost(60),
    DoneByDate(Deed.ACT, date(2024, 1, 1)),
    BusinessAgeAtMost(Start.OPENING, 180),
    AgeIs(),
    Incapacity(),
    MitigatedBy(Mitigation.MERIT),
    Attested(Attestation.CREDIT_CLEAN, "未被列入严重失信主体名单"),
    OtherGround(),
)


@pytest.mark.parametrize("predicate", EVERY_KIND, ids=lambda p: type(p).__name__)
def test_nothing_told_leaves_every_condition_unknown_or_the_officers(predicate: Predicate):
    assert evaluate(predicate, Situation()) in (UNKNOWN, OFFICER)


@pytest.mark.parametrize(
    ("predicate", "situation", "finding"),
    [
        (FirstOffence(), Situation(first_offence=True), MET),
        (FirstOffence(), Situation(first_offence=False), NOT_MET),
        (FirstOffence(window_months=12), Situation(first_offence=False), UNKNOWN),
        (FirstOffence(window_months=12), Situation(first_offence=False, repeat_within_months=12), NOT_MET),
        (FirstOffence(window_months=12), Situation(first_offence=False, repeat_within_months=13), MET),
        (FirstOffence(), Situation(first_offence=False, repeat_within_months=6), NOT_MET),
        (FirstOffence(), Situation(first_offence=False, repeat_within_months=36), OFFICER),
        (Lookback(24), Situation(repeat_within_months=24), NOT_MET),
        (Lookback(24), Situation(repeat_within_months=25), MET),
        (TimeBar(2), Situation(time_since_act_years=2), NOT_MET),
        (TimeBar(2), Situation(time_since_act_years=2.1), OFFICER),
        (ActMinor(), Situation(minor=True), MET),
        (ActMinor(), Situation(minor=True, harm=Harm.SERIOUS), NOT_MET),
        (ActMinor(markedly=True), Situation(minor=True), OFFICER),
        (HarmIs(Harm.NONE), Situation(harm=Harm.SLIGHT), NOT_MET),
        (HarmIs(Harm.SLIGHT), Situation(harm=Harm.NONE), MET),
        (HarmIs(Harm.NONE, "系统功能"), Situation(harm=Harm.SLIGHT), OFFICER),
        (HarmIs(Harm.NONE, "系统功能"), Situation(harm=Harm.SERIOUS), NOT_MET),
        (NoFault(), Situation(fault=Fault.NONE_PROVABLE), OFFICER),
        (NoFault(), Situation(fault=Fault.NEGLIGENT), NOT_MET),
        (NoFault(provable=False), Situation(fault=Fault.NEGLIGENT), MET),
        (NoFault(provable=False), Situation(fault=Fault.INTENTIONAL), NOT_MET),
        (AmountAtMost(500), Situation(amount_yuan=500), MET),
        (AmountAtMost(500, strict=True), Situation(amount_yuan=500), NOT_MET),
        (AmountAtMost(200, per="人均"), Situation(amount_yuan=900), OFFICER),
        (DurationAtMost(60, strict=True), Situation(duration_days=60), NOT_MET),
        (DurationAtMost(60), Situation(duration_days=60), MET),
        (AgeIs(below=14), Situation(age=13), MET),
        (AgeIs(below=14), Situation(age=14), NOT_MET),
        (AgeIs(14, 18), Situation(age=17), MET),
        (Incapacity(), Situation(incapacity=True), OFFICER),
        (MitigatedBy(Mitigation.MERIT), Situation(mitigations=frozenset({Mitigation.MERIT})), MET),
    ],
)
def test_what_is_told_decides(predicate: Predicate, situation: Situation, finding: Finding):
    assert evaluate(predicate, situation) is finding


@pytest.mark.parametrize(
    ("term", "told", "finding"),
    [
        (Term.TIMELY, Correction.IN_TIME, MET),
        (Term.TIMELY, Correction.LATE, NOT_MET),
        (Term.TIMELY, Correction.NOT_YET, NOT_MET),
        (Term.IN_PERIOD, Correction.BEFORE_DISCOVERY, MET),
        (Term.ON_THE_SPOT, Correction.ON_THE_SPOT, MET),
        (Term.ON_THE_SPOT, Correction.IN_TIME, OFFICER),
        (Term.AT_ONCE, Correction.IN_TIME, OFFICER),
        (Term.OWN_MOTION, Correction.BEFORE_DISCOVERY, MET),
        (Term.OWN_MOTION, Correction.IN_TIME, NOT_MET),
        (Term.BEFORE_ORDER, Correction.IN_TIME, OFFICER),
    ],
)
def test_each_term_of_correction_takes_its_own_kinds(term: Term, told: Correction, finding: Finding):
    assert evaluate(Corrected(term), Situation(corrected=told)) is finding


@pytest.mark.parametrize(
    ("working", "days", "finding"),
    [(False, 5, MET), (False, 6, NOT_MET), (True, 5, MET), (True, 7, OFFICER), (True, 40, NOT_MET)],
)
def test_working_days_leave_a_band_that_only_the_calendar_settles(working: bool, days: int, finding: Finding):
    limit = Corrected(Term.WITHIN_DAYS, 5, working)
    told = Situation(corrected=Correction.IN_TIME, correction_days=days)
    assert evaluate(limit, told) is finding


def test_a_refusal_outweighs_any_correction_told():
    told = Situation(corrected=Correction.IN_TIME, refused_correction=True)
    assert evaluate(Corrected(), told) is NOT_MET


def test_quantities_compare_across_units_of_one_measure():
    limit = QuantityAtMost(30, "公斤")
    assert evaluate(limit, Situation(quantity=(Quantity(60, "斤"),))) is MET
    assert evaluate(limit, Situation(quantity=(Quantity(0.05, "吨"),))) is NOT_MET
    assert evaluate(limit, Situation(quantity=(Quantity(5, "处"),))) is UNKNOWN


def test_the_largest_of_several_quantities_counts():
    told = Situation(quantity=(Quantity(1, "处"), Quantity(9, "处")))
    assert evaluate(QuantityAtMost(3, "处"), told) is NOT_MET


def test_a_total_over_a_limit_per_floor_is_the_officers():
    told = Situation(quantity=(Quantity(3, "个"),))
    assert evaluate(QuantityAtMost(1, "个", per="每楼层"), told) is OFFICER


def test_a_printed_condition_is_answered_by_its_text_and_a_no_outweighs_a_yes():
    gain = Attested(Attestation.NO_ILLEGAL_GAIN, "没有违法所得")
    assert evaluate(gain, Situation(told=(("没有违法所得", True),))) is MET
    both = (("没有违法所得", True), ("没有违法所得", False))
    assert evaluate(gain, Situation(told=both)) is NOT_MET
    assert evaluate(gain, Situation(told=both[::-1])) is NOT_MET


def test_an_appraisal_stays_the_officers_whatever_the_asker_thinks():
    risk = Appraised(Appraisal.RISK, "不构成重大安全隐患")
    assert evaluate(risk, Situation(told=(("不构成重大安全隐患", True),))) is OFFICER
    assert evaluate(risk, Situation(told=(("不构成重大安全隐患", False),))) is NOT_MET


def test_joined_findings_take_the_worst_and_alternatives_the_best():
    assert all_of((MET, OFFICER, UNKNOWN)) is UNKNOWN
    assert all_of((MET, OFFICER)) is OFFICER
    assert all_of((UNKNOWN, NOT_MET)) is NOT_MET
    assert any_of((NOT_MET, OFFICER)) is OFFICER
    assert any_of((UNKNOWN, MET)) is MET
    assert any_of((NOT_MET, NOT_MET)) is NOT_MET


def test_only_what_could_still_settle_a_finding_is_asked():
    rule = AllOf((FirstOffence(), HarmIs(), Corrected()))
    assert asks(rule, Situation()) == {"first_offence", "harm", "corrected"}
    assert asks(rule, Situation(first_offence=True, harm=Harm.NONE)) == {"corrected"}
    assert asks(rule, Situation(harm=Harm.SERIOUS)) == frozenset()


def test_nobody_is_asked_for_exceptional_grounds():
    rule = AnyOf((AgeIs(), TimeBar(), NoFault(), AllOf((ActMinor(), Corrected()))))
    assert asks(rule, Situation()) == {"corrected"}


def test_a_second_offence_is_asked_how_long_ago_where_the_list_has_a_window():
    assert asks(FirstOffence(window_months=24), Situation(first_offence=False)) == {"repeat_within_months"}


def test_printed_conditions_that_no_fact_covers_are_offered_for_a_yes_or_no():
    rule = AllOf((Corrected(), Attested(Attestation.NO_ILLEGAL_GAIN, "没有违法所得")))
    assert open_conditions(rule, Situation(corrected=Correction.IN_TIME)) == ("没有违法所得",)


@pytest.mark.parametrize("predicate", EVERY_KIND, ids=lambda p: type(p).__name__)
def test_predicates_survive_the_record(predicate: Predicate):
    nested = AnyOf((predicate, AllOf((predicate, Appraised(Appraisal.TEXT, "其他")))))
    assert from_json(Predicate, to_json(nested)) == nested
