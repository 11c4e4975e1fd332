"""Cleaning what people paste: invisible characters go, runs are cut, Chinese punctuation stays."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_RUN = 3
"""How often one sign may follow itself."""

_KEPT_CONTROLS = {"\n", "\t"}
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
_FILLERS = set("\u115f\u1160\u3164\uffa0\u2800\ufe0e\ufe0f")
_RUN = re.compile(r"([^\w\s])\1{3,}|([a-zA-Z\u3400-\u9fff])\2{7,}")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff])[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)
_PICTURES = re.compile(r"([\U0001f000-\U0001faff\u2600-\u27bf]{3})[\U0001f000-\U0001faff\u2600-\u27bf\s]+")


@dataclass(frozen=True, slots=True)
class CleanText:
    """The text that is left, and how many characters went."""

    text: str
    removed: int

    @property
    def is_empty(self) -> bool:
        """True when no letter and no digit of any script is left."""
        return not any(char.isalnum() for char in self.text)


def clean(text: str) -> CleanText:
    """``text`` without control, zero-width and bidirectional characters; runs and blanks cut short."""
    seen = "".join(_plain(char) for char in text)
    seen = _MARKS.sub(r"\1", seen)
    seen = _PICTURES.sub(r"\1", seen)
    seen = _RUN.sub(lambda run: (run[1] or run[2]) * LONGEST_RUN, seen)
    seen = _LINES.sub("\n", _SPACES.sub(" ", seen)).strip()
    return CleanText(seen, max(0, len(text) - len(seen)))


def _plain(char: str) -> str:
    """A full-width letter or digit becomes an ordinary one; punctuation stays as it was written."""
    if char in _KEPT_CONTROLS:
        return char
    if char in _FILLERS or unicodedata.category(char) in _UNSEEN:
        return "" if unicodedata.category(char) != "Cc" else " "
    if unicodedata.category(char)[0] in "LNZ":
        return unicodedata.normalize("NFKC", char)
    return char
