"""Names of regions written by ear or in Latin letters: 前江 for 黔江, Lu'an for 六安."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from .gazetteer import SOURCES, Region, gazetteer, name_words

Found = tuple[int, int, Region]
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’ -]*[A-Za-z]")


def heard(text: str, places: Sequence[Region], taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Characters that sound exactly like the short name of one of ``places`` and stand where a place would.

    Conservative on purpose: never an everyday word, never across two words, never a region's own name.
    """
    table = _by_first_sound(tuple(places))
    for start in range(len(text) - 1):
        for region, sounds in table.get(_sound(text[start]), ()):
            end = start + len(sounds)
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            if _sounds_like(text[start:end], region.short, sounds) and _is_place(text, start, end, region):
                yield start, end, region


def _sounds_like(heard_as: str, name: str, sounds: tuple[str, ...]) -> bool:
    """True when each character is the name's own or is heard as it."""
    if len(heard_as) != len(name):
        return False
    return all(a == b or _sound(a) == sound for a, b, sound in zip(heard_as, name, sounds, strict=True))


@cache
def _by_first_sound(places: tuple[Region, ...]) -> dict[str, list[tuple[Region, tuple[str, ...]]]]:
    table: dict[str, list[tuple[Region, tuple[str, ...]]]] = {}
    for region in places:
        sounds = tuple(map(_heard, _reading(region.short)))
        for first in {sounds[0], _sound(region.short[0])} if len(sounds) >= 2 else ():
            table.setdefault(first, []).append((region, sounds))
    return table


def _is_place(text: str, start: int, end: int, region: Region) -> bool:
    words: dict[str, str] = name_words()
    heard_as = text[start:end]
    if heard_as == region.short or heard_as in gazetteer().by_name or heard_as in _everyday():
        return False
    if set(heard_as) & set(words["sound_never"]) - set(region.short):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() and before not in words["sound_before"]:
        return False
    below = any(
        r.lies_in(region) for name in gazetteer().starting(text, end) for r in gazetteer().by_name[name]
    )
    return below or not after.isalnum() or after in words["sound_after"]


def _lines(name: str) -> list[str]:
    lines = (SOURCES / name).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@cache
def _everyday() -> frozenset[str]:
    """Pairs of characters, usual in any text, that sound like some region's name."""
    return frozenset(pair for line in _lines("region_soundalikes.txt") for pair in line.split())


@cache
def _syllables() -> dict[str, str]:
    """The toneless syllable of each usual character."""
    rows = (line.split() for line in _lines("region_sounds.txt"))
    return {character: syllable for syllable, characters in rows for character in characters}


@cache
def _sound(character: str) -> str:
    """A character as it is heard; empty if it is not a usual one."""
    return _heard(_syllables().get(character, ""))


def _heard(syllable: str) -> str:
    """A syllable with zh, ch and sh taken as z, c and s, which many speakers do not tell apart."""
    return syllable[0] + syllable[2:] if syllable[:2] in ("zh", "ch", "sh") else syllable


def _reading(name: str) -> tuple[str, ...]:
    """The syllables of a region's name, as they are read in this name."""
    special: str = name_words()["readings"].get(name, "")
    return tuple(special.split()) or tuple(_syllables().get(character, "") for character in name)


def spelled(text: str, places: Sequence[Region]) -> Iterator[Found]:
    """Regions named in Latin letters: any province or prefecture, and every one of ``places``."""
    if not _LATIN.search(text):
        return
    table = _spellings()
    mine = {spelling: region for region in places for spelling in _latin(region)}
    for found in re.finditer(r"[A-Za-z'’]+(?:[ -][A-Za-z'’]+)?", text):
        for words in (found[0], *re.split(r"[ -]", found[0])):
            key = _key(words)
            region = mine.get(key) or (table.get(key) if words[:1].isupper() else None)
            if region:
                start = found.start() + found[0].index(words)
                yield start, start + len(words), region
                break


def _key(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.lower())


@cache
def _spellings() -> dict[str, Region]:
    """Spellings of provinces and prefectures that no other region shares."""
    spellings: dict[str, list[Region]] = {}
    for region in gazetteer().by_path.values():
        if region.is_province or region.is_prefecture:
            for spelling in _latin(region):
                spellings.setdefault(spelling, []).append(region)
    table = {key: regions[0] for key, regions in spellings.items() if len(regions) == 1 and len(key) >= 5}
    special: dict[str, str] = name_words()["latin"]
    return table | {_key(spelling): gazetteer().by_path[path] for spelling, path in special.items()}


def pinyin(name: str) -> str:
    """A region's short name in Latin letters without tones (zhanhe); empty where it cannot be told."""
    syllables = _reading(name)
    return "".join(syllables).replace("v", "u") if all(syllables) else ""


def _latin(region: Region) -> tuple[str, ...]:
    """How a short name is spelled in pinyin; ü as v, u or yu."""
    spelling = "".join(_reading(region.short))
    return tuple(dict.fromkeys((spelling, spelling.replace("v", "u"), spelling.replace("v", "yu"))))
