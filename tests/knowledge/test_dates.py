"""Conditions on calendar days and on the age of a business: read, judged, asked for, tried and kept."""

import json
from datetime import date

import pytest

from knowledge.asking import asks, fact_of
from knowledge.assess import assess
from knowledge.edition import Edition, InstrumentKind
from knowledge.evaluation import evaluate
from knowledge.exemption import ListItem, ListOutcome, Outcome
from knowledge.item_case import judge_case, propose_cases
from knowledge.parse.conditions import parse_condition, parse_conditions
from knowledge.predicate import (
    AllOf,
    BusinessAgeAtMost,
    Deed,
    DoneByDate,
    DurationAtMost,
    LimitDay,
    Predicate,
    Start,
    leaves,
)
from knowledge.record import edition_from_json, edition_to_json, from_json, to_json
from knowledge.situation import Correction, Finding, Situation
from knowledge.told_day import ToldDay

MET, NOT_MET, UNKNOWN, OFFICER = Finding.MET, Finding.NOT_MET, Finding.UNKNOWN, Finding.OFFICER
JUNE = date(2025, 6, 30)


def corrected_by(limit: LimitDay = LimitDay.UNSAID, day: date = JUNE) -> DoneByDate:
    return DoneByDate(Deed.CORRECTION, day, limit)


def ended_by(day: date, limit: LimitDay = LimitDay.UNSAID) -> DoneByDate:
    return DoneByDate(Deed.ACT, day, limit)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2025年6月30日前完成整改", corrected_by()),
        ("已于2025年6月30日之前改正", corrected_by()),
        ("二〇二五年六月三十日以前整改完毕", corrected_by()),
        ("截至2025年6月30日已完成整改", corrected_by(LimitDay.INCLUDED)),
        ("2025年6月30日（含当日）前改正", corrected_by(LimitDay.INCLUDED)),
        ("2025年6月30日前（不含本日）改正", corrected_by(LimitDay.EXCLUDED)),
        ("2025年6月底前整改到位", corrected_by(LimitDay.INCLUDED)),
        ("2025年底前完成整改", corrected_by(LimitDay.INCLUDED, date(2025, 12, 31))),
        ("违法行为发生在2024年1月1日以前", ended_by(date(2024, 1, 1))),
        ("违法行为在2023年12月31日前终了", ended_by(date(2023, 12, 31))),
        ("2024年1月1日前已停止违法行为", ended_by(date(2024, 1, 1))),
        ("开业未满六个月", BusinessAgeAtMost(Start.OPENING, 180, strict=True)),
        ("自开业之日起三个月内", BusinessAgeAtMost(Start.OPENING, 90)),
        ("登记注册之日起六个月内", BusinessAgeAtMost(Start.REGISTRATION, 180)),
        ("自领取营业执照之日起6个月内", BusinessAgeAtMost(Start.REGISTRATION, 180)),
        ("成立不满一年", BusinessAgeAtMost(Start.REGISTRATION, 365, strict=True)),
        ("新设立的企业一年内", BusinessAgeAtMost(Start.REGISTRATION, 365)),
        ("持续时间不满三个月", DurationAtMost(90, strict=True)),
    ],
)
def test_a_printed_day_or_age_says_what_it_means(text: str, meaning: Predicate):
    assert parse_condition(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "2025年6月前及时改正",
        "2025年6月31日前改正",
        "违法行为发生于2024年1月1日",
        "未在2025年6月30日前改正",
        "开业三个月",
    ],
)
def test_a_day_that_is_no_day_or_no_limit_is_left_to_the_officer(text: str):
    assert parse_condition(text) is None


def test_a_day_binds_together_with_what_stands_beside_it():
    found = parse_condition("违法行为发生在2024年1月1日之前且及时改正")
    assert isinstance(found, AllOf)
    assert next(leaves(found)) == ended_by(date(2024, 1, 1))


@pytest.mark.parametrize(
    ("limit", "told", "finding"),
    [
        (LimitDay.UNSAID, ToldDay(2025, 6, 29), MET),
        (LimitDay.UNSAID, ToldDay(2025, 6, 30), OFFICER),
        (LimitDay.INCLUDED, ToldDay(2025, 6, 30), MET),
        (LimitDay.EXCLUDED, ToldDay(2025, 6, 30), NOT_MET),
        (LimitDay.INCLUDED, ToldDay(2025, 7, 1), NOT_MET),
        (LimitDay.UNSAID, ToldDay(2025, 5), MET),
        (LimitDay.UNSAID, ToldDay(2025, 6), UNKNOWN),
        (LimitDay.INCLUDED, ToldDay(2025, 6), MET),
        (LimitDay.UNSAID, ToldDay(2025), UNKNOWN),
        (LimitDay.UNSAID, ToldDay(2024), MET),
        (LimitDay.UNSAID, ToldDay(2026), NOT_MET),
        (LimitDay.UNSAID, None, UNKNOWN),
    ],
)
def test_a_day_told_roughly_decides_only_where_all_of_it_lies_on_one_side(
    limit: LimitDay, told: ToldDay | None, finding: Finding
):
    assert evaluate(ended_by(JUNE, limit), Situation(acted_on=told)) is finding
    corrected = Situation(corrected=Correction.IN_TIME, corrected_on=told)
    assert evaluate(corrected_by(limit), corrected) is finding


