"""Knowledge: one release, opened for reading. The door through which ``bot`` sees the law."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np

from .clause import ClauseRef
from .edition import Edition, in_force
from .embed import Embedder
from .exemption import ListItem
from .item_ranking import ItemRanking, stacked
from .matching import match
from .matter import Matter, Told, spoken
from .programme import Programme
from .query import Query, Reader
from .ranking import Lines, Ranking, Weights
from .region import NATION, ancestors
from .search import Flags, Found, Hit, ItemHit, Look, NearItem, without_near_duplicates
from .shelf import Drawer, Shelf, Store, open_shelf
from .topic import Topic, TopicMatch
from .topic_index import TopicIndex

OVERFETCH = 4
Measured = tuple[Drawer, Flags, Lines]


def open_knowledge(  # noqa: PLR0917 - the parts of a release, in one call
    store_folder: Path,
    release_number: int,
    shelf_digests: Sequence[str],
    topics: Mapping[str, Topic],
    embedder: Embedder | None = None,
    chroma_url: str | None = None,
    programmes: Iterable[Programme] = (),
) -> Knowledge:
    """Open the shelves of a release. Call it after the fork: Chroma does not survive one."""
    store = Store(store_folder, chroma_url)
    shelves = tuple(open_shelf(store, digest) for digest in shelf_digests)
    return Knowledge(
        release_number, topics, shelves, Reader.load(embedder), Ranking.load(), store, tuple(programmes)
    )


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Everything is as published in one release; ``on`` is the day the law is asked about."""

    release: int
    topics: Mapping[str, Topic]
    shelves: tuple[Shelf, ...]
    reader: Reader
    ranking: Ranking
    store: Store
    programmes: tuple[Programme, ...] = ()
    item_ranking: ItemRanking = field(default_factory=ItemRanking.load)
    known_topics: TopicIndex | None = None
    """The index of the topics, where another release with the same topics has read it already."""

    def another(self, release: int, shelf_digests: Iterable[str], topics: Mapping[str, Topic]) -> Knowledge:
        """Another release of the same store; what both have is shared, so opening it costs what differs."""
        held = {shelf.digest: shelf for shelf in self.shelves}
        shelves = tuple(held.get(digest) or open_shelf(self.store, digest) for digest in shelf_digests)
        known = self._topic_index if topics == self.topics else None
        return replace(self, release=release, topics=topics, shelves=shelves, known_topics=known)

    def opened_since(self, other: Knowledge) -> Knowledge:
        """This release with only the shelves that ``other`` does not have."""
        held = {shelf.digest for shelf in other.shelves}
        return replace(self, shelves=tuple(s for s in self.shelves if s.digest not in held))

    def editions(self, on: date) -> Mapping[str, Edition]:
        """The editions in force that day, by instrument."""
        return self._in_force(on)

    def edition(self, instrument: str, on: date) -> Edition | None:
        return self.editions(on).get(instrument)

    def any_edition(self, instrument: str) -> Edition | None:
        """The latest edition, be it repealed or not yet in force; an official text before a digest."""
        held = [e for e in self._all_editions if e.instrument == instrument]
        return max(
            held, key=lambda e: (not e.digest, e.in_force_from or e.issued_on or date.min), default=None
        )

    def regions(self) -> tuple[str, ...]:
        """The region paths that have knowledge, the nation first."""
        return tuple(sorted({s.region for s in self.shelves}, key=lambda r: (r != NATION, r)))

    @cached_property
    def without(self) -> Callable[[frozenset[str]], Knowledge]:
        """The same release without the shelves of some regions; the last few such views are kept."""

        @lru_cache(maxsize=4)
        def without(regions: frozenset[str]) -> Knowledge:
            return replace(self, shelves=tuple(s for s in self.shelves if s.region not in regions))

        return without

    def programme(self, region: str, on: date) -> Programme | None:
        """The soft-enforcement programme that governs a region: the nearest on its path."""
        rules = {p.region: p for p in self.programmes if self.edition(p.document, on)}
        return next((rules[r] for r in reversed(ancestors(region)) if r in rules), None)

    def search(
        self,
        query: str,
        *,
        regions: Sequence[str] | None,
        on: date,
        limit: int = 10,
        documents: Collection[str] | None = None,
    ) -> tuple[Hit, ...]:
        """The clauses in force that best answer ``query``, best first.

        Regions are paths: only shelves on their paths are looked at, so a region never gets another's
        rule. None looks at every shelf; each hit names its region.
        """
        looked = self._look(query, self.ranking.clauses, limit)
        found: list[Found] = []
        for shelf in self._shelves_for(regions):
            servable = self._servable(shelf, on, documents)[shelf.clauses.editions]
            found += looked.at(shelf, shelf.clauses, servable)
        found.sort(key=lambda f: (-f.score, f.card.ref))
        return tuple(_hit(f) for f in without_near_duplicates(found, self.ranking.parent_margin, limit))

    def measured(self, query: str, regions: Sequence[str] | None, on: date) -> Iterator[Measured]:
        """For each shelf looked at: its clauses, which of them may be served, and how each was measured."""
        return self._measured(query, regions, on, lambda shelf: shelf.clauses)

    def search_items(
        self, story: str, *, region: str | None, on: date, limit: int = 5, department: str = ""
    ) -> tuple[ItemHit, ...]:
        """The list items in force on the region's path that a story resembles; none where no item fits."""
        near = self.near_items(story, region=region, on=on, department=department)
        offered = self.item_ranking.offered(stacked(near), story)
        return tuple(ItemHit(near[n].item, near[n].region, score) for n, score in offered[:limit])

    def near_items(
        self, story: str, *, region: str | None, on: date, department: str = ""
    ) -> tuple[NearItem, ...]:
        """The items that come nearest to a story by its words, each laid beside it (``matching``)."""
        most = self.item_ranking.near
        looked = self._look(spoken(story, self.reader), self.ranking.items, most)
        found: dict[ClauseRef, tuple[Found, Shelf]] = {}
        for shelf in self._shelves_for(None if region is None else [region]):
            servable = self._servable(shelf, on)[shelf.items.editions]
            suits = np.array([_of_department(card.item, department) for card in shelf.items.cards], bool)
            for one in looked.at(shelf, shelf.items, servable & suits):
                found.setdefault(one.card.ref, (one, shelf))
        best = sorted(found.values(), key=lambda pair: (-pair[0].score, pair[0].card.ref))[:most]
        if not best:
            return ()
        told = Told.read(story, looked.query, self.reader, placed=region is not None)
        matters = [self._matter(shelf.digest, one.row) for one, shelf in best]
        return tuple(
            NearItem(one.card.item, one.region, np.concatenate([one.lines, beside]))
            for (one, _), beside in zip(best, match(told, matters, self.reader), strict=True)
            if one.card.item is not None
        )

    def match_topics(self, query: str, limit: int = 3) -> tuple[TopicMatch, ...]:
        """The topics a query is about, nearest first; scores are comparable between queries."""
        _, near = self._read(query)
        best = sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        return tuple(TopicMatch(topic, score) for topic, score in best)

    def clauses_of_topic(self, topic: str, region: str, on: date) -> tuple[ClauseRef, ...]:
        """The clauses on a region's path that carry a topic, the most local first."""
        path = ancestors(region)
        shelves = sorted(self._shelves_for([region]), key=lambda s: -path.index(s.region))
        return tuple(
            card.ref
            for shelf in shelves
            for servable in [self._servable(shelf, on)]
            for card in shelf.clauses.cards
            if topic in card.topics and servable[card.edition]
        )

    def _look(self, query: str, weights: Weights, limit: int) -> Look:
        read, topics = self._read(query)
        return Look(read, topics, weights, self.store.vectors, limit * OVERFETCH, self.ranking.unconfirmed)

    @cached_property
    def _read(self) -> Callable[[str], tuple[Query, Mapping[str, float]]]:
        """Reads a query and nears its topics; one question is searched for several times in a row."""

        @lru_cache(maxsize=16)
        def read(text: str) -> tuple[Query, Mapping[str, float]]:
            query = self.reader.read(text)
            return query, self._topic_index.near(query)

        return read

    def _measured(
        self, query: str, regions: Sequence[str] | None, on: date, drawer_of: Callable[[Shelf], Drawer]
    ) -> Iterator[Measured]:
        looked = self._look(query, self.ranking.clauses, limit=1)
        for shelf in self._shelves_for(regions):
            drawer = drawer_of(shelf)
            if drawer.cards:
                yield drawer, self._servable(shelf, on)[drawer.editions], looked.lines(shelf, drawer)

    def _shelves_for(self, regions: Sequence[str] | None) -> list[Shelf]:
        if regions is None:
            return list(self.shelves)
        path = {step for region in regions for step in ancestors(region)}
        return [s for s in self.shelves if s.region in path]

    def _servable(self, shelf: Shelf, on: date, documents: Collection[str] | None = None) -> Flags:
        """Whether each edition of a shelf is in force that day (and among the documents asked for)."""
        flags = self._in_force_flags(on)[shelf.digest]
        if documents is None:
            return flags
        asked_for: Flags = np.array([e.instrument in documents for e in shelf.editions], bool)
        return np.logical_and(flags, asked_for)

    @cached_property
    def _in_force_flags(self) -> Callable[[date], Mapping[str, Flags]]:
        @lru_cache(maxsize=64)
        def flags(on: date) -> Mapping[str, Flags]:
            current = self.editions(on)
            return {
                s.digest: np.array([current.get(e.instrument) == e for e in s.editions], bool)
                for s in self.shelves
            }

        return flags

    @cached_property
    def _matter(self) -> Callable[[str, int], Matter]:
        """The item at a place of a shelf, made ready to be laid beside stories when first needed."""
        shelves = {shelf.digest: shelf for shelf in self.shelves}

        @cache
        def matter(digest: str, row: int) -> Matter:
            item = shelves[digest].items.cards[row].item
            assert item is not None
            return Matter.of(item, self.reader)

        return matter

    @cached_property
    def _all_editions(self) -> tuple[Edition, ...]:
        return tuple(e for s in self.shelves for e in s.editions)

    @cached_property
    def _in_force(self) -> Callable[[date], Mapping[str, Edition]]:
        return lru_cache(maxsize=64)(lambda on: in_force(self._all_editions, on))

    @cached_property
    def _topic_index(self) -> TopicIndex:
        return self.known_topics or TopicIndex.build(self.topics.values(), self.reader)


def _hit(found: Found) -> Hit:
    return Hit(
        found.card.ref, found.region, found.score, found.lexical, found.dense, found.asked, found.card.topics
    )


def _of_department(item: ListItem | None, department: str) -> bool:
    return not department or item is None or not item.department or department in item.department
