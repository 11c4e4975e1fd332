"""Fitting and measuring the match of stories with list items.

``python -m knowledge.training DATA --items LISTS`` runs it.

Every story is put to all lists twice. First with the stories parted in five: the items keep the other
stories as ways of asking, the embedding has seen those only. Then with the lists parted in five: the
lists of a part have no way of asking at all, as if just brought in, and the embedding has seen no item.
Weights are fitted to both; what is measured on a part is measured with weights fitted without it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..edition import Edition, InstrumentKind
from ..item_ranking import FILE, ITEM_LINES, SIGNS, stacked
from ..library import Knowledge
from ..ranking import Lines
from ..starter import starter_editions
from ..topic import Topic
from .deciding import Decision, Silence, decide, decision_of, rates, weigh
from .folds import MEASURED_ON, opened, topics_without, without
from .material import FOLDS, fold_of
from .recipe import Base, Report
from .stories import Story, all_lists, asked, read_stories, told_by, unasked

MEASURED = Path(__file__).with_name("items.json")
ModelOf = Callable[[str], Path]
"""The folder of the embedding that has not seen a part of the stories ("0" to "4") or any item ("none")."""


@dataclass(frozen=True)
class Sheet:
    """A story as it met the lists: what came near it, which of that fits; ``part`` is held out with it."""

    story: Story
    lines: Lines
    right: Silence
    part: int

    @property
    def words(self) -> str:
        return self.story.text

    @property
    def fits(self) -> bool:
        """Whether any item fits, be it near or not."""
        return bool(self.story.items)


def measure_items(
    data: Path, lists: Path, report: Report, base: Base | None = None, model_of: ModelOf | None = None
) -> None:
    """Fit matching.json and write what was measured."""
    published = all_lists(lists, [e for e in starter_editions() if e.kind is InstrumentKind.LIST])
    stories = read_stories(data, published)
    with tempfile.TemporaryDirectory() as folder:
        models = model_of or _tuned(base, stories, Path(folder))
        known = list(_known_items(data, published, stories, models))
        report(f"{len(known)} stories put to lists with ways of asking")
        new = list(_new_lists(data, published, stories, models))
        report(f"{len(new)} stories put to new lists")
    write_fit(known, new, report)


def write_fit(known: Sequence[Sheet], new: Sequence[Sheet], report: Report) -> None:
    """Weights from all stories; figures each without what they are measured on."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    measured: dict[str, Any] = {}
    for name, sheets, other in (("stories", known, new), ("lists", new, known)):
        decisions = [_held_out(part, sheets, other) for part in range(FOLDS)]
        measured[name] = rates([d for part in decisions for d in part])
    weights = weigh([s for s in (*known, *new) if s.right.any()])
    decision = decision_of(weights, (*known, *new))
    content["weights"] = {n: round(float(w), 4) for n, w in zip(ITEM_LINES, weights, strict=True) if w}
    content["signs"] = {n: round(float(w), 4) for n, w in zip(SIGNS, decision.signs, strict=True)}
    content["bias"] = round(decision.bias, 4)
    content["offered_from"] = measured["lists"]["offered_from"]
    FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    MEASURED.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    report(json.dumps(measured, ensure_ascii=False))


def _held_out(part: int, sheets: Sequence[Sheet], other: Sequence[Sheet]) -> list[Decision]:
    """How the stories of a part fare with weights that have seen none of them, in either setting."""
    held = [s for s in sheets if s.part == part]
    unseen = {s.story.text for s in held}
    rest = [s for s in (*sheets, *other) if s.story.text not in unseen]
    weights = weigh([s for s in rest if s.right.any()])
    return decide(decision_of(weights, rest), held)


def _known_items(
    data: Path, published: Sequence[Edition], stories: Sequence[Story], model_of: ModelOf
) -> Iterator[Sheet]:
    ways = told_by(data)
    for fold in range(FOLDS):
        unseen = {s.text for s in stories if s.fold == fold}
        lists = asked(published, ways, unseen)
        with _search(lists, topics_without(unseen), model_of(str(fold))) as knowledge:
            yield from (_sheet(knowledge, s, fold) for s in stories if s.fold == fold)


def _new_lists(
    data: Path, published: Sequence[Edition], stories: Sequence[Story], model_of: ModelOf
) -> Iterator[Sheet]:
    ways = told_by(data)
    topics = topics_without({s.text for s in stories})
    for group in range(FOLDS):
        lists = [unasked(e) if fold_of(e.instrument) == group else e for e in asked(published, ways, set())]
        with _search(lists, topics, model_of("none")) as knowledge:
            yield from (_sheet(knowledge, s, group) for s in stories if s.group == group)


def _sheet(knowledge: Knowledge, story: Story, part: int) -> Sheet:
    near = knowledge.near_items(story.text, region=story.region, on=MEASURED_ON)
    right = np.array([n.item.ref in story.items for n in near], bool)
    return Sheet(story, stacked(near), right, part)


class _search:  # noqa: N801 - reads as a verb where it is used
    """The lists as a release of their own."""

    def __init__(self, lists: Sequence[Edition], topics: dict[str, Topic], model: Path) -> None:
        self._parts = lists, topics, model
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Knowledge:
        lists, topics, model = self._parts
        return opened(lists, topics, model, Path(self._folder.name))

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _tuned(base: Base | None, stories: Sequence[Story], folder: Path) -> ModelOf:
    """Embeddings tuned without a part of the stories, or without any list."""
    from .export import write_model

    if base is None:
        raise ValueError("either a base or finished models are needed")
    editions = starter_editions()

    def model_of(part: str) -> Path:
        place = folder / part
        if not place.exists():
            unseen = {s.text for s in stories if part == "none" or s.fold == int(part)}
            bare = [e for e in editions if e.kind is not InstrumentKind.LIST]
            held = bare if part == "none" else without(editions, unseen)
            write_model(place, base.tuned(held, topics_without(unseen).values()), base.tokenizer)
        return place

    return model_of
