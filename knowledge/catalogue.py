"""A catalogue: the cards of one shelf (clauses or list items), and what a query finds in them.

Every card is measured along the same few lines, each between 0 and about 1 and comparable across
shelves. ``ranking.json`` weighs them; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .embed import Vectors
from .lexical import Scores, TermIndex, codes
from .query import Query, Reader

AVERAGE_CARD = 240.0
AVERAGE_QUESTION = 38.0
AVERAGE_SOUNDS = 120.0


@dataclass(frozen=True, slots=True)
class CardText:
    """What is indexed of one card: its text with headings and title, and its ways of asking."""

    text: str
    asked_as: tuple[str, ...]


@dataclass(frozen=True)
class Measures:
    """How near each card is to a query, one array a line of measurement."""

    lexical: Scores
    widened: Scores
    asked: Scores
    sound: Scores
    dense: Scores
    asked_dense: Scores


@dataclass(frozen=True)
class Catalogue:
    texts: TermIndex
    questions: TermIndex
    sounds: TermIndex
    owners: NDArray[np.int64]
    """The card of each question, ascending."""
    vectors: Vectors
    """One row a card, then one row a question."""

    @classmethod
    def build(cls, cards: Sequence[CardText], reader: Reader) -> Catalogue:
        questions = [(n, q) for n, card in enumerate(cards) for q in card.asked_as]
        return cls(
            TermIndex.build((codes(c.text) for c in cards), reader.terms, AVERAGE_CARD),
            TermIndex.build((codes(q) for _, q in questions), reader.terms, AVERAGE_QUESTION),
            TermIndex.build(
                (reader.sounds.codes("。".join([c.text, *c.asked_as])) for c in cards),
                reader.terms,
                AVERAGE_SOUNDS,
            ),
            np.array([n for n, _ in questions], np.int64),
            reader.vectors([*(c.text for c in cards), *(q for _, q in questions)]),
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.texts.save(folder / "texts")
        self.questions.save(folder / "questions")
        self.sounds.save(folder / "sounds")
        np.save(folder / "owners.npy", self.owners)
        np.save(folder / "vectors.npy", self.vectors)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        return cls(
            TermIndex.load(folder / "texts"),
            TermIndex.load(folder / "questions"),
            TermIndex.load(folder / "sounds"),
            np.load(folder / "owners.npy"),
            np.load(folder / "vectors.npy", mmap_mode="r"),
        )

    def __len__(self) -> int:
        return self.texts.rows

    def measure(self, query: Query) -> Measures:
        """Measure every card."""
        near = np.asarray(self.vectors) @ query.vector if len(self.vectors) else np.zeros(0, np.float32)
        return Measures(
            self.texts.scores(query.terms) / query.mass,
            self.texts.scores(query.widened) / query.mass,
            self._best(self.questions.scores(query.terms) / query.mass),
            self.sounds.scores(query.sounds) / query.mass,
            near[: len(self)],
            self._best(near[len(self) :]),
        )

    def _best(self, by_question: Scores) -> Scores:
        """The best of each card's questions."""
        best = np.zeros(len(self), np.float32)
        if len(by_question):
            np.maximum.at(best, self.owners, by_question)
        return best
