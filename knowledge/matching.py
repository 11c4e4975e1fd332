"""Matching: how near the conduct that a list item names is to the one that an owner tells of.

A search asks which words two texts share. That is too little here: items of one list share most of
theirs, and an owner names things by other words. So the matter of an item is laid beside the story on
its own, term by term and piece by piece, in both directions, everyday words taken for what they mean
(``sources/conducts.json``), with the kind of act, the field of business and the conditions beside it.
``matching.json`` weighs the lines; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .embed import Vectors
from .lexical import Codes, Scores
from .matter import Matter, Told, is_unplaced, joined
from .query import Reader

MATCHES = (
    "matter_told",
    "matter_meant",
    "matter_pairs",
    "matter_lexicon",
    "story_in_matter",
    "story_in_text",
    "story_in_asked",
    "matter_pieces",
    "story_pieces",
    "matter_dense",
    "conditions",
    "sector",
    "sector_first",
    "sector_other",
    "general",
    "unasked",
    "unplaced",
    "lexicon_in_matter",
    "act_shared",
    "act_other",
    "act_untold",
)
"""What a story and an item are measured along, each between 0 and about 1.

``matter_…``: how much of the matter's weight the story tells (``told``), tells or means (``meant``), the
same for neighbouring characters only (``pairs``), means by the lexicon (``lexicon``); ``story_…``: how
much of the story's weight stands in the matter, in the whole text, in text and ways of asking; ``…_pieces``:
how near each piece of the one comes to its nearest of the other; ``matter_dense``: the cosine;
``conditions``: how much of them is told; ``sector…``: the story points to the item's field, first of all
to it, or only to others; ``general``: an item on any breach of a law; ``unasked``: no way of asking is known;
``unplaced``: a region's own item, where the asker named no region and no place of its;
``lexicon_in_matter``: how much of what the story means by the lexicon stands in the matter;
``act_shared``: the share of the kinds of act told (``sources/acts.json``) that the matter is of;
``act_other``: the matter is of other kinds only; ``act_untold``:
the matter is of a kind and the story tells of none.
"""
_PAIRS_FROM = 1 << 31
Flags = NDArray[np.bool_]


def match(told: Told, matters: Sequence[Matter], reader: Reader) -> Scores:
    """One row an item, one column a line of ``MATCHES``."""
    matter = _Terms.of([m.matter for m in matters], reader)
    paired = matter.only(matter.flat >= _PAIRS_FROM)
    text = _Terms.of([m.text for m in matters], reader)
    asked = _Terms.of([m.asked for m in matters], reader)
    conditions = _Terms.of([m.conditions for m in matters], reader)
    by_matter, by_story = _nearest([m.pieces for m in matters], told.pieces)
    spoken = frozenset(told.sectors)
    columns: list[Scores | list[float]] = [
        matter.share(told.terms),
        matter.share(told.meant),
        paired.share(told.meant),
        paired.share(told.lexicon),
        matter.weight_of(told.terms) / told.weight,
        text.weight_of(told.terms) / told.weight,
        asked.weight_of(told.terms) / told.weight,
        by_matter,
        by_story,
        np.stack([m.vector for m in matters]) @ told.vector,
        conditions.share(told.meant),
        [float(bool(m.sectors & spoken)) if m.sectors else 0.5 for m in matters],
        [float(bool(told.sectors) and told.sectors[0] in m.sectors) for m in matters],
        [float(bool(spoken and m.sectors) and not m.sectors & spoken) for m in matters],
        [float(m.general) for m in matters],
        [float(m.unasked) for m in matters],
        [float(is_unplaced(m, told)) for m in matters],
        matter.weight_of(told.lexicon) / max(float(reader.terms.weights(told.lexicon).sum()), 1.0),
        [len(m.acts & told.acts) / max(len(told.acts), 1) for m in matters],
        [float(bool(told.acts and m.acts) and not m.acts & told.acts) for m in matters],
        [float(bool(m.acts) and not told.acts) for m in matters],
    ]
    return np.column_stack(columns).astype(np.float32)


@dataclass(frozen=True)
class _Terms:
    """The terms of several items one after another, each with its item and how telling it is."""

    flat: Codes
    owner: Codes
    weights: Scores
    items: int

    @classmethod
    def of(cls, terms: Sequence[Codes], reader: Reader) -> _Terms:
        flat = joined(terms)
        owner = np.repeat(np.arange(len(terms)), [len(t) for t in terms])
        return cls(flat, owner, reader.terms.weights(flat), len(terms))

    def only(self, chosen: Flags) -> _Terms:
        return _Terms(self.flat[chosen], self.owner[chosen], self.weights[chosen], self.items)

    def weight_of(self, told: Codes) -> Scores:
        """For each item, the weight of its terms that are among those told (sorted)."""
        if not len(told):
            return np.zeros(self.items, np.float32)
        place = np.searchsorted(told, self.flat).clip(max=len(told) - 1)
        found = np.where(told[place] == self.flat, self.weights, np.float32(0))
        return np.bincount(self.owner, found, minlength=self.items).astype(np.float32)

    def share(self, told: Codes) -> Scores:
        total = np.bincount(self.owner, self.weights, minlength=self.items)
        shares: Scores = (self.weight_of(told) / np.maximum(total, 1)).astype(np.float32)
        return shares


def _nearest(items: Sequence[tuple[Vectors, Scores]], story: tuple[Vectors, Scores]) -> tuple[Scores, Scores]:
    """How near the pieces of each item come to the story's, and the story's to the item's, by weight."""
    vectors, weights = story
    nothing = np.zeros(len(items), np.float32)
    starts = np.cumsum([0, *(len(w) for _, w in items)])
    if not len(weights) or not starts[-1]:
        return nothing, nothing
    held = [n for n, (_, w) in enumerate(items) if len(w)]
    likeness = np.concatenate([v for v, _ in items if len(v)]) @ vectors.T
    own = np.concatenate([w for _, w in items])
    first = starts[held]
    to_story, to_item = nothing.copy(), nothing.copy()
    to_story[held] = np.add.reduceat(likeness.max(axis=1) * own, first) / np.add.reduceat(own, first)
    to_item[held] = np.maximum.reduceat(likeness, first, axis=0) @ weights / weights.sum()
    return to_story, to_item
