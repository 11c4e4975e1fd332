"""Measuring the search for list items on stories held out, and fitting its weights and its bar.

Besides the lists that ship, all lists at hand are published for the measurement, in force or not, so
that a story meets the items of its own region among many. Stories that no item fits set the bar
below which nothing is offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from ..clause import ClauseRef
from ..edition import Edition, EditionStatus
from ..library import Knowledge
from ..parse.list_edition import list_edition
from ..parse.table import parse_list
from ..ranking import Lines
from ..region import NATION, AmbiguousRegion, UnknownRegion, resolve
from .ballot import Ballot
from .material import fold_of, rows


@dataclass(frozen=True)
class Story:
    """An owner's own words, where they are told, and the items that fit (none, where none does)."""

    text: str
    region: str
    items: tuple[ClauseRef, ...]

    @property
    def fold(self) -> int:
        return fold_of(self.text)


def all_lists(folder: Path, shipped: Sequence[Edition]) -> list[Edition]:
    """Every list at hand as if in force, the shipped ones in the form they ship in."""
    known = {e.instrument for e in shipped}
    read = [
        list_edition(parse_list(file.read_bytes(), file.name), {"id": file.stem})
        for file in sorted(folder.glob("*.csv"))
        if file.stem not in known
    ]
    always = {"status": EditionStatus.CURRENT, "in_force_from": None, "in_force_to": None, "issued_on": None}
    return [replace(e, **always) for e in [*shipped, *read] if e.items and e.region]  # type: ignore[arg-type]


def read_stories(data: Path, lists: Sequence[Edition]) -> list[Story]:
    """The stories whose list is at hand, and those that no item fits."""
    regions = {e.instrument: e.regions[0] for e in lists}
    stories = []
    for row in rows(data / "items.jsonl"):
        if row["list"] is None:
            stories.append(Story(row["question"], _place(row["facts"].get("region")), ()))
        elif row["list"] in regions:
            item = ClauseRef(row["list"], row["item"])
            stories.append(Story(row["question"], regions[row["list"]], (item,)))
    return stories


def item_ballot(knowledge: Knowledge, story: Story, on: date) -> Ballot:
    """Every item on the path of the story's region, measured."""
    refs: list[ClauseRef] = []
    parts: list[Lines] = []
    for drawer, servable, lines in knowledge.measured_items(story.text, [story.region], on):
        refs += [drawer.cards[row].ref for row in np.flatnonzero(servable)]
        parts.append(lines[servable])
    right = np.array([ref in story.items for ref in refs], bool)
    return Ballot(tuple(refs), np.concatenate(parts), right)


def bar(ballots: Sequence[Ballot], weights: Lines) -> tuple[float, Mapping[str, float]]:
    """The evidence from which an item is offered: where finds and right silences together are most."""
    tops = [_top(b, weights) for b in ballots]
    levels = sorted({round(score, 3) for score, _, _ in tops})
    best = max(levels, key=lambda level: sum(_at(tops, level)[k] for k in ("found", "silent")))
    return best, {k: round(v, 4) for k, v in _at(tops, best).items()}


def _at(tops: Sequence[tuple[float, bool, bool]], level: float) -> dict[str, float]:
    """With this bar: the share of offers that are right, of stories whose item is found, and of
    stories that no item fits where nothing is offered."""
    offered = [right for score, right, _ in tops if score >= level]
    fitting = [right and score >= level for score, right, fits in tops if fits]
    others = [score < level for score, _, fits in tops if not fits]
    return {
        "right": sum(offered) / max(len(offered), 1),
        "found": sum(fitting) / max(len(fitting), 1),
        "silent": sum(others) / max(len(others), 1),
    }


def _top(ballot: Ballot, weights: Lines) -> tuple[float, bool, bool]:
    """The evidence for the best item, whether it is right, and whether any item is."""
    best = int((ballot.lines @ weights).argmax())
    evidence = float(ballot.lines[best, :-1] @ weights[:-1])
    return evidence, bool(ballot.right[best]), bool(ballot.right.any())


def _place(named: str | None) -> str:
    try:
        return resolve(named) if named else NATION
    except (UnknownRegion, AmbiguousRegion):
        return NATION
