"""Which words of a clause to show: all of a short one, the sentences that answer of a long one."""

from __future__ import annotations

import re
from itertools import pairwise

_SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]*|[。；;！？]+|\n")
_WORD = re.compile(r"[a-z0-9%％]+|[\u4e00-\u9fff]", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """The sentences of a clause, their closing marks kept."""
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip()]


def grams(text: str) -> set[str]:
    """Character pairs and single words: what two texts may share."""
    words = _WORD.findall(text.lower())
    return set(words) | {a + b for a, b in pairwise(words)}


def quote(text: str, query: str, limit: int) -> str:
    """At most about ``limit`` characters of ``text``: the sentences nearest to the query, in their own order.

    What is left out is shown as ……; a clause that fits is given whole.
    """
    flat = re.sub(r"\s*\n\s*", "", text).strip()
    if len(flat) <= limit:
        return flat
    parts = sentences(text)
    wanted = grams(query)
    ranked = sorted(range(len(parts)), key=lambda i: (-_nearness(parts[i], wanted), i))
    chosen: set[int] = set()
    used = 0
    for index in ranked:
        size = len(parts[index])
        if chosen and used + size > limit:
            continue
        chosen.add(index)
        used += size
        if used >= limit:
            break
    return _joined(parts, chosen, limit)


def _joined(parts: list[str], chosen: set[int], limit: int) -> str:
    pieces: list[str] = []
    last = -1
    for index in sorted(chosen):
        if index != last + 1:
            pieces.append("……")
        pieces.append(parts[index])
        last = index
    if last != len(parts) - 1:
        pieces.append("……")
    text = "".join(pieces)
    return text if len(text) <= limit * 2 else text[: limit * 2].rstrip("，、") + "……"


def _nearness(sentence: str, wanted: set[str]) -> float:
    own = grams(sentence)
    if not own:
        return 0.0
    shared = own & wanted
    return float(sum(len(g) ** 1.5 for g in shared) / len(own) ** 0.5)