@pytest.mark.parametrize("told", [Correction.NOT_YET, Correction.REFUSED])
def test_what_is_not_corrected_was_not_corrected_by_any_day(told: Correction):
    assert evaluate(corrected_by(), Situation(corrected=told)) is NOT_MET


def test_late_for_an_order_may_still_be_before_the_day_of_the_list():
    late = Situation(corrected=Correction.LATE, corrected_on=ToldDay(2025, 5, 1))
    assert evaluate(corrected_by(), late) is MET


@pytest.mark.parametrize(("days", "finding"), [(179, MET), (180, NOT_MET), (None, UNKNOWN)])
def test_the_age_of_a_business_is_counted_from_what_the_list_names(days: float | None, finding: Finding):
    limit = BusinessAgeAtMost(Start.OPENING, 180, strict=True)
    assert evaluate(limit, Situation(days_since_opening=days)) is finding
    assert evaluate(limit, Situation(days_since_registration=days)) is UNKNOWN


def test_an_unknown_day_is_asked_for_after_whether_it_was_corrected_at_all():
    assert asks(corrected_by(), Situation()) == {"corrected"}
    assert asks(corrected_by(), Situation(corrected=Correction.IN_TIME)) == {"corrected_on"}
    assert asks(ended_by(JUNE), Situation(acted_on=ToldDay(2025))) == {"acted_on"}
    assert fact_of(BusinessAgeAtMost(Start.REGISTRATION, 90)) == "days_since_registration"


def item(text: str) -> ListItem:
    outcome = ListOutcome.SHALL_BE_EXEMPT
    return ListItem("l", "1", "未备案", outcome, parse_conditions(text), region="全国")


def test_the_pre_check_asks_for_the_day_and_then_decides_by_it():
    one = item("违法行为发生在2024年1月1日以前")
    before = assess(Situation(), [one], sure=[one.ref])
    assert before.outcome is Outcome.NEEDS_FACTS
    assert "acted_on" in before.missing
    after = assess(Situation(acted_on=ToldDay(2023, 12)), [one], sure=[one.ref])
    assert after.outcome is Outcome.SHALL_BE_EXEMPT


@pytest.mark.parametrize(
    "text",
    [
        "2025年6月30日前完成整改",
        "违法行为发生在2024年1月1日以前；2025年6月30日前完成整改",
        "开业未满六个月；立即改正；2025年底前完成整改",
        "自登记之日起一年内；登记不满六个月",
    ],
)
def test_cases_are_proposed_on_either_side_of_a_day_and_pass(text: str):
    one = item(text)
    cases = propose_cases(one).cases
    assert cases[0].due is Outcome.SHALL_BE_EXEMPT
    assert len(cases) > 1
    assert all(judge_case(one, case).passes for case in cases)
    refused = [case.situation for case in cases if case.situation.corrected is Correction.REFUSED]
    assert all(told.corrected_on is None for told in refused)
    assert all(from_json(Situation, to_json(case.situation)) == case.situation for case in cases)


@pytest.mark.parametrize("predicate", [corrected_by(LimitDay.INCLUDED), BusinessAgeAtMost(Start.OPENING, 90)])
def test_a_day_comes_back_from_its_record(predicate: Predicate):
    record = to_json(predicate)
    assert from_json(Predicate, record) == predicate
    assert record["kind"] == type(predicate).__name__


def test_a_list_with_such_conditions_is_exported_and_brought_back_as_it_was():
    items = (
        item("违法行为发生在2024年1月1日以前；2025年6月30日（含当日）前完成整改；登记不满一年；24小时内改正"),
    )
    edition = Edition("l", InstrumentKind.LIST, "清单", "全国", items=items)
    assert edition_from_json(json.loads(json.dumps(edition_to_json(edition)))) == edition


@pytest.mark.parametrize("text", ["2025", "2025-06", "2025-06-30"])
def test_a_told_day_is_written_as_it_was_told(text: str):
    assert str(ToldDay.read(text)) == text


@pytest.mark.parametrize("text", ["", "2025-13", "2025-02-30", "06-30", "2025-06-30-1", "0000"])
def test_what_is_no_day_of_the_calendar_is_refused(text: str):
    with pytest.raises(ValueError, match=r"day|month|year"):
        ToldDay.read(text)
