"""What every region says on a topic: the published clauses that carry it, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from knowledge.clause import Clause
from knowledge.edition import Edition, InstrumentKind
from knowledge.region import NATION
from knowledge.topic import Topic, lineage, load_topics
from portal.errors import NotFound

from .addresses import topic_url
from .reading import clause_json

if TYPE_CHECKING:
    from knowledge.library import Knowledge


@dataclass(frozen=True, slots=True)
class Statement:
    """One clause on a topic; ``confirmed`` is False where only the import proposed that it is on it."""

    edition: Edition
    clause: Clause
    confirmed: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.edition.instrument,
            "title": self.edition.title,
            "digest": self.edition.digest,
            **clause_json(self.edition, self.clause),
            "text": self.edition.full_text(self.clause.section),
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True, slots=True)
class Voice:
    """What one region's own documents say on a topic; ``parts`` are topics below it that they speak of."""

    region: str
    statements: tuple[Statement, ...]
    parts: tuple[Topic, ...] = ()

    @property
    def silent(self) -> bool:
        return not self.statements and not self.parts

    def to_json(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "silent": self.silent,
            "clauses": [statement.to_json() for statement in self.statements],
            "parts": [topic.id for topic in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic in the tree: how many topics stand below it, and how many regions speak of it."""

    topic: Topic
    below: int
    regions: int

    def to_json(self) -> dict[str, Any]:
        topic = self.topic
        return {
            "id": topic.id,
            "name": topic.name,
            "name_en": topic.name_en,
            "explanation": topic.explanation,
            "parent": topic.parent,
            "topics_below": self.below,
            "regions_speaking": self.regions,
            "url": topic_url(topic.id),
        }


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic, where it stands, and what is said on it: ``voices`` region by region, then the nation's."""

    topic: Topic
    above: tuple[Topic, ...]
    below: tuple[Branch, ...]
    voices: tuple[Voice, ...]
    nation: Voice

    @property
    def speaking(self) -> tuple[Voice, ...]:
        return tuple(voice for voice in self.voices if not voice.silent)

    @property
    def silent(self) -> tuple[str, ...]:
        """The regions whose documents do not speak of the topic."""
        return tuple(voice.region for voice in self.voices if voice.silent)

    def to_json(self) -> dict[str, Any]:
        topic = self.topic
        return {
            "id": topic.id,
            "name": topic.name,
            "name_en": topic.name_en,
            "explanation": topic.explanation,
            "explanation_en": topic.explanation_en,
            "parent": topic.parent,
            "asked_as": list(topic.asked_as),
            "topics": [branch.to_json() for branch in self.below],
            "regions": [voice.to_json() for voice in self.voices],
            "nation": self.nation.to_json(),
            "url": topic_url(topic.id),
        }


@dataclass(frozen=True)
class Table:
    """Which clause of which region carries which topic on a day: one table for every topic page."""

    topics: Mapping[str, Topic]
    regions: tuple[str, ...]
    carried: Mapping[str, Mapping[str, tuple[Statement, ...]]]

    def branch(self, topic: Topic) -> Branch:
        family = self.family(topic)
        speaking = {r for t in family for r in self.carried.get(t.id, {}) if r in self.regions}
        return Branch(topic, len(family) - 1, len(speaking))

    def children(self, topic: str) -> tuple[Topic, ...]:
        return tuple(t for t in self.topics.values() if t.parent == topic)

    def family(self, topic: Topic) -> tuple[Topic, ...]:
        """A topic and all below it, the topic first."""
        return (topic, *(t for child in self.children(topic.id) for t in self.family(child)))

    def voice(self, topic: Topic, region: str) -> Voice:
        own = self.carried.get(topic.id, {}).get(region, ())
        parts = (t for t in self.family(topic)[1:] if region in self.carried.get(t.id, {}))
        return Voice(region, own, tuple(parts))


def topic_tree(knowledge: Knowledge, on: date) -> tuple[Branch, ...]:
    """The topics at the top, in the order of the knowledge."""
    table = _table(knowledge, on)
    return tuple(map(table.branch, table.children("")))


def every_topic(knowledge: Knowledge, on: date) -> tuple[Branch, ...]:
    """All topics, flat."""
    table = _table(knowledge, on)
    return tuple(map(table.branch, table.topics.values()))


def topic_view(knowledge: Knowledge, topic_id: str, on: date) -> TopicView:
    """One topic and what is said on it; NotFound for an unknown one."""
    table = _table(knowledge, on)
    topic = table.topics.get(topic_id)
    if topic is None:
        raise NotFound
    above = [table.topics[t] for t in reversed(lineage(topic.id, table.topics)[1:]) if t in table.topics]
    return TopicView(
        topic,
        tuple(above),
        tuple(map(table.branch, table.children(topic.id))),
        tuple(table.voice(topic, region) for region in table.regions),
        table.voice(topic, NATION),
    )


def topics_of_clause(knowledge: Knowledge, clause: Clause) -> tuple[Topic, ...]:
    """The topics that a clause carries, or that the import proposed where none is confirmed."""
    return tuple(knowledge.topics[t] for t in clause.topics or clause.proposed if t in knowledge.topics)


@lru_cache(maxsize=4)
def _table(knowledge: Knowledge, on: date) -> Table:
    """The table of a release on a day; a region without any text of its own has no row, not being silent."""
    carried: dict[str, dict[str, list[Statement]]] = {}
    regions: set[str] = set()
    for edition in knowledge.editions(on).values():
        if edition.kind is InstrumentKind.LIST:
            continue
        regions.update(edition.regions)
        for topic, statement in _statements(edition):
            for region in edition.regions:
                carried.setdefault(topic, {}).setdefault(region, []).append(statement)
    frozen = {t: {r: tuple(held) for r, held in by.items()} for t, by in carried.items()}
    return Table(_in_order(knowledge.topics), tuple(sorted(regions - {NATION})), frozen)


def _statements(edition: Edition) -> Iterable[tuple[str, Statement]]:
    """Each topic with each clause that carries it; a paragraph adds nothing where its article carries it."""
    of_section = {clause.section: clause.topics or clause.proposed for clause in edition.clauses}
    for clause in edition.clauses:
        above = of_section.get(clause.parent, ()) if clause.section.startswith("第") else ()
        for topic in of_section[clause.section]:
            if topic not in above:
                yield topic, Statement(edition, clause, bool(clause.topics))


def _in_order(topics: Mapping[str, Topic]) -> Mapping[str, Topic]:
    """Topics as the field is told: by the order that ships where they ship, new ones after."""
    shipped = {topic: place for place, topic in enumerate(load_topics())}
    return dict(sorted(topics.items(), key=lambda held: (shipped.get(held[0], len(shipped)), held[0])))
