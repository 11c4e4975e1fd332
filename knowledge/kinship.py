"""Kinship: how near the clauses of a new document are to clauses that carry topics already.

Each pair of clauses is measured along a few lines, all in plain words: nothing here needs a model.
``proposal.json`` weighs the lines into the chance that the two say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .card import clause_cards
from .catalogue import TEXT
from .clause import Clause
from .edition import Edition
from .lexical import Scores, TermIndex, codes
from .likeness import likeness
from .naming import without_names
from .query import Reader
from .region import NATION
from .topic import Topic

LINES = ("text", "asked", "topic", "alone", "asked_alone", "place", "local")
"""What a pair is measured along.

``text``: the likeness of the two texts; ``asked``: how well the new clause answers what the linked one
is asked; ``topic``: the same for the topics that it carries; ``alone`` and ``asked_alone``: whether any
other clause would do as well; ``place``: how near they stand in their documents; ``local``: the linked
clause is a region's own.
"""
Lines = NDArray[np.float32]
_TINY = 1e-6


@dataclass(frozen=True)
class Linked:
    """A clause that editors have linked: its edition, and where it stands there (0 to 1)."""

    edition: Edition
    clause: Clause
    place: float


@dataclass(frozen=True)
class Ways:
    """Ways of asking, each with what it belongs to (a linked clause or a topic, by number), and how
    well each new clause answers it by its own text."""

    texts: tuple[str, ...]
    owner: NDArray[np.int64]
    fit: Scores

    def of(self, owners: NDArray[np.bool_]) -> Ways:
        """Those that belong to some owners only."""
        held = np.flatnonzero(owners[self.owner])
        return Ways(tuple(self.texts[n] for n in held), self.owner[held], self.fit[:, held])


class Kinship:
    """A new document beside the linked clauses of all others."""

    def __init__(
        self, edition: Edition, linked: Iterable[Edition], topics: Mapping[str, Topic], reader: Reader
    ) -> None:
        self.edition = edition
        self.topics = tuple(topics)
        self._topics = topics
        self._reader = reader
        self.linked = tuple(
            kin
            for other in linked
            if other.instrument != edition.instrument
            for kin in _linked(other)
            if kin.clause.topics or kin.clause.asked_as
        )

    @cached_property
    def _index(self) -> TermIndex:
        """The clauses of the new document by their own words."""
        own = (codes(card.text.text) for card in clause_cards([self.edition]))
        return TermIndex.build(own, self._reader.terms, TEXT)

    @cached_property
    def questions(self) -> Ways:
        """What the linked clauses are asked, without the names of their regions."""
        return self._ways(
            [(n, without_names(q, k.edition)) for n, k in enumerate(self.linked) for q in k.clause.asked_as]
        )

    @cached_property
    def local(self) -> NDArray[np.bool_]:
        """Which linked clauses are a region's own."""
        return np.array([NATION not in kin.edition.regions for kin in self.linked], bool)

    @cached_property
    def topic_questions(self) -> Ways:
        """What is asked of the topics, their names among it."""
        held = self._topics.values()
        return self._ways([(n, q) for n, topic in enumerate(held) for q in (topic.name, *topic.asked_as)])

    @cached_property
    def carries(self) -> NDArray[np.bool_]:
        """Which topics (columns) each linked clause carries."""
        number = {topic: n for n, topic in enumerate(self.topics)}
        table = np.zeros((len(self.linked), len(self.topics)), bool)
        for row, kin in enumerate(self.linked):
            table[row, [number[t] for t in kin.clause.topics if t in number]] = True
        return table

    @cached_property
    def lines(self) -> Lines:
        """Every new clause with every linked one, measured along every line of ``LINES``."""
        new = _linked(self.edition)
        text = likeness(_texts(new), _texts(self.linked), self._reader.terms)
        asked = _mean(self.questions, len(self.linked))
        by_topic = _mean(self.topic_questions, len(self.topics))
        topic = np.stack([np.where(self.carries, row, 0).max(axis=1, initial=0) for row in by_topic])
        nearest = np.maximum(text.max(axis=0, initial=_TINY), _TINY)
        nearest_kin = np.maximum(text.max(axis=1, initial=_TINY, keepdims=True), _TINY)
        apart = np.abs(np.subtract.outer([n.place for n in new], [k.place for k in self.linked]))
        return np.stack(
            [
                text,
                asked,
                topic,
                (text / nearest) * (text / nearest_kin),
                asked / np.maximum(asked.max(axis=0, initial=_TINY), _TINY),
                np.where(self.local, 1 - apart, 0.5),
                np.broadcast_to(self.local, text.shape),
            ],
            axis=-1,
        ).astype(np.float32)

    def topic_chances(self, chances: Scores) -> Scores:
        """For each new clause, the best chance among the linked clauses that carry a topic."""
        return np.stack([np.where(self.carries, row[:, None], 0).max(axis=0, initial=0) for row in chances])

    def _ways(self, texts: Sequence[tuple[int, str]]) -> Ways:
        fit = np.stack([self._fit(text) for _, text in texts], axis=1) if texts else self._nothing
        return Ways(tuple(t for _, t in texts), np.array([n for n, _ in texts], np.int64), fit)

    def _fit(self, question: str) -> Scores:
        """How well each new clause answers by its text, everyday words taken for what they mean."""
        own = codes(question)
        meant = [codes(term) for term in self._reader.lexicon.widen(question)]
        scores = self._index.scores(own)
        if meant:
            scores = scores + self._index.scores(np.concatenate(meant))
        return scores / max(float(self._reader.terms.weights(own).sum()), 1.0)

    @property
    def _nothing(self) -> Scores:
        return np.zeros((len(self.edition.clauses), 0), np.float32)


def _linked(edition: Edition) -> tuple[Linked, ...]:
    size = max(len(edition.clauses), 1)
    return tuple(Linked(edition, c, n / size) for n, c in enumerate(edition.clauses))


def _texts(clauses: Iterable[Linked]) -> list[str]:
    return [without_names(f"{k.clause.heading}\n{k.clause.text}", k.edition) for k in clauses]


def _mean(ways: Ways, owners: int) -> Scores:
    """The mean fit of each owner's ways of asking: one row a new clause."""
    counts = np.maximum(np.bincount(ways.owner, minlength=owners), 1)
    return np.stack([np.bincount(ways.owner, row, minlength=owners) / counts for row in ways.fit])
