"""The assistant on the starter knowledge, built once for all its tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot import Question, answer
from bot.reply import Reply
from knowledge.library import Knowledge
from tests.benchmarks.answering import starter_knowledge

ON = date(2026, 11, 24)
ZHANHE = "河南省/平顶山市/湛河区"
ZHOUSHAN = "浙江省/舟山市"
QIANJIANG = "重庆市/黔江区"
PANJIN = "辽宁省/盘锦市"
LUAN = "安徽省/六安市"

Ask = Callable[..., Reply]


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return starter_knowledge(tmp_path_factory.mktemp("shelves"))


@pytest.fixture(scope="session")
def ask(knowledge: Knowledge) -> Ask:
    """``ask(text, region=…, after=reply)``: one turn, after another one if given."""

    def run(text: str, region: str | None = None, after: Reply | None = None) -> Reply:
        memory = dict(after.memory) if after else {}
        return answer(Question(text, region, ON, memory), knowledge)

    return run


def sections(reply: Reply) -> set[tuple[str, str]]:
    """What a reply cites, as (document, section)."""
    return {(c.ref.document, c.ref.section) for c in reply.citations}
