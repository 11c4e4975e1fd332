"""Sounds: a query typed by ear (城述 for 陈述) meets the clause through its toneless syllables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .lexical import Codes, pair_codes, units


@dataclass(frozen=True)
class Sounds:
    """Characters by syllable, tones and often unheard distinctions set aside."""

    syllable: dict[str, int]

    @classmethod
    def load(cls, file: Path) -> Sounds:
        table: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return cls({c: n for n, characters in enumerate(table.values(), start=1) for c in characters})

    def codes(self, text: str) -> Codes:
        """Pairs of neighbouring syllables; single ones say too little."""
        return pair_codes(self._line(units(text)), singles=False)

    def _line(self, sequence: Sequence[str]) -> list[int]:
        return [self.syllable.get(unit, 0) for unit in sequence]
