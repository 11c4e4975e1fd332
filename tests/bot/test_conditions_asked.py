"""A condition on a day, on hours or on the age of a business is asked back, and the reply decides it."""

from __future__ import annotations

from datetime import date

import pytest

from bot import Question, answer
from bot.reply import Reply
from knowledge.edition import Edition, InstrumentKind
from knowledge.exemption import ListItem, ListOutcome, Outcome
from knowledge.library import Knowledge
from knowledge.parse.conditions import parse_conditions
from knowledge.starter import starter_editions
from tests.questions.test_golden import opened

NINGBO = "浙江省/宁波市"
ON = date(2026, 11, 28)
STREET = "我在店门口的路上堆了水泥沙子占了道，城管来查，两个小时就全部清理好了，会罚吗"
NIGHT = "工地没经过批准夜里施工，被举报了，后来停了，会罚吗"


@pytest.fixture(scope="module")
def ningbo(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    printed = (
        ("擅自占用城市道路堆放物料", "违法行为发生在2026年7月1日以前；24小时内改正"),
        ("未经批准擅自夜间施工", "开业未满六个月；及时改正"),
    )
    items = tuple(
        ListItem(
            "ningbo",
            str(n),
            matter,
            ListOutcome.SHALL_BE_EXEMPT,
            parse_conditions(conditions),
            department="宁波市综合行政执法局",
            field="城市管理",
            region=NINGBO,
        )
        for n, (matter, conditions) in enumerate(printed, 1)
    )
    own = Edition("ningbo", InstrumentKind.LIST, "宁波市城市管理免罚清单", NINGBO, items=items)
    return opened(tmp_path_factory.mktemp("ningbo"), (*starter_editions(), own))


def talk(knowledge: Knowledge, *told: str) -> list[Reply]:
    replies: list[Reply] = []
    for text in told:
        memory = dict(replies[-1].memory) if replies else {}
        replies.append(answer(Question(text, NINGBO, ON, memory), knowledge))
    return replies


def test_the_day_on_which_it_ended_is_asked_back_and_decides(ningbo: Knowledge):
    asked, decided = talk(ningbo, STREET, "2026年5月20日")
    assert asked.questions_back[0].fact == "acted_on"
    assert "24小时内改正" in asked.answer
    assert decided.verdict is not None
    assert decided.verdict.outcome is Outcome.SHALL_BE_EXEMPT
    assert "违法行为发生在2026年7月1日以前" in decided.answer


def test_a_day_without_its_year_is_asked_again_and_a_later_one_closes_the_item(ningbo: Knowledge):
    _, again, later = talk(ningbo, STREET, "8月3日", "2026年8月3日")
    assert again.questions_back[0].fact == "acted_on"
    assert later.verdict is not None
    assert later.verdict.outcome is not Outcome.SHALL_BE_EXEMPT
    assert "acted_on" not in later.verdict.missing


def test_how_long_the_business_had_been_open_is_asked_back(ningbo: Knowledge):
    asked, decided = talk(ningbo, NIGHT, "两个多月")
    assert asked.questions_back[0].fact == "days_since_opening"
    assert decided.verdict is not None
    assert decided.verdict.outcome is Outcome.SHALL_BE_EXEMPT
