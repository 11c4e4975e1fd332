"""A correction within hours keeps its limit: read, judged, tried and kept; no time told passes for 及时."""

import pytest

from knowledge.casework import edges
from knowledge.evaluation import evaluate
from knowledge.exemption import ListItem, ListOutcome, Outcome
from knowledge.item_case import judge_case, propose_cases
from knowledge.parse.conditions import parse_condition, parse_conditions
from knowledge.predicate import Corrected, Predicate, Term
from knowledge.record import from_json, to_json
from knowledge.situation import Correction, Finding, Situation

MET, NOT_MET, OFFICER = Finding.MET, Finding.NOT_MET, Finding.OFFICER


def within(hours: float, start: str = "") -> Corrected:
    return Corrected(Term.WITHIN_HOURS, start=start, hours=hours)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("24小时内改正", within(24)),
        ("二十四小时之内完成整改", within(24)),
        ("48个小时以内整改完毕", within(48)),
        ("自检查发现之日起24小时内改正", within(24, "检查发现")),
        ("责令改正后2小时内改正", within(2, "责令改正后")),
        ("在1小时内自行清理", within(1)),
        ("30分钟内清理完毕", within(0.5)),
        ("半小时内整改", within(0.5)),
        ("半天内改正", within(12)),
        ("15日内改正", Corrected(Term.WITHIN_DAYS, 15)),
        ("3个工作日之内改正", Corrected(Term.WITHIN_DAYS, 3, working_days=True)),
        ("一周内改正", Corrected(Term.WITHIN_DAYS, 7)),
        ("半个月内整改", Corrected(Term.WITHIN_DAYS, 15)),
        ("一个月内完成整改", Corrected(Term.WITHIN_DAYS, 30)),
        ("当场改正", Corrected(Term.ON_THE_SPOT)),
        ("当即改正", Corrected(Term.AT_ONCE)),
        ("立即改正", Corrected(Term.AT_ONCE)),
        ("及时改正", Corrected()),
        ("当日及时改正", None),
        ("2025年6月及时改正", None),
        ("未在24小时内改正", None),
    ],
)
def test_a_time_for_the_correction_is_kept_or_left_to_the_officer(text: str, meaning: Predicate | None):
    assert parse_condition(text) == meaning


@pytest.mark.parametrize(
    ("limit", "told", "finding"),
    [
        (24, Situation(correction_hours=24), MET),
        (24, Situation(correction_hours=24.5), NOT_MET),
        (24, Situation(), OFFICER),
        (24, Situation(correction_days=1), OFFICER),
        (48, Situation(correction_days=1), MET),
        (24, Situation(correction_days=2), OFFICER),
        (24, Situation(correction_days=3), NOT_MET),
    ],
)
def test_hours_told_decide_and_days_only_where_they_must(limit: float, told: Situation, finding: Finding):
    in_time = Situation(
        corrected=Correction.IN_TIME,
        correction_days=told.correction_days,
        correction_hours=told.correction_hours,
    )
    assert evaluate(within(limit), in_time) is finding


def test_hours_told_count_against_a_limit_in_days():
    told = Situation(corrected=Correction.IN_TIME, correction_hours=60)
    assert evaluate(Corrected(Term.WITHIN_DAYS, 3), told) is MET
    assert evaluate(Corrected(Term.WITHIN_DAYS, 2), told) is NOT_MET


def test_on_the_spot_is_within_any_hours_and_late_within_none():
    assert evaluate(within(2), Situation(corrected=Correction.ON_THE_SPOT)) is MET
    assert evaluate(within(2), Situation(corrected=Correction.LATE, correction_hours=1)) is NOT_MET


def test_cases_are_proposed_for_a_limit_in_hours_and_pass():
    one = ListItem("l", "1", "乱堆物料", ListOutcome.SHALL_BE_EXEMPT, parse_conditions("24小时内改正"))
    cases = propose_cases(one).cases
    assert [case.due for case in cases] == [Outcome.SHALL_BE_EXEMPT, Outcome.CONDITIONS_NOT_MET]
    assert all(judge_case(one, case).passes for case in cases)
    (edge,) = edges(one)
    assert edge.situation.correction_hours == 24


def test_hours_come_back_from_their_record():
    assert from_json(Predicate, to_json(within(0.5))) == within(0.5)
    assert "hours" not in to_json(Corrected(Term.WITHIN_DAYS, 5))
