"""Cues: ordered word patterns, kept as data, that tell a value from what somebody wrote.

A folder of cue files holds ``pieces.json`` (reusable pieces, written ``{piece}`` in a pattern; rewrites;
what only supposes) and one file per fact: an ordered list of cues. The first cue that matches decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

WORDING = Path(__file__).parent / "wording"

_PIECE = re.compile(r"\{([a-z_]+)\}")
_BREAK = re.compile(
    r"[，,。！!？?；;：…\n]+|(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff\d])|(?<=[a-z])\.\s+|\s+but\s+"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause and where it starts in its text."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Told:
    """A value that a cue read, and where the words that told it end."""

    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Cue:
    """One value and the patterns that tell it. ``whole``: read across clauses instead of within one."""

    value: Any
    match: re.Pattern[str]
    unless: re.Pattern[str] | None
    whole: bool

    def read(self, text: str, clauses: Iterable[Clause]) -> Told | None:
        """The last place where this cue tells its value."""
        parts = (Clause(text, 0),) if self.whole else clauses
        ends = [end for part in parts if (end := self._end(part)) is not None]
        return Told(self.value, max(ends)) if ends else None

    def _end(self, part: Clause) -> int | None:
        if self.unless and self.unless.search(part.text):
            return None
        found = self.match.search(part.text)
        return part.at + found.end() if found else None


@dataclass(frozen=True, slots=True)
class CueBook:
    """All cues of one folder."""

    cues: Mapping[str, tuple[Cue, ...]]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    supposing: re.Pattern[str]

    def read(self, name: str, text: str, clauses: tuple[Clause, ...]) -> Told | None:
        """What the first matching cue of ``name`` tells, else None."""
        told = (cue.read(text, clauses) for cue in self.cues[name])
        return next((found for found in told if found), None)

    def rewritten(self, text: str) -> str:
        """``text`` with double negations resolved and slips of the tongue taken back."""
        for pattern, replacement in self.rewrites:
            text = pattern.sub(replacement, text)
        return text

    def clauses(self, text: str) -> tuple[Clause, ...]:
        """The clauses of ``text``, without those that only suppose something."""
        found, start = [], 0
        for end, after in [
            *((gap.start(), gap.end()) for gap in _BREAK.finditer(text)),
            (len(text), len(text)),
        ]:
            part = text[start:end]
            if part.strip() and not self.supposing.search(part):
                found.append(Clause(part, start))
            start = after
        return tuple(found)


@lru_cache(maxsize=4)
def load_cues(folder: str) -> CueBook:
    """The cue folder ``wording/<folder>``, read and compiled once."""
    where = WORDING / folder
    shared = json.loads((where / "pieces.json").read_text(encoding="utf-8"))
    pieces: dict[str, str] = {}
    for name, pattern in shared["pieces"].items():
        pieces[name] = _joined(pattern, pieces)
    cues = {
        path.stem: tuple(_cue(entry, pieces) for entry in json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(where.glob("*.json"))
        if path.stem != "pieces"
    }
    rewrites = tuple((re.compile(_joined([old], pieces)), new) for old, new in shared["rewrites"])
    return CueBook(cues, rewrites, re.compile(_joined(shared["supposing"], pieces)))


def _cue(entry: Mapping[str, Any], pieces: Mapping[str, str]) -> Cue:
    unless = entry.get("unless")
    return Cue(
        entry["value"],
        re.compile(_joined(entry["match"], pieces)),
        re.compile(_joined(unless, pieces)) if unless else None,
        entry.get("whole", False),
    )


def _joined(patterns: list[str], pieces: Mapping[str, str]) -> str:
    filled = (_PIECE.sub(lambda found: pieces[found[1]], pattern) for pattern in patterns)
    return "(?:" + "|".join(filled) + ")"
