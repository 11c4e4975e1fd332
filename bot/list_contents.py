"""Questions for the contents of an exemption list: 清单里有哪些, 有没有占道这一条, 逐条念."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.edition import Edition, InstrumentKind
from knowledge.region import NATION, ancestors

from .phrases import table

if TYPE_CHECKING:
    from .turn import Turn


def asks_list_contents(text: str) -> bool:
    """True when the text asks which items a list holds, or whether it holds a certain one."""
    patterns = table("list_contents")["patterns"]
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def lists_for(turn: Turn) -> list[Edition]:
    """Lists in force on the region's path; without a region, national ones only."""
    path = ancestors(turn.region) if turn.region else (NATION,)
    return [
        e
        for e in turn.knowledge.editions(turn.question.on).values()
        if e.kind is InstrumentKind.LIST and any(r in path for r in e.regions)
    ]
