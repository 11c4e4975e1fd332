"""Which topics a query is about: its nearness to the topics' names and ways of asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .catalogue import CardText, Catalogue
from .lexical import Scores
from .query import Query, Reader
from .topic import Topic


@dataclass(frozen=True)
class Nearness:
    """For each topic touched, how near a query is: by the words of its best way of asking, and by cosine."""

    words: Mapping[str, float]
    meaning: Mapping[str, float]


@dataclass(frozen=True)
class TopicIndex:
    ids: tuple[str, ...]
    catalogue: Catalogue | None

    @classmethod
    def build(cls, topics: Iterable[Topic], reader: Reader) -> TopicIndex:
        held = list(topics)
        if not held:
            return cls((), None)
        cards = [
            CardText(f"{t.name}\n{t.explanation}", t.explanation_en, (t.name, *t.asked_as)) for t in held
        ]
        return cls(tuple(t.id for t in held), Catalogue.build(cards, reader))

    def near(self, query: Query) -> Mapping[str, float]:
        """How near the query is to each topic that it touches, by words."""
        return self.nearness(query).words

    def nearness(self, query: Query) -> Nearness:
        """How near the query is to each topic, by words and by meaning."""
        if self.catalogue is None:
            return Nearness({}, {})
        return Nearness(
            self._by_topic(self.catalogue.closest(query)), self._by_topic(self.catalogue.meant(query))
        )

    def _by_topic(self, scores: Scores) -> Mapping[str, float]:
        return {self.ids[n]: float(scores[n]) for n in scores.nonzero()[0]}
