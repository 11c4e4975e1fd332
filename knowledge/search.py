"""Search: one query put to several shelves, and the best cards of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .card import Card, is_article
from .clause import ClauseRef
from .exemption import ListItem
from .query import Query
from .ranking import LINES, LINKED, Lines, Weights
from .region import NATION
from .shelf import Drawer, Shelf
from .vectors import VectorStore

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a query found. Scores are comparable across shelves and releases, 0 to about 1."""

    ref: ClauseRef
    region: str
    score: float
    lexical: float
    dense: float
    asked: float
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemHit:
    """A list item that a story resembles; ``score`` is the chance that it is the one meant, 0 to 1."""

    item: ListItem
    region: str
    score: float


@dataclass(frozen=True, slots=True)
class NearItem:
    """A list item laid beside a story, the two measured along ``item_ranking.ITEM_LINES``."""

    item: ListItem
    region: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Found:
    """A card with its score and how it was measured, before it becomes a hit; ``row`` is its place in
    the drawer."""

    card: Card
    region: str
    score: float
    lexical: float
    dense: float
    asked: float
    row: int
    lines: Lines


@dataclass(frozen=True)
class Look:
    """One query, ready to be put to any drawer; ``limit`` cards of each are enough."""

    query: Query
    topics: Mapping[str, float]
    weights: Weights
    vectors: VectorStore
    limit: int
    unconfirmed: float

    def lines(self, shelf: Shelf, drawer: Drawer) -> Lines:
        """Every card of a drawer measured along every line of ``ranking.LINES``."""
        measures = drawer.catalogue.measure(self.query, drawer.nearest(self.vectors))
        local = np.full(len(drawer.cards), shelf.region != NATION, np.float32)
        lines = np.column_stack([*measures.columns(), drawer.topic_scores(self.topics), local])
        return self._less_sure(lines, drawer)

    def _less_sure(self, lines: Lines, drawer: Drawer) -> Lines:
        """Proposals that nobody confirmed count for less; the text of their clause may make up for it, but
        never so much that confirming them would cost the clause its place."""
        rows = drawer.unconfirmed
        for line, text in LINKED.items() if len(rows) else ():
            confirmed = lines[rows, LINES.index(line)]
            by_text = lines[rows, LINES.index(text)] if text else 0
            lines[rows, LINES.index(line)] = np.maximum(
                confirmed * self.unconfirmed, np.minimum(by_text, confirmed)
            )
        return lines

    def at(self, shelf: Shelf, drawer: Drawer, servable: Flags) -> list[Found]:
        """The best cards of a drawer, best first, among those servable (a flag a card)."""
        if not len(drawer.cards):
            return []
        lines = self.lines(shelf, drawer)
        scores = lines @ self.weights.vector
        rows = np.flatnonzero(servable & (lines[:, :-1] > 0).any(axis=1))
        best = rows[np.argsort(-scores[rows], kind="stable")][: self.limit]
        return [_found(drawer.cards[n], shelf.region, float(scores[n]), int(n), lines[n]) for n in best]


def _found(card: Card, region: str, score: float, row: int, line: Lines) -> Found:
    measured = dict(zip(LINES, line.tolist(), strict=True))
    asked = max(measured["closest"], measured["asked_dense"])
    return Found(card, region, score, measured["lexical"], measured["dense"], asked, row, line)


def without_near_duplicates(found: Iterable[Found], margin: float, limit: int) -> list[Found]:
    """Of a parent and a child that both answer, the child; the parent where it is better by ``margin``.
    Of one article's paragraphs and items the best alone: they are read together.

    ``found`` comes best first; the best ``limit`` go out, best first.
    """
    kept: list[Found] = []
    places: dict[ClauseRef, int] = {}
    above_kept: set[ClauseRef] = set()
    for candidate in found:
        if len(kept) >= limit and candidate.score < kept[limit - 1].score - margin:
            break  # too far behind to take a place
        ref = candidate.card.ref
        if ref in places or ref in above_kept:
            continue
        above = _above(ref)
        parent = next((places[a] for a in above if a in places), None)
        if parent is None and above and is_article(above[-1].section) and above[-1] in above_kept:
            continue
        if parent is None:
            places[ref] = len(kept)
            kept.append(candidate)
        elif kept[parent].score - candidate.score < margin:
            del places[kept[parent].card.ref]
            places[ref] = parent
            kept[parent] = candidate
        else:
            continue
        above_kept.update(above)
    return sorted(kept, key=lambda f: -f.score)[:limit]


def _above(ref: ClauseRef) -> list[ClauseRef]:
    """The clauses that a clause stands under, the nearest first."""
    steps = ref.section.split("/")
    return [ClauseRef(ref.document, "/".join(steps[:n])) for n in range(len(steps) - 1, 0, -1)]
