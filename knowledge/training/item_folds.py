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
    """The score from which an item is offered: where right offers and right silences are most (F1)."""
    tops = [_top(b, weights) for b in ballots]
    best, measured = 0.0, {"F1": 0.0}
    for level in sorted({score for score, _, _ in tops}):
        offered = [(right, fits) for score, right, fits in tops if score >= level]
        hits = sum(right for right, _ in offered)
        precision = hits / max(len(offered), 1)
        recall = hits / max(sum(fits for _, _, fits in tops), 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        if f1 > measured["F1"]:
            silent = [score < level for score, _, fits in tops if not fits]
            best = level
            measured = {
                "F1": round(f1, 4),
                "precision": round(precision, 4),
                "recall": round(recall, 4),
                "silent where none fits": round(sum(silent) / max(len(silent), 1), 4),
            }
    return best, measured


def _top(ballot: Ballot, weights: Lines) -> tuple[float, bool, bool]:
    """The best item's score, whether it is right, and whether any item is."""
    scores = ballot.lines @ weights
    best = int(scores.argmax())
    return float(scores[best]), bool(ballot.right[best]), bool(ballot.right.any())


def _place(named: str | None) -> str:
    try:
        return resolve(named) if named else NATION
    except (UnknownRegion, AmbiguousRegion):
        return NATION
