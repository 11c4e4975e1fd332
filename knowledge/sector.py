"""Sectors (领域): the fields of business, the departments in charge and the everyday words for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("sources") / "sectors.json"
_IN_BRACKETS = re.compile(r"[（(]([^（）()]+)[）)]")


@dataclass(frozen=True, slots=True)
class Sector:
    """``fields`` are the names that lists and departments use, ``words`` those that people use.

    ``notice_phrases`` are the phrases of the notices that mean this sector (食品药品安全).
    """

    id: str
    name: str
    name_en: str
    fields: tuple[str, ...]
    words: tuple[str, ...]
    words_en: tuple[str, ...]
    notice_phrases: tuple[str, ...] = ()


@cache
def load_sectors() -> Mapping[str, Sector]:
    """Every sector by id, in the order of the file."""
    entries = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        entry["id"]: Sector(
            entry["id"],
            entry["name"],
            entry["name_en"],
            tuple(entry["fields"]),
            tuple(word.lower() for word in entry["words"]),
            tuple(entry["words_en"]),
            tuple(entry["notice_phrases"]),
        )
        for entry in entries
    }


@cache
def sectors_of_field(text: str) -> frozenset[str]:
    """The sectors that a list's field or a department's name points to; a bracketed part is narrower."""
    narrower = _IN_BRACKETS.search(text)
    if narrower and (found := sectors_of_field(narrower.group(1))):
        return found
    return frozenset(s.id for s in load_sectors().values() if any(name in text for name in s.fields))


@cache
def _everyday() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """For each sector, a pattern of its everyday words; Latin words match only as whole words."""
    return tuple(
        (sector.id, re.compile("|".join([*map(re.escape, sector.words), *_whole_words(sector.words_en)])))
        for sector in load_sectors().values()
    )


def _whole_words(words: tuple[str, ...]) -> list[str]:
    return [rf"\b{re.escape(word)}s?\b" for word in words]


def sectors_in(text: str) -> tuple[str, ...]:
    """The sectors that a story's everyday words point to, the one with most of them first."""
    lowered = text.lower()
    counts = {sector: len(set(pattern.findall(lowered))) for sector, pattern in _everyday()}
    return tuple(sorted((s for s, n in counts.items() if n), key=lambda s: -counts[s]))
