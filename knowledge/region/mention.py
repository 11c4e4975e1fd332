"""Regions named within a free question: by full and short names, by ear, and in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .gazetteer import Region, gazetteer, name_words
from .hearing import heard, spelled
from .resolve import clear

_BETWEEN = re.compile(r"[的\s,，/／·-]{0,2}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands in a text, and the regions that have it."""

    start: int
    end: int
    name: str
    regions: tuple[Region, ...]


def mentioned(text: str, covered: Sequence[str] = ()) -> tuple[str, ...]:
    """Paths of the regions a text names, in its order; a region named only to place another is left out.

    A short name counts where it cannot be an everyday word. ``covered`` are regions that have
    knowledge: between regions of one name they are meant, and names that only sound like theirs
    (前江 for 黔江) or are written in pinyin are understood.
    """
    mentions = _mentions(text, covered)
    meant = _meant(text, mentions, covered)
    return tuple(dict.fromkeys(region.path for _, region in meant))


def unclear(text: str, covered: Sequence[str] = ()) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names in a text that several regions have and nothing decides: ``(name, their paths)``."""
    mentions = _mentions(text, covered)
    clearly = {mention for mention, _ in _choices(mentions, covered) if _ is not None}
    return tuple((m.name, tuple(r.path for r in m.regions)) for m in mentions if m not in clearly)


def _mentions(text: str, covered: Sequence[str]) -> list[Mention]:
    mentions = list(_written(text))
    if covered:
        taken = [(m.start, m.end) for m in mentions]
        places = tuple(gazetteer().by_path[path] for path in covered if path in gazetteer().by_path)
        for start, end, region in (*heard(text, places, taken), *spelled(text, places)):
            mentions.append(Mention(start, end, text[start:end], (region,)))
    elif re.search(r"[A-Za-z]{4}", text):
        mentions += [
            Mention(start, end, text[start:end], (region,)) for start, end, region in spelled(text, ())
        ]
    return sorted(mentions, key=lambda mention: mention.start)


def _written(text: str) -> Iterator[Mention]:
    before: Mention | None = None
    at = 0
    while at < len(text):
        mention = next(_accepted(text, at, before), None)
        if mention is None:
            at += 1
            continue
        yield mention
        before, at = mention, mention.end


def _accepted(text: str, at: int, before: Mention | None) -> Iterator[Mention]:
    for name in gazetteer().starting(text, at):
        regions = tuple(gazetteer().by_name[name])
        if before is not None and _BETWEEN.fullmatch(text, before.end, at):
            below = tuple(r for r in regions if any(r.lies_in(b) and r is not b for b in before.regions))
            if below:
                yield Mention(at, at + len(name), name, below)
                continue
        if _stands_alone(text, at, name, regions):
            yield Mention(at, at + len(name), name, regions)


def _stands_alone(text: str, at: int, name: str, regions: Iterable[Region]) -> bool:
    """True when a name can only be a place here, with nothing above it named before it."""
    end = at + len(name)
    if name in _list("needs_parent"):
        return False
    if any(name == region.name for region in regions):
        return len(name) > 2 or _in_place(text, at, end)
    if _road().match(text, end) or _is_straddled(text, at, name):
        return False
    if any(region.is_province for region in regions):
        return True
    if name in _list("ordinary"):
        return False
    return name not in _list("wary") or _in_place(text, at, end)


def _in_place(text: str, at: int, end: int) -> bool:
    """True when what stands around a name leaves room for a place only."""
    words: dict[str, str] = name_words()
    before, after = text[at - 1 : at], text[end : end + 1]
    opens = not before or not before.isalnum() or before in words["before"]
    return opens and (not after or not after.isalnum() or after in words["after"])


def _is_straddled(text: str, at: int, name: str) -> bool:
    """True for a name that only arises where two words meet: 完成|都."""
    before: str = name_words()["straddled"].get(name, "")
    return at > 0 and text[at - 1] in before


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(name_words()[name].split())


@cache
def _road() -> re.Pattern[str]:
    return re.compile(name_words()["road"])


def _choices(mentions: Sequence[Mention], covered: Sequence[str]) -> list[tuple[Mention, Region | None]]:
    """For each name the one region it means, or None."""
    sure = [m.regions[0] for m in mentions if len(m.regions) == 1]
    near = tuple(gazetteer().by_path[path] for path in covered if path in gazetteer().by_path)
    choices: list[tuple[Mention, Region | None]] = []
    for mention in mentions:
        chosen = clear(mention.regions, covered=covered)
        for hints in (sure, [place for place in near if not place.is_province]):
            if chosen is None:
                fits = [r for r in mention.regions if any(r.lies_in(h) and r is not h for h in hints)]
                chosen = fits[0] if len(fits) == 1 else None
        choices.append((mention, chosen))
    return choices


def _meant(text: str, mentions: Sequence[Mention], covered: Sequence[str]) -> list[tuple[Mention, Region]]:
    chosen = [(mention, region) for mention, region in _choices(mentions, covered) if region is not None]
    kept: list[tuple[Mention, Region]] = []
    for place, (mention, region) in enumerate(chosen):
        following = chosen[place + 1] if place + 1 < len(chosen) else None
        leads_on = (
            following is not None
            and following[1].lies_in(region)
            and _BETWEEN.fullmatch(text, mention.end, following[0].start) is not None
        )
        if not leads_on:
            kept.append((mention, region))
    return kept
