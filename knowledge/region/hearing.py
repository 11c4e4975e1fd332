"""Names of regions written by ear or in Latin letters: 前江 for 黔江, Lu'an for 六安."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from .gazetteer import Region, gazetteer, name_words

Found = tuple[int, int, Region]
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’ -]*[A-Za-z]")


def heard(text: str, places: Sequence[Region], taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Characters that sound exactly like the short name of one of ``places`` and stand where a place would.

    Conservative on purpose: never an everyday word, never across two words, never a region's own name.
    """
    table = _by_first_syllable(tuple(places))
    for start in range(len(text) - 1):
        if not "一" <= text[start] <= "鿿":
            continue
        for region in (region for syllable in _syllables(text[start]) for region in table.get(syllable, ())):
            end = start + len(region.short)
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            if _sounds_like(text[start:end], region.short) and _is_place(text, start, end, region):
                yield start, end, region


@cache
def _by_first_syllable(places: tuple[Region, ...]) -> dict[str, list[Region]]:
    table: dict[str, list[Region]] = {}
    for region in places:
        for syllable in _syllables(region.short[0]):
            table.setdefault(syllable, []).append(region)
    return table


def _sounds_like(heard_as: str, name: str) -> bool:
    if len(heard_as) != len(name) or heard_as == name or heard_as in gazetteer().by_name:
        return False
    return all(_syllables(a) & _syllables(b) for a, b in zip(heard_as, name, strict=True))


def _is_place(text: str, start: int, end: int, region: Region) -> bool:
    words = name_words()
    if any(
        character in words["sound_never"] and character not in region.short for character in text[start:end]
    ):
        return False
    if text[start:end] in _phrases():
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() and before not in words["sound_before"]:
        return False
    below = any(
        r.lies_in(region) for name in gazetteer().starting(text, end) for r in gazetteer().by_name[name]
    )
    return below or not after.isalnum() or after in words["sound_after"]


@cache
def _phrases() -> frozenset[str]:
    from pypinyin.phrases_dict import phrases_dict

    return frozenset(phrases_dict)


@cache
def _syllables(character: str) -> frozenset[str]:
    """The toneless readings of a character, with zh, ch, sh taken as z, c, s."""
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return frozenset(re.sub(r"^([zcs])h", r"\1", reading) for reading in readings)


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
        if region.is_province or (region.parent.count("/") == 0 and region.name[-1] in "市州盟区"):
            for spelling in _latin(region):
                spellings.setdefault(spelling, []).append(region)
    table = {key: regions[0] for key, regions in spellings.items() if len(regions) == 1 and len(key) >= 5}
    special: dict[str, str] = name_words()["latin"]
    return table | {_key(spelling): gazetteer().by_path[path] for spelling, path in special.items()}


@cache
def _latin(region: Region) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin, pinyin

    usual = "".join(lazy_pinyin(region.short))
    each = [pinyin(character, style=Style.NORMAL, heteronym=True)[0] for character in region.short]
    return tuple(dict.fromkeys([usual, *("".join(reading) for reading in product(*each))]))[:8]
