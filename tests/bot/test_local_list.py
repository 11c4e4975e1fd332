"""How the list of a region is spoken of where no item of it fits."""

from datetime import date

import pytest

from bot import Question, answer
from knowledge.edition import Edition, InstrumentKind
from knowledge.exemption import ListItem, ListOutcome
from knowledge.library import Knowledge
from tests.benchmarks.answering import starter_knowledge

from .conftest import ON, ZHANHE, Ask

STORY = "店门口摆了两张桌子占了人行道，第一次被查，已经搬走了，没有影响别人，会罚吗"


@pytest.fixture(scope="module")
def with_list(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    item = ListItem("zhanhe-water", "1", "擅自启用取水计量设施", ListOutcome.SHALL_BE_EXEMPT, region=ZHANHE)
    held = Edition(
        "zhanhe-water",
        InstrumentKind.LIST,
        "湛河区水利免罚清单",
        ZHANHE,
        issued_on=date(2025, 1, 1),
        in_force_from=date(2025, 1, 1),
        items=(item,),
    )
    return starter_knowledge(tmp_path_factory.mktemp("shelves"), (held,))


def test_a_list_that_is_not_held_is_said_not_to_be(ask: Ask):
    assert "清单的具体条目本站没有收录" in ask(STORY, ZHANHE).answer


def test_a_list_that_is_held_is_said_to_name_nothing_of_the_kind(with_list: Knowledge):
    said = answer(Question(STORY, ZHANHE, ON, {}), with_list).answer
    assert "没有找到和您说的情况相符的事项" in said
    assert "本站没有收录" not in said
