"""Owners' stories and the list items that fit them, and the lists they are put to.

Besides the lists that ship, all lists at hand are published for the measurement, in force or not, so
that a story meets the items of its own region among many.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..clause import ClauseRef
from ..edition import Edition, EditionStatus
from ..exemption import ListItem
from ..parse.list_edition import list_edition
from ..parse.table import parse_list
from ..region import NATION, ancestors, mentioned
from .material import fold_of, rows

PLACES = Path(__file__).with_name("places.json")
"""Where lists count whose publisher is not settled; for the measurement only."""
ALIKE = Path(__file__).with_name("alike.json")
"""Items that say the same: a story of the one fits the other."""


@dataclass(frozen=True)
class Story:
    """An owner's own words, the region that the product hears in them, and the items that fit (none,
    where none does). ``fold`` parts the stories, ``group`` the lists: a story's is that of its list."""

    text: str
    region: str | None
    items: frozenset[ClauseRef]
    group: int

    @property
    def fold(self) -> int:
        return fold_of(self.text)


def all_lists(folder: Path, shipped: Sequence[Edition]) -> list[Edition]:
    """Every list at hand as if in force; shipped items in the form they ship in."""
    places = json.loads(PLACES.read_text(encoding="utf-8"))
    known = {e.instrument: e for e in shipped}
    always = {"status": EditionStatus.CURRENT, "in_force_from": None, "in_force_to": None, "issued_on": None}
    editions = []
    for file in sorted(folder.glob("*.csv")):
        told = {"id": file.stem, "region": places.get(file.stem, "")}
        read = list_edition(parse_list(file.read_bytes(), file.name), told)
        if file.stem in known:
            own = {item.number: item for item in known[file.stem].items}
            items = tuple(own.get(item.number, item) for item in read.items)
            read = replace(known[file.stem], items=items)
        editions.append(replace(read, **always))  # type: ignore[arg-type]
    return editions


def read_stories(data: Path, lists: Sequence[Edition]) -> list[Story]:
    """Every story, with the region that stands in its words; two regions or none count as none named."""
    covered = tuple(sorted({region for e in lists for region in e.regions}))
    alike = [{ClauseRef(*ref) for ref in pair} for pair in json.loads(ALIKE.read_text(encoding="utf-8"))]
    stories = []
    for row in rows(data / "items.jsonl"):
        heard = mentioned(row["question"], covered)
        named = [r for r in heard if not any(other.startswith(r + "/") for other in heard)]
        region = named[0] if len(named) == 1 else None
        items: set[ClauseRef] = set()
        if row["list"] is not None:
            items = {ClauseRef(row["list"], row["item"])}
            items.update(*(pair for pair in alike if pair & items))
        near = row["list"] or _nearest_list(region, lists)
        group = fold_of(near or row["question"])
        stories.append(Story(row["question"], region, frozenset(items), group))
    return stories


def _nearest_list(region: str | None, lists: Sequence[Edition]) -> str:
    """A region's own list that a story without an item could have been about."""
    path = set(ancestors(region)) - {NATION} if region else set()
    return next((e.instrument for e in lists if path & set(e.regions)), "")


def told_by(data: Path) -> Mapping[ClauseRef, list[str]]:
    """The stories of each item."""
    told: dict[ClauseRef, list[str]] = {}
    for row in rows(data / "items.jsonl"):
        if row["list"] is not None:
            told.setdefault(ClauseRef(row["list"], row["item"]), []).append(row["question"])
    return told


def asked(
    lists: Iterable[Edition], ways: Mapping[ClauseRef, Sequence[str]], unseen: set[str]
) -> list[Edition]:
    """The lists with stories as ways of asking beside their own, less those that must not be seen."""

    def told(item: ListItem) -> ListItem:
        all_ways = (*item.asked_as, *ways.get(item.ref, ()))
        return replace(item, asked_as=tuple(q for q in dict.fromkeys(all_ways) if q not in unseen))

    return [replace(e, items=tuple(map(told, e.items))) for e in lists]


def unasked(edition: Edition) -> Edition:
    """A list as if just brought in: nobody has said how its items are asked for."""
    return replace(edition, items=tuple(replace(i, asked_as=(), carried=()) for i in edition.items))
