"""Topics (话题): the concepts of the field, and the many ways people ask about them (问法)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .clause import ClauseRef

SOURCES = Path(__file__).parent / "sources"

TopicLinks = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic that a query is about, and how near the two are (0 to about 1)."""

    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A concept of the field, independent of any region.

    ``explanation`` says in plain words what it is; ``asked_as`` holds real ways of asking that
    belong to no single clause. ``parent`` is another topic's id, or empty.
    """

    id: str
    name: str
    explanation: str
    parent: str = ""
    name_en: str = ""
    explanation_en: str = ""
    asked_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedAs:
    """One way of asking (问法): the clause or list item that answers it, and others that do too."""

    question: str
    ref: ClauseRef
    also: tuple[ClauseRef, ...] = ()


@cache
def load_topics() -> Mapping[str, Topic]:
    """The topics that ship, by id, each after its parent."""
    rows = json.loads((SOURCES / "topics.json").read_text(encoding="utf-8"))
    topics = (Topic(**{**row, "asked_as": tuple(row["asked_as"])}) for row in rows)
    return MappingProxyType({topic.id: topic for topic in topics})


@cache
def load_topic_links() -> TopicLinks:
    """The topics each clause carries: document → section → topic ids."""
    documents = json.loads((SOURCES / "topic_links.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            document: MappingProxyType({section: tuple(ids) for section, ids in sections.items()})
            for document, sections in documents.items()
        }
    )


@cache
def load_asked_as() -> tuple[AskedAs, ...]:
    """Every way of asking that ships, for clauses and list items."""
    clauses = (
        AskedAs(row["question"], ClauseRef(file.stem, row["section"]), _refs(row["also"]))
        for file in sorted((SOURCES / "asked_as").glob("*.jsonl"))
        for row in _rows(file)
    )
    items = (
        AskedAs(row["question"], ClauseRef(row["list"], row["item"]))
        for row in _rows(SOURCES / "lists" / "asked_as.jsonl")
    )
    return (*clauses, *items)


@cache
def asked_as_of(document: str) -> Mapping[str, tuple[str, ...]]:
    """Section (or item number) of ``document`` → the ways of asking that it answers, each once."""
    found: dict[str, dict[str, None]] = {}
    for asked in load_asked_as():
        for ref in (asked.ref, *asked.also):
            if ref.document == document:
                found.setdefault(ref.section, {})[asked.question] = None
    return MappingProxyType({section: tuple(questions) for section, questions in found.items()})


def topics_of(ref: ClauseRef, links: TopicLinks | None = None) -> tuple[str, ...]:
    """The topics that a clause carries.

    A paragraph of an article (``第五条/第一款``) that has none of its own carries the article's.
    """
    sections = (load_topic_links() if links is None else links).get(ref.document, {})
    article = ref.section.partition("/")[0]
    own = sections.get(ref.section, ())
    return own or (sections.get(article, ()) if article.startswith("第") else ())


def silences(documents: Iterable[str], links: TopicLinks | None = None) -> frozenset[str]:
    """The topics on which the given documents say nothing.

    A topic is spoken of when a clause carries it or a topic below it.
    """
    known = load_topic_links() if links is None else links
    topics = load_topics()
    spoken: set[str] = set()
    for document in documents:
        for carried in known.get(document, {}).values():
            for topic in carried:
                spoken.update(lineage(topic, topics))
    return frozenset(topics) - spoken


def lineage(topic: str, topics: Mapping[str, Topic]) -> tuple[str, ...]:
    """A topic and those above it, the topic first."""
    path: list[str] = []
    while topic and topic not in path:
        path.append(topic)
        topic = topics[topic].parent if topic in topics else ""
    return tuple(path)


def _rows(file: Path) -> Iterable[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return (json.loads(line) for line in lines if line.strip())


def _refs(also: Iterable[Mapping[str, str]]) -> tuple[ClauseRef, ...]:
    return tuple(ClauseRef(ref["document"], ref["section"]) for ref in also)
