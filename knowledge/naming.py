"""Naming: what a text says once the names of its own region and department are left out."""

from __future__ import annotations

import re
from functools import lru_cache

from .edition import Edition
from .region import NATION, known, region


def without_names(text: str, edition: Edition) -> str:
    """``text`` without the names of the edition's regions and department; whole where nothing is left."""
    names = _names(edition.regions, edition.department)
    return (names.sub("", text).strip(" ，,、") or text) if names else text


@lru_cache(maxsize=256)
def _names(regions: tuple[str, ...], department: str) -> re.Pattern[str] | None:
    """The longest names first, each with the 的 that ties it to what follows."""
    steps = ("/".join(path.split("/")[:n]) for path in regions for n in range(1, path.count("/") + 2))
    places = (name for step in steps if step != NATION for name in _of_region(step))
    names = {name for name in (*places, department) if len(name) > 1}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})的?") if names else None


def _of_region(path: str) -> tuple[str, ...]:
    return region(path).names if known(path) else (path.rpartition("/")[2],)
