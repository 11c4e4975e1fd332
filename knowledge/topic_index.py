"""Which topics a query is about: its nearness to the topics' names and ways of asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .catalogue import CardText, Catalogue
from .query import Query, Reader
from .topic import Topic


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
        """How near the query is to each topic that it touches."""
        if self.catalogue is None:
            return {}
        closest = self.catalogue.closest(query)
        return {self.ids[n]: float(closest[n]) for n in closest.nonzero()[0]}
