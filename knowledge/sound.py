"""Sounds: a query typed by ear (城述 for 陈述) meets the clause through its toneless syllables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .lexical import Codes, Terms, pair_codes, units


@dataclass(frozen=True)
class Sounds:
    """Characters by syllable, tones and often unheard distinctions set aside, and how telling a
    pair of syllables is."""

    syllable: dict[str, int]
    terms: Terms

    @classmethod
    def load(cls, folder: Path) -> Sounds:
        return cls(read_syllables(folder / "sounds.json"), Terms.load(folder / "sound_terms.npz"))

    def codes(self, text: str) -> Codes:
        """Pairs of neighbouring syllables; single ones say too little."""
        return syllable_pairs(text, self.syllable)


def read_syllables(file: Path) -> dict[str, int]:
    """The number of each character's syllable."""
    table: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return {c: n for n, characters in enumerate(table.values(), start=1) for c in characters}


def syllable_pairs(text: str, syllable: Mapping[str, int]) -> Codes:
    return pair_codes([syllable.get(unit, 0) for unit in units(text)], singles=False)
