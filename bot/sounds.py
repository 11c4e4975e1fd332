"""The syllables of Chinese, tones and often unheard distinctions set aside, as the search knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from knowledge.embed import SHIPPED_MODEL
from knowledge.sound import read_syllables

_FILE = SHIPPED_MODEL / "sounds.json"


@lru_cache(maxsize=1)
def syllable_codes() -> Mapping[str, int]:
    """The number of each character's syllable."""
    return read_syllables(_FILE)


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Every syllable as it is spelt."""
    return frozenset(json.loads(_FILE.read_text(encoding="utf-8")))
