"""Search: one query put to several shelves, and the best cards of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .card import Card
from .catalogue import Catalogue, Measures
from .clause import ClauseRef
from .edition import Edition
from .exemption import ListItem
from .lexical import Scores
from .query import Query
from .ranking import Weights
from .shelf import Shelf

NATION = "全国"


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
    """A list item that a story resembles."""

    item: ListItem
    region: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A card with its score, before it becomes a hit."""

    card: Card
    region: str
    score: float
    measures: Mapping[str, float]


@dataclass(frozen=True)
class Look:
    """One query, ready to be put to any catalogue."""

    query: Query
    topics: Mapping[str, float]
    weights: Weights
    serves: Callable[[Edition], bool]
    limit: int

    def at(
        self,
        shelf: Shelf,
        cards: Sequence[Card],
        catalogue: Catalogue,
        suits: Callable[[Card], bool] | None = None,
    ) -> list[Found]:
        """The best servable cards of one catalogue, best first."""
        local = shelf.region != NATION
        measures = catalogue.measure(self.query)
        scores = self.weights.score(measures, _topic_scores(cards, self.topics), local)
        touched = np.flatnonzero(scores > (self.weights.local if local else 0.0))
        found: list[Found] = []
        for row in touched[np.argsort(-scores[touched], kind="stable")]:
            card = cards[row]
            if self.serves(shelf.editions[card.edition]) and (suits is None or suits(card)):
                found.append(Found(card, shelf.region, float(scores[row]), _row(measures, row)))
                if len(found) == self.limit:
                    break
        return found


def _row(measures: Measures, row: np.intp) -> dict[str, float]:
    return {
        "lexical": float(measures.lexical[row] + measures.widened[row]),
        "dense": float(measures.dense[row]),
        "asked": float(max(measures.asked[row], measures.asked_dense[row])),
    }


def _topic_scores(cards: Sequence[Card], topics: Mapping[str, float]) -> Scores:
    scores = np.zeros(len(cards), np.float32)
    if topics:
        for row, card in enumerate(cards):
            scores[row] = max((topics.get(t, 0.0) for t in card.topics), default=0.0)
    return scores


def without_near_duplicates(found: Iterable[Found], margin: float) -> list[Found]:
    """Of a parent and a child that both answer, the child; the parent where it is better by ``margin``."""
    kept: list[Found] = []
    for candidate in found:
        ref = candidate.card.ref
        inside = [f for f in kept if ref.covers(f.card.ref)]
        around = [n for n, f in enumerate(kept) if f.card.ref != ref and f.card.ref.covers(ref)]
        if inside:
            continue
        if around and kept[around[0]].score - candidate.score < margin:
            kept[around[0]] = candidate
        elif not around:
            kept.append(candidate)
    return kept
