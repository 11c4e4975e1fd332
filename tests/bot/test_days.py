"""Days and the age of a business, as people tell them; a day without its year is never guessed."""

from datetime import date

import pytest

from bot.facts import UNKNOWN, answer_fact, read_facts
from knowledge.situation import Correction
from knowledge.told_day import ToldDay

ON = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年6月20日就改好了，没出事", ToldDay(2025, 6, 20)),
        ("昨天已经改完了", ToldDay(2026, 11, 27)),
        ("去年三月全部整改到位", ToldDay(2025, 3)),
        ("we fixed it on March 5, 2025", ToldDay(2025, 3, 5)),
        ("6月20号改好的", None),
        ("限2025年6月30日前改正，我没改", None),
        ("2025年6月30日要求改正", None),
        ("2025年6月1日改了一半，2025年7月1日改好了", None),
    ],
)
def test_the_day_of_a_correction_is_read_where_it_is_told_in_full(text: str, day: ToldDay | None):
    assert read_facts(text, ON).corrected_on == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年1月3日就停了", ToldDay(2024, 1, 3)),
        ("去年3月5日发生的事，现在才来找我", ToldDay(2025, 3, 5)),
        ("2024年领的执照，招牌没审批", None),
        ("2023年2月30日停业了", None),
    ],
)
def test_the_day_of_an_act_is_read_only_from_words_that_say_so(text: str, day: ToldDay | None):
    assert read_facts(text, ON).acted_on == day


@pytest.mark.parametrize(
    ("text", "opened", "registered"),
    [
        ("我们开业才两个月，第一次", 60, None),
        ("三个月前刚开的店，招牌没审批", 90, None),
        ("公司成立不到三个月，忘了年报", None, 89),
        ("占道经营三个月了", None, None),
    ],
)
def test_the_age_of_a_business_is_neither_a_duration_nor_the_other_age(
    text: str, opened: float | None, registered: float | None
):
    told = read_facts(text, ON)
    assert (told.days_since_opening, told.days_since_registration) == (opened, registered)
    assert told.duration_days is None or (opened, registered) == (None, None)


@pytest.mark.parametrize(
    ("fact", "reply", "value"),
    [
        ("acted_on", "2023年12月20日", ToldDay(2023, 12, 20)),
        ("acted_on", "去年三月", ToldDay(2025, 3)),
        ("acted_on", "2024-01-05", ToldDay(2024, 1, 5)),
        ("acted_on", "12月20日", UNKNOWN),
        ("acted_on", "不清楚", UNKNOWN),
        ("acted_on", "柔性执法是什么？", None),
        ("corrected_on", "5 March 2025", ToldDay(2025, 3, 5)),
        ("corrected_on", "昨天", ToldDay(2026, 11, 27)),
        ("days_since_opening", "不到三个月", 89),
        ("days_since_registration", "半年", 180),
    ],
)
def test_a_reply_to_the_question_for_a_day_is_read(fact: str, reply: str, value: object):
    assert answer_fact(fact, reply, ON) == value


def test_without_a_day_of_asking_no_relative_day_is_guessed():
    assert read_facts("昨天已经改完了").corrected_on is None
    assert read_facts("昨天已经改完了").corrected is Correction.IN_TIME


@pytest.mark.parametrize(
    ("text", "hours", "corrected"),
    [
        ("两个小时就全部改好了", 2, Correction.IN_TIME),
        ("24小时内改完了，没有后果", 24, Correction.IN_TIME),
        ("责令24小时内改，我们30分钟就清了", 0.5, Correction.ON_THE_SPOT),
        ("限24小时内改正，第三天才改完", None, Correction.LATE),
        ("限24小时内改正，我们当天就改好了", None, Correction.IN_TIME),
        ("我们卖了三个小时的水果，被城管说了", None, None),
    ],
)
def test_hours_of_a_correction_are_read_apart_from_those_given(
    text: str, hours: float | None, corrected: Correction | None
):
    told = read_facts(text, ON)
    assert told.correction_hours == (None if hours is None else pytest.approx(hours))
    assert told.corrected is corrected
