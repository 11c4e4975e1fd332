"""Small editions and a deterministic embedding for tests of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.clause import Clause
from knowledge.edition import Edition, InstrumentKind
from knowledge.embed import Vectors, unit_length
from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.lexical import codes
from knowledge.library import Knowledge, open_knowledge
from knowledge.shelf import Store, build_shelf, by_region
from knowledge.topic import Topic

TODAY = date(2026, 11, 22)
HAVEN = "东海省/港湾市"
HILL = "西山省/山前市"


class Scattered:
    """Every term is thrown to a place of its own: texts are near when they share terms."""

    digest = "scattered"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 64), np.float32)
        for row, text in enumerate(texts):
            np.add.at(vectors[row], codes(text) % 61, 1.0)
        return unit_length(vectors)


def notice(instrument: str, region: str, *clauses: Clause, **more: object) -> Edition:
    edition = Edition(
        instrument,
        InstrumentKind.NOTICE,
        f"{region.rpartition('/')[2]}柔性执法办法",
        region,
        in_force_from=date(2021, 1, 1),
        clauses=clauses,
    )
    return replace(edition, **more)  # type: ignore[arg-type]


def haven() -> Edition:
    return notice(
        "haven",
        HAVEN,
        Clause("一", "一、自愿", heading="自愿"),
        Clause(
            "一/（一）",
            "（一）当事人可以撤回申请，不需要说明理由。",
            topics=("withdrawal",),
            asked_as=("交上去的东西还能拿回来吗", "我不想办了，能撤吗"),
        ),
        Clause("一/（二）", "（二）约谈应当由两名执法人员进行。", asked_as=("喊我去谈话要来几个人",)),
    )


def hill() -> Edition:
    return notice(
        "hill",
        HILL,
        Clause("一", "一、撤回。申请一经提交不得撤回。", topics=("withdrawal",), asked_as=("能不能反悔",)),
    )


def law() -> Edition:
    return replace(
        notice(
            "law",
            "全国",
            Clause("第一条", "第一条　罚款可以分期缴纳。", asked_as=("没钱一次交清怎么办",)),
            Clause("第二条", "第二条　申请人在决定作出前可以要求撤回申请。", asked_as=("申请能撤回来吗",)),
        ),
        kind=InstrumentKind.STATUTE,
        title="处罚程序法",
    )


def exempt_list() -> Edition:
    items = (
        ListItem(
            "mild",
            "1",
            "未按规定悬挂营业执照",
            ListOutcome.SHALL_BE_EXEMPT,
            conditions=(Condition("及时改正"),),
            department="市场监管局",
            asked_as=("执照忘了挂在墙上",),
        ),
        ListItem("mild", "2", "占道堆放物品", ListOutcome.FIRST_OFFENCE_EXEMPT, department="城市管理局"),
    )
    return replace(notice("mild", HAVEN), kind=InstrumentKind.LIST, title="免罚清单", items=items)


TOPICS = {
    "withdrawal": Topic("withdrawal", "撤回申请", "把交上去的申请收回来。", asked_as=("想把申请收回来",))
}


def opened(folder: Path, *editions: Edition, embedder: object = None) -> Knowledge:
    """A release of the editions, built and opened in ``folder``."""
    model = Scattered() if embedder is None else embedder
    store = Store(folder)
    digests = [build_shelf(store, r, held, model) for r, held in by_region(editions).items()]  # type: ignore[arg-type]
    return open_knowledge(folder, 1, digests, TOPICS, model)  # type: ignore[arg-type]
