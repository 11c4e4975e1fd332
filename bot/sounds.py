"""The syllables of Chinese, tones and often unheard distinctions set aside, as the search knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from knowledge.embed import SHIPPED_MODEL
from knowledge.sound import read_syllables

from .cues import WORDING

_FILE = SHIPPED_MODEL / "sounds.json"
_LENGTHS = (5, 4, 3, 2)


@lru_cache(maxsize=1)
def syllable_codes() -> Mapping[str, int]:
    """The number of each character's syllable."""
    return read_syllables(_FILE)


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Every syllable as it is spelt."""
    return frozenset(json.loads(_FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _phrases() -> tuple[Mapping[tuple[int, ...], str], frozenset[str]]:
    """The phrases people write by ear, by their syllables, and the pairs that are words of their own."""
    words = json.loads((WORDING / "heard.json").read_text(encoding="utf-8"))
    known = syllable_codes()
    return {tuple(known[c] for c in phrase): phrase for phrase in words["phrases"]}, frozenset(words["kept"])


def as_meant(text: str) -> str:
    """``text`` with phrases that were written by ear put right: 第一刺 → 第一次, 没粗事 → 没出事."""
    phrases, kept = _phrases()
    codes = [syllable_codes().get(char, 0) for char in text]
    at = 0
    while at < len(text):
        for length in _LENGTHS:
            heard = phrases.get(tuple(codes[at : at + length]))
            if heard and text[at : at + length] not in kept:
                text = text[:at] + heard + text[at + length :]
                at += length - 1
                break
        at += 1
    return text
