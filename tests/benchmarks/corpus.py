"""A made-up stock of notices of any size, the same in every run: for measuring what size costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from knowledge.clause import Clause
from knowledge.edition import Edition, InstrumentKind

NOTICES = 10
"""Of each region."""
WHO = "行政执法机关 承办机构 执法人员 当事人 市场监督管理部门 街道办事处 法制审核人员 经营者".split()  # noqa: SIM905
WHEN = "在立案之前 自收到申请之日起 在改正期限内 经审核同意后 在检查中 办结以后 收到告知书后".split()  # noqa: SIM905
DOES = "应当说明理由 可以撤回申请 应当制作记录 可以要求停止 应当组织回访 可以签署承诺书 应予公示".split()  # noqa: SIM905
WHAT = "轻微违法行为 初次违法情形 免罚清单事项 约谈记录 告诫书 行政指导意见 整改报告 执法案卷".split()  # noqa: SIM905
HOW = "采用书面形式 由两名执法人员进行 听取陈述和申辩 不得收取费用 按照规定归档 依法送达 予以保密".split()  # noqa: SIM905


def notices(regions: int, clauses: int) -> Iterator[Edition]:
    """Ten notices for each region that have so many clauses together."""
    total = regions * NOTICES
    for n in range(total):
        yield notice(n, clauses // total + (n < clauses % total))


def notice(n: int, clauses: int) -> Edition:
    """The notice at place ``n`` of every stock that holds it."""
    region = n // NOTICES
    return Edition(
        instrument=f"made-{n:05}",
        kind=InstrumentKind.NOTICE,
        title=f"关于推行柔性执法工作的第{n % NOTICES + 1}号通知",
        region=f"甲省/乙{region // 20 + 1}市/丙{region + 1}区",
        document_number=f"试法〔2024〕{n + 1}号",
        issuer="试验机关",
        issued_on=date(2024, 1, 1),
        in_force_from=date(2024, 1, 1),
        source="为测量而编的文件",
        clauses=tuple(_clause(Random(f"{n}/{place}"), place) for place in range(clauses)),
    )


def changed(edition: Edition, time: int) -> Edition:
    """The notice with one clause reworded, each time otherwise."""
    first = edition.clauses[0]
    return replace(
        edition, clauses=(replace(first, text=f"{first.text}（第{time}次修改）"), *edition.clauses[1:])
    )


def _clause(random: Random, place: int) -> Clause:
    sentences = "；".join(
        f"{random.choice(WHO)}{random.choice(WHEN)}对{random.choice(WHAT)}{random.choice(DOES)}，{random.choice(HOW)}"
        for _ in range(random.randint(1, 3))
    )
    return Clause(f"{place + 1}", f"{place + 1}.{sentences}。", heading=random.choice(WHAT))
