"""The sectors that a story points to: by what happened, and only else by what somebody runs.

Tables of a snack bar (小吃店) on the pavement are a matter of the city, not of food safety; a
notice that leaves food safety out of soft enforcement (湛河 二(一)) says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from knowledge.sector import Sector, load_sectors

from .phrases import table
from .story import plain


def sectors(text: str) -> tuple[str, ...]:
    """Ids of the business sectors that the everyday words of ``text`` point to, the likeliest first.

    A sector that only a trade points to gives way to those that what happened points to.
    """
    story = plain(text)
    weights: dict[str, int] = {}
    happened: set[str] = set()
    for sector in load_sectors().values():
        found = list(_found(sector, story))
        if not found:
            continue
        weights[sector.id] = sum(len(word) for word in {story[begin:end] for begin, end in found})
        trades = [match.span() for match in _trade(sector.id).finditer(story)]
        if any(_tells(story[slice(*span)], span, trades) for span in found):
            happened.add(sector.id)
    return tuple(sorted(happened or weights, key=lambda sector: -weights[sector]))


def _found(sector: Sector, story: str) -> Iterator[tuple[int, int]]:
    """Where the words of a sector stand in a story."""
    for word in sector.words:
        begin = story.find(word)
        while begin >= 0:
            yield begin, begin + len(word)
            begin = story.find(word, begin + 1)
    for word in sector.words_en:
        for match in re.finditer(rf"\b{re.escape(word)}", story):
            yield match.span()


def _tells(word: str, span: tuple[int, int], trades: list[tuple[int, int]]) -> bool:
    """Whether a word says what happened: it names neither a trade nor a paper that every trade has."""
    words = table("trades")
    if word in words["of_every_trade"] or word.endswith(tuple(words["shops"])):
        return False
    return not any(begin <= span[0] and span[1] <= end for begin, end in trades)


@cache
def _trade(sector: str) -> re.Pattern[str]:
    """Where a story names a trade of the sector: 小吃店, 药房, 开火锅的, a noodle shop."""
    words, held = table("trades"), load_sectors()[sector]
    goods = "|".join(sorted(map(re.escape, held.words), key=len, reverse=True))
    goods_en = "|".join(sorted(map(re.escape, held.words_en), key=len, reverse=True))
    return re.compile(
        rf"(?:{goods})(?:{'|'.join((*words['shops'], *words['stalls']))})"
        rf"|(?<=[{''.join(words['before'])}])(?:{goods})的?(?=[，。；！？、\s]|$)"
        rf"|(?:{'|'.join(words['names'])})"
        rf"|\b(?:{goods_en})\w* (?:{'|'.join(words['endings_en'])})s?\b"
        rf"|\b(?:{'|'.join(words['names_en'])})s?\b"
    )
