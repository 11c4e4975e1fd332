"""From a region's name as somebody wrote it to its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from .gazetteer import NATION, Region, ancestors, gazetteer, name_words
from .hearing import heard

_NATION_NAMES = (NATION, "国家", "中国", "中华人民共和国", "全中国")
_NOTE = re.compile(r"[（(][^（）()]*[）)]")


class UnknownRegion(ValueError):  # noqa: N818 - the name says what is wrong
    """No region has this name; ``candidates`` are the paths of similar ones, if there are any."""

    def __init__(self, text: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(f"没有找到地区“{text}”，请写省、市或区县的名称。")
        self.text = text
        self.candidates = candidates


class AmbiguousRegion(ValueError):  # noqa: N818
    """Several regions have this name; ``candidates`` are their paths."""

    def __init__(self, text: str, candidates: tuple[str, ...]) -> None:
        super().__init__(f"“{text}”可能是{'、'.join(candidates)}，请写明上级地区。")
        self.text = text
        self.candidates = candidates


def resolve(text: str, *, covered: Sequence[str] = (), notes: bool = False) -> str:
    """The path of a region, from any unambiguous part of its name: ``湛河`` → 河南省/平顶山市/湛河区.

    Several regions may be separated by 、; a later one is looked for beside the first. With ``notes``
    remarks in brackets are passed over, and what is clear without them counts. Among regions of one
    name that of ``covered`` is meant. Raises UnknownRegion or AmbiguousRegion.
    """
    wanted = _NOTE.sub("", text) if notes else text
    paths: list[str] = []
    for part in re.split(r"[、;；，,]", re.sub(r"\s+", "", wanted)):
        paths.append(_one(part, text, paths[-1] if paths else NATION, covered))
    return "、".join(dict.fromkeys(paths))


def _one(part: str, text: str, beside: str, covered: Sequence[str]) -> str:
    if part in _NATION_NAMES:
        return NATION
    part = re.sub(r"[／>＞\\]+", "/", part).strip("/").removeprefix(NATION + "/").removeprefix("中国")
    readings = dict(_readings(part, None, True)) if part else {}
    exact = [region for region, full in readings.items() if full]
    found = exact or list(readings)
    if not found:
        raise UnknownRegion(text.strip(), _similar(part, covered))
    chosen = _beside(found, beside) or clear(found, covered=covered)
    if chosen is None:
        raise AmbiguousRegion(part, tuple(sorted(region.path for region in found)))
    return chosen.path


def _readings(text: str, within: Region | None, full: bool) -> Iterator[tuple[Region, bool]]:
    """Regions that ``text`` names as a chain from a higher region down, and whether by full names only."""
    text = text.lstrip("/")
    if not text:
        if within is not None:
            yield within, full
        return
    for name in gazetteer().starting(text):
        for region in gazetteer().by_name[name]:
            if within is None or (region is not within and region.lies_in(within)):
                yield from _readings(text[len(name) :], region, full and name == region.name)


def _beside(found: Sequence[Region], path: str) -> Region | None:
    """The one region that lies in ``path`` or, failing that, in the region around it."""
    for above in reversed(ancestors(path)[1:]):
        near = [region for region in found if region.lies_in(gazetteer().by_path[above])]
        if len(near) == 1:
            return near[0]
    return None


def clear(found: Sequence[Region], *, covered: Sequence[str] = ()) -> Region | None:
    """The one region that a shared name means, if it is clear.

    That is a province, the one that the others lie in, the only one with knowledge, or a city whose
    name some far district happens to bear.
    """
    if len(found) == 1:
        return found[0]
    contested = found[0].short in name_words()["contested"].split()

    def is_city(region: Region) -> bool:
        return region.is_prefecture and not contested

    tests: tuple[Callable[[Region], bool], ...] = (
        lambda region: region.is_province,
        lambda region: all(other.lies_in(region) for other in found),
        lambda region: region.path in covered,
        is_city,
    )
    for fits in tests:
        chosen = [region for region in found if fits(region)]
        if len(chosen) == 1:
            return chosen[0]
    return None


def _similar(text: str, covered: Sequence[str]) -> tuple[str, ...]:
    names = gazetteer().by_name
    close = get_close_matches(text, list(names), n=3, cutoff=0.7) if text else []
    places = tuple(gazetteer().by_path[path] for path in covered if path in gazetteer().by_path)
    paths = [region.path for _, _, region in heard(text, places, ())]
    paths += [region.path for name in close for region in names[name]]
    return tuple(dict.fromkeys(sorted(paths, key=lambda path: path not in covered)))[:5]
