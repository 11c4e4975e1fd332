"""Near-duplicates: questions that share most of their pairs of characters belong into one fold."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ..story import plain

ALIKE = 0.6
"""Shared pairs of all pairs (Jaccard) from which two questions are near-duplicates."""
_SIGNS = re.compile(r"[\W_]+")


def families(texts: Sequence[str]) -> list[int]:
    """A number for each text; near-duplicates, and theirs in turn, share one."""
    pairs = [_pairs(text) for text in texts]
    head = list(range(len(texts)))
    holding: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(pairs):
        shared = Counter(other for pair in own for other in holding[pair])
        for other, both in shared.items():
            if both >= ALIKE * (len(own) + len(pairs[other]) - both):
                head[_first(head, row)] = _first(head, other)
        for pair in own:
            holding[pair].append(row)
    return [_first(head, row) for row in range(len(texts))]


def _pairs(text: str) -> frozenset[str]:
    line = _SIGNS.sub("", plain(text))
    return frozenset(line[at : at + 2] for at in range(len(line) - 1)) or frozenset((line,))


def _first(head: list[int], row: int) -> int:
    while head[row] != row:
        head[row] = head[head[row]]
        row = head[row]
    return row
