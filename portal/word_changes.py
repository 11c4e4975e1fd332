"""What changes from one text to another, piece by piece: pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORD = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


class Piece(NamedTuple):
    """``kind``: same, gone or new."""

    kind: str
    text: str


def word_changes(before: str, after: str, cut: re.Pattern[str] = WORD) -> tuple[Piece, ...]:
    """Both texts as one: what stayed, what went, what came. ``cut`` says what changes only as a whole:
    Latin words and numbers, where nothing else is asked for."""
    old, new = cut.findall(before), cut.findall(after)
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("gone", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("new", "".join(new[k:m])))
    return tuple(pieces)
