"""What a revision changed, word by word: pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


class Piece(NamedTuple):
    """``kind``: same, gone or new."""

    kind: str
    text: str


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one: what stayed, what went, what came. Latin words and numbers change as a whole."""
    old, new = _WORD.findall(before), _WORD.findall(after)
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
