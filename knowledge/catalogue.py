"""A catalogue: the cards of one shelf (clauses or list items), and what a query finds in them.

Every card is measured along the same few lines, each between 0 and about 1 and comparable across
shelves. ``ranking.json`` weighs them; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .embed import Vectors
from .lexical import Scores, Shape, TermIndex, codes
from .query import Query, Reader

Rows = NDArray[np.int64]
Nearest = Callable[[Vectors, int], Rows]

TEXT = Shape(k1=0.9, b=0.4, average=300)
ASKED = Shape(k1=2.0, b=0.4, average=500)
QUESTION = Shape(k1=0.9, b=0.4, average=38)
SOUND = Shape(k1=2.0, b=0.4, average=250)
BEST_OF = 3
"""A card is as near as the mean of its nearest few ways of asking: one alone may be a slip."""


@dataclass(frozen=True, slots=True)
class CardText:
    """What is indexed of one card: its text with headings and title, the same in English (for
    its words only), and its ways of asking."""

    text: str
    english: str
    asked_as: tuple[str, ...]


@dataclass(frozen=True)
class Measures:
    """How near each card is to a query, one array a line of measurement.

    ``lexical`` and ``asked``: the query's terms in the text and in the ways of asking; ``widened``
    and ``asked_widened``: the legal terms meant by its everyday words there; ``closest``: the best
    single way of asking; ``sound``: its syllables; ``dense`` and ``asked_dense``: cosines, of the
    cards worth a look (0 for others).
    """

    lexical: Scores
    widened: Scores
    asked: Scores
    asked_widened: Scores
    closest: Scores
    sound: Scores
    dense: Scores
    asked_dense: Scores

    def columns(self) -> list[Scores]:
        return [getattr(self, f.name) for f in fields(self)]


@dataclass(frozen=True)
class Catalogue:
    texts: TermIndex
    asked: TermIndex
    questions: TermIndex
    sounds: TermIndex
    starts: Rows
    """Where the questions of each card begin among all questions; one more entry than cards."""
    vectors: Vectors
    """One row a card, then one row a question."""

    @classmethod
    def build(cls, cards: Sequence[CardText], reader: Reader) -> Catalogue:
        terms, sounds = reader.terms, reader.sounds
        questions = [q for card in cards for q in card.asked_as]
        joined = ["\n".join(card.asked_as) for card in cards]
        return cls(
            TermIndex.build((codes(f"{c.text}\n{c.english}") for c in cards), terms, TEXT),
            TermIndex.build((codes(text) for text in joined), terms, ASKED),
            TermIndex.build((codes(q) for q in questions), terms, QUESTION),
            TermIndex.build(
                (sounds.codes(asked or c.text) for c, asked in zip(cards, joined, strict=True)),
                sounds.terms,
                SOUND,
            ),
            np.concatenate([[0], np.cumsum([len(c.asked_as) for c in cards], dtype=np.int64)]),
            reader.vectors([*(c.text for c in cards), *questions]),
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, index in self._indexes().items():
            index.save(folder / name)
        np.save(folder / "starts.npy", self.starts)
        np.save(folder / "vectors.npy", self.vectors)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        return cls(
            TermIndex.load(folder / "texts"),
            TermIndex.load(folder / "asked"),
            TermIndex.load(folder / "questions"),
            TermIndex.load(folder / "sounds"),
            np.load(folder / "starts.npy"),
            np.asarray(np.load(folder / "vectors.npy", mmap_mode="r")),
        )

    def _indexes(self) -> dict[str, TermIndex]:
        return {"texts": self.texts, "asked": self.asked, "questions": self.questions, "sounds": self.sounds}

    def __len__(self) -> int:
        return self.texts.rows

    def measure(self, query: Query, nearest: Nearest | None = None, near: int = 64) -> Measures:
        """Measure every card by its words, and those by cosine that words or vectors bring near.

        ``nearest`` finds the rows of the nearest vectors; without it they are all compared.
        """
        lexical = self.texts.scores(query.terms) / query.mass
        asked = self.asked.scores(query.terms) / query.mass
        rows = (nearest or self.scan)(query.vector, near) if len(self.vectors) else np.zeros(0, np.int64)
        by_words = np.argsort(-(lexical + asked), kind="stable")[:near]
        chosen = np.unique(np.concatenate([self._owners(rows), by_words]))
        dense, asked_dense = self._cosines(chosen, query.vector)
        widened = self.texts.scores(query.widened) / query.mass
        return Measures(
            lexical,
            widened,
            np.where(self._unasked, lexical, asked),
            np.where(self._unasked, widened, self.asked.scores(query.widened) / query.mass),
            np.where(self._unasked, lexical, self.closest(query)),
            self.sounds.scores(query.sounds) / query.sound_mass,
            dense,
            np.where(self._unasked, dense, asked_dense),
        )

    @cached_property
    def _unasked(self) -> NDArray[np.bool_]:
        """Cards without a way of asking: their text stands in for it, or what was just brought in would
        always come last."""
        unasked: NDArray[np.bool_] = np.diff(self.starts) == 0
        return unasked

    def closest(self, query: Query) -> Scores:
        """How well each card's best single way of asking matches the query's terms."""
        return self._best(self.questions.scores(query.terms) / query.mass)

    def scan(self, vector: Vectors, limit: int) -> Rows:
        """The rows of the nearest vectors, found by comparing all."""
        near = self.vectors @ vector
        return np.argpartition(-near, min(limit, len(near) - 1))[:limit].astype(np.int64)

    def _owners(self, rows: Rows) -> Rows:
        """The cards that rows of vectors belong to."""
        questions = np.searchsorted(self.starts, rows - len(self), side="right") - 1
        return np.where(rows < len(self), rows, questions)

    def _cosines(self, cards: Rows, vector: Vectors) -> tuple[Scores, Scores]:
        """Exact cosines of some cards: of their text, and of their ways of asking."""
        dense, asked = np.zeros(len(self), np.float32), np.zeros(len(self), np.float32)
        if not len(cards) or not len(self.vectors):
            return dense, asked
        dense[cards] = self.vectors[cards] @ vector
        counts = self.starts[cards + 1] - self.starts[cards]
        first = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) + np.repeat(self.starts[cards] - first + len(self), counts)
        asked[cards] = _mean_of_best(self.vectors[rows] @ vector, counts)
        return dense, asked

    def _best(self, by_question: Scores) -> Scores:
        """The best of each card's questions; 0 for a card without one."""
        best = np.zeros(len(self), np.float32)
        held = np.flatnonzero(np.diff(self.starts))
        if len(held):
            best[held] = np.maximum.reduceat(by_question, self.starts[held])
        return best


def _mean_of_best(near: Scores, counts: Rows) -> Scores:
    """For groups that stand one after another, the mean of the best few of each; 0 for an empty one."""
    owner = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((-near, owner))
    first = np.cumsum(counts) - counts
    best = order[np.arange(len(order)) - first[owner] < BEST_OF]
    total = np.bincount(owner[best], near[best], minlength=len(counts))
    means: Scores = (total / counts.clip(1, BEST_OF)).astype(np.float32)
    return means
