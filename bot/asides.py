"""A question on the procedure in the same message as a case: 申请还能撤回吗？另外我店里……会罚吗？

The two are about different things and found by different words, so each is taken by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .case import DECISIVE
from .intent import classify, sure_from
from .phrases import table
from .story import read_facts

SENTENCE = re.compile(r"(?<=[?？!！;；。])\s*|(?:^|[,，])(?=另外|还有就是|顺便|再问)")
"""Where one thing asked ends and another may begin."""
_SHORTEST = 5
_SOUNDS_LIKE_A_FACT = {"corrected"}
"""撤回 and 变更 of an application are words of correction too."""


@dataclass(frozen=True, slots=True)
class SetApart:
    """The case, and the questions asked ``before`` and ``after`` it."""

    story: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def set_apart(text: str) -> SetApart:
    """The sentences that surely ask about a procedure and tell nothing of a case, apart from the rest.

    All is one story where no such sentence stands before or after it.
    """
    pieces = [p for part in SENTENCE.split(text) if (p := part.strip(" ，,"))]
    aside = [_is_aside(piece) for piece in pieces]
    if not any(aside) or all(aside):
        return SetApart(text)
    first, last = aside.index(False), len(aside) - aside[::-1].index(False)
    story = "".join(pieces[first:last])
    return SetApart(story, tuple(pieces[:first]), tuple(pieces[last:]))


def _is_aside(piece: str) -> bool:
    cues = table("case_cues")
    if len(piece) < _SHORTEST or any(re.search(p, piece, re.IGNORECASE) for p in cues["outcome"]):
        return False
    if set(read_facts(piece).known()) & set(DECISIVE) - _SOUNDS_LIKE_A_FACT:
        return False
    intent = classify(piece)
    return intent.name in cues["asides"] and intent.probability >= sure_from("act")
