"""What people typed, made safe to set in a document: only characters that every format can show."""

from __future__ import annotations

import re
import unicodedata

_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def plain(text: str) -> str:
    """``text`` without control characters, reversals of the reading direction and halves of characters.

    Line ends become one kind, tabs become blanks; nothing else changes.
    """
    lines = _BREAKS.sub("\n", text).replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or not _unfit(c)).strip()


def one_line(text: str) -> str:
    """``text`` made plain, its line ends made blanks."""
    return " ".join(plain(text).split("\n"))


def plain_lines(text: str) -> tuple[str, ...]:
    """The lines of ``text`` that hold something."""
    return tuple(line.strip() for line in plain(text).split("\n") if line.strip())


def _unfit(character: str) -> bool:
    if character in _OVERRIDES or unicodedata.category(character) in ("Cc", "Cs"):
        return True
    return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
