"""The gazetteer: every province, prefecture and county with its path, its full and its short names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

NATION = "全国"
SOURCES = Path(__file__).resolve().parent.parent / "sources"
_SELF_GOVERNED = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗", "特别行政区": ""}
_ENDINGS = ("地区", "林区", "新区", "矿区", "特区", "省", "市", "区", "县", "盟", "旗")


@dataclass(frozen=True, slots=True)
class Region:
    """One region: ``path`` from the nation down, ``name`` in full, ``names`` every way to write it."""

    path: str
    name: str
    names: tuple[str, ...]

    @property
    def parent(self) -> str:
        """The path one level up; the nation's for a province."""
        return self.path.rpartition("/")[0] or NATION

    @property
    def short(self) -> str:
        """The name without 省, 市, 区, 县 or 自治…; the full name where that leaves one character."""
        return self.names[-1]

    @property
    def is_province(self) -> bool:
        return "/" not in self.path

    @property
    def is_prefecture(self) -> bool:
        """True for a city or another region right below a province, its districts and counties apart."""
        return self.path.count("/") == 1 and (self.name.endswith("地区") or self.name[-1] in "市州盟")

    def lies_in(self, other: Region) -> bool:
        """True when this region is ``other`` or a part of it."""
        return self.path == other.path or self.path.startswith(other.path + "/")


class Gazetteer:
    """All regions by path and by name; a name may belong to several."""

    def __init__(self, regions: Iterator[Region]) -> None:
        self.by_path: dict[str, Region] = {}
        self.by_name: dict[str, list[Region]] = {}
        for region in regions:
            self.by_path[region.path] = region
            for name in region.names:
                self.by_name.setdefault(name, []).append(region)
        self.by_character: dict[str, list[str]] = {}
        for name in sorted(self.by_name, key=len, reverse=True):
            self.by_character.setdefault(name[0], []).append(name)

    def starting(self, text: str, at: int = 0) -> Iterator[str]:
        """Names that ``text`` holds at a place, the longest first."""
        for name in self.by_character.get(text[at], ()) if at < len(text) else ():
            if text.startswith(name, at):
                yield name


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read once."""
    return Gazetteer(_read())


@cache
def name_words() -> dict[str, Any]:
    """Word lists about names of regions (``region_words.json``)."""
    words: dict[str, Any] = json.loads((SOURCES / "region_words.json").read_text("utf-8"))
    return words


def _read() -> Iterator[Region]:
    province = ""
    for line in (SOURCES / "regions.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith("\t"):
            province = line
            yield _region(province, "")
            continue
        prefecture, *counties = line.split()
        above = province
        if prefecture != "-":
            yield _region(prefecture, above)
            above = f"{province}/{prefecture}"
        for county in counties:
            yield _region(county, above)


def _region(name: str, above: str) -> Region:
    short, also = _shorten(name)
    names = tuple(dict.fromkeys(n for n in (name, *also, short) if len(n) > 1))
    return Region(f"{above}/{name}" if above else name, name, names)


def _shorten(name: str) -> tuple[str, list[str]]:
    """The short name, and the half-short ones (麻阳县 for 麻阳苗族自治县)."""
    for ending, simple in _SELF_GOVERNED.items():
        if name.endswith(ending):
            peoples = "|".join(name_words()["ethnic"].split())
            short = re.sub(rf"(?<=..)(?:{peoples})+$", "", name.removesuffix(ending))
            return short, [short + simple] if simple else []
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending), []
    return name, []


def known(path: str) -> bool:
    """True for the nation and every path in the gazetteer."""
    return path == NATION or path in gazetteer().by_path


def region(path: str) -> Region:
    """The region at a path; KeyError if there is none."""
    return gazetteer().by_path[path]


def ancestors(path: str) -> tuple[str, ...]:
    """A path and everything above it, the nation first: where a question from there is searched."""
    if path in ("", NATION):
        return (NATION,)
    parts = path.split("/")
    return (NATION, *("/".join(parts[: end + 1]) for end in range(len(parts))))


def display(path: str) -> str:
    """A path as people write it: 河南省平顶山市湛河区; several stay separated by 、."""
    return "、".join(part.replace("/", "") for part in path.split("、"))
