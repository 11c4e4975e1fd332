"""A list nobody has written ways of asking for: what the proposals of the import are worth for its items.

The lists at hand are parted in five. Those of a part play the new ones: every way of asking is taken out of
them, and the import proposes what it carries over from the lists of the other parts, whose items keep the
stories told of them. Only stories of lists that do not ship are counted: the embedding has seen no word of
those. The weights have seen all of them, alike for every setting.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge.edition import Edition, InstrumentKind
from knowledge.embed import SHIPPED_MODEL
from knowledge.item_ranking import stacked
from knowledge.library import Knowledge
from knowledge.proposal import propose
from knowledge.query import Reader
from knowledge.starter import starter_editions
from knowledge.training.folds import MEASURED_ON, opened, topics_without
from knowledge.training.material import FOLDS, fold_of
from knowledge.training.stories import Story, all_lists, asked, read_stories, told_by, unasked

from .table import Row, markdown

HEAD = ("a new list", "stories", "top-1", "top-3", "found", "found among 3", "silent")
Made = Callable[[Edition, Sequence[Edition]], Edition]


def table(shared: Path) -> str:
    """One row a setting, all on the same stories."""
    reader = Reader.load(None)

    def proposed(edition: Edition, others: Sequence[Edition]) -> Edition:
        return propose(unasked(edition), others, {}, reader)

    settings: dict[str, Made] = {
        "bare": lambda edition, _: unasked(edition),
        "as the import leaves it": proposed,
    }
    return markdown(HEAD, [_row(name, shared, made) for name, made in settings.items()])


def _row(name: str, shared: Path, made: Made) -> Row:
    shipped = [e for e in starter_editions() if e.kind is InstrumentKind.LIST]
    seen = {e.instrument for e in shipped}
    lists = all_lists(shared / "lists", shipped)
    stories = read_stories(shared / "training", lists)
    counted = [s for s in stories if not any(ref.document in seen for ref in s.items)]
    known = asked(lists, told_by(shared / "training"), set())
    topics = topics_without({s.text for s in stories})
    places: list[tuple[bool, ...]] = []
    for part in range(FOLDS):
        others = [e for e in known if fold_of(e.instrument) != part]
        new = [made(e, others) for e in known if fold_of(e.instrument) == part]
        with tempfile.TemporaryDirectory() as folder:
            knowledge = opened([*others, *new], topics, SHIPPED_MODEL, Path(folder))
            places += [_met(knowledge, s) for s in counted if s.group == part]
    fitting = np.array([p[1:] for p in places if p[0]], float)
    silent = np.array([p[1:] for p in places if not p[0]], float)
    figures = (*fitting[:, :4].mean(axis=0), silent[:, 4].mean())
    return (name, str(len(fitting)), *(f"{value:.3f}" for value in figures))


def _met(knowledge: Knowledge, story: Story) -> tuple[bool, ...]:
    """Whether an item fits; whether one is first, or among three, by order and by what is offered; whether
    nothing is offered."""
    near = knowledge.near_items(story.text, region=story.region, on=MEASURED_ON)
    lines = stacked(near)
    order = np.argsort(-(lines @ knowledge.item_ranking.weights), kind="stable")
    ranked = [near[n].item.ref in story.items for n in order[:3]]
    offered = [near[n].item.ref in story.items for n, _ in knowledge.item_ranking.offered(lines, story.text)]
    return (
        bool(story.items),
        any(ranked[:1]),
        any(ranked),
        any(offered[:1]),
        any(offered[:3]),
        not offered,
    )
