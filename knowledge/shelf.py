"""Shelves: the search store of one region at one content digest, written once and never changed.

A shelf is a folder named by its digest (the editions as JSON, the term indexes, the vectors) and a
collection of the same name in the vector store. Equal content has an equal digest, so a publication
builds what changed and shares the rest with the release before. The folder is put in place whole, by
a rename, after the collection has been counted and probed: a shelf that can be opened is complete.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from . import record
from .card import Card, clause_cards, item_cards
from .catalogue import Catalogue, Nearest, Rows
from .edition import Edition
from .embed import Embedder, Vectors
from .lexical import Scores
from .query import Reader, reading_digest
from .vectors import StoreUnavailableError, VectorStore

log = logging.getLogger(__name__)

FORMAT = 2
"""Raised whenever shelves of the form before can no longer be read."""
ASIDE = ".gone"
"""Ends the name of a folder that a sweep has begun to remove."""
SCANNED_BELOW = 2_000
"""Fewer vectors than this are compared faster than the store is asked."""


class ShelfMissingError(Exception):
    """A release names a shelf that is not in the store; it can be built again from the database."""


@dataclass(frozen=True)
class Store:
    """Where shelves stand: a folder, and a vector store beside them or on a Chroma server."""

    folder: Path
    chroma_url: str | None = None

    @cached_property
    def vectors(self) -> VectorStore:
        return VectorStore(self.folder / "chroma", self.chroma_url)

    def shelf(self, digest: str) -> Path:
        return self.folder / digest


@dataclass(frozen=True)
class Drawer:
    """The clauses of a shelf, or its list items: cards and the catalogue over them."""

    collection: str
    cards: tuple[Card, ...]
    catalogue: Catalogue

    @cached_property
    def editions(self) -> Rows:
        """The edition of each card, as its place on the shelf."""
        return np.array([card.edition for card in self.cards], np.int64)

    @cached_property
    def unconfirmed(self) -> Rows:
        """The cards whose topics and ways of asking nobody has confirmed."""
        return np.flatnonzero([not card.confirmed for card in self.cards])

    def topic_scores(self, topics: Mapping[str, float]) -> Scores:
        """For each card, the best score among the topics that it carries."""
        scores = np.zeros(len(self.cards), np.float32)
        names, rows, counts = self._rows_of_topics
        near = np.array([topics.get(name, 0.0) for name in names], np.float32)
        np.maximum.at(scores, rows, np.repeat(near, counts))
        return scores

    def nearest(self, vectors: VectorStore) -> Nearest | None:
        """The store's search of this drawer; None where comparing all vectors is quicker than asking.

        When the store does not answer, the vectors beside the shelf do.
        """
        if len(self.catalogue.vectors) < SCANNED_BELOW or self.catalogue.vectors.shape[1] == 1:
            return None

        def ask(vector: Vectors, limit: int) -> Rows:
            try:
                return np.array(vectors.nearest(self.collection, vector, limit)[0], np.int64)
            except StoreUnavailableError:
                log.exception("the vector store fails; all vectors of %s are compared", self.collection)
                return self.catalogue.scan(vector, limit)

        return ask

    @cached_property
    def _rows_of_topics(self) -> tuple[tuple[str, ...], Rows, Rows]:
        """The topics carried here, the cards of each one after another, and how many each has."""
        rows: dict[str, list[int]] = {}
        for n, card in enumerate(self.cards):
            for topic in card.topics:
                rows.setdefault(topic, []).append(n)
        flat = [n for held in rows.values() for n in held]
        counts = np.array([len(held) for held in rows.values()], np.int64)
        return tuple(rows), np.array(flat, np.int64), counts


@dataclass(frozen=True)
class Shelf:
    digest: str
    region: str
    editions: tuple[Edition, ...]
    clauses: Drawer
    items: Drawer


def by_region(editions: Iterable[Edition]) -> Mapping[str, tuple[Edition, ...]]:
    """The editions of each region's shelf; a list of several regions stands on each of theirs."""
    shelves: dict[str, list[Edition]] = {}
    for edition in editions:
        for region in edition.regions:
            shelves.setdefault(region, []).append(edition)
    return {region: tuple(held) for region, held in sorted(shelves.items())}


def shelf_digest(region: str, editions: Sequence[Edition], embedder: Embedder | None) -> str:
    """Names the content of a shelf: its editions in any order, the model, and the form of the index."""
    return digest_of_shelf(region, map(record.digest, editions), embedder)


def digest_of_shelf(region: str, editions: Iterable[str], embedder: Embedder | None) -> str:
    """The name of a shelf from the digests of its editions alone, without their content."""
    return record.digest([FORMAT, region, reading_digest(embedder), sorted(editions)])[:40]


def build_shelf(
    store: Store,
    region: str,
    editions: Sequence[Edition],
    embedder: Embedder | None = None,
    digest: str | None = None,
) -> str:
    """Put a region's shelf in the store unless it stands there already; returns its digest, which a caller
    who keeps the digests of the editions may know already."""
    digest = digest or shelf_digest(region, editions, embedder)
    place = store.shelf(digest)
    if place.exists():
        return digest
    reader = Reader.load(embedder)
    ordered = sorted(editions, key=lambda e: (e.instrument, str(e.in_force_from), record.digest(e)))
    store.folder.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix="draft-", dir=store.folder))
    try:
        content = {"region": region, "editions": [record.edition_to_json(e) for e in ordered]}
        (draft / "editions.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        clauses = Catalogue.build([c.text for c in clause_cards(ordered)], reader)
        items = Catalogue.build([c.text for c in item_cards(ordered)], reader)
        clauses.save(draft / "clauses")
        items.save(draft / "items")
        if embedder is not None:
            _fill_collections(store, digest, {"clauses": clauses, "items": items})
        draft.chmod(0o755)
        draft.rename(place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        if not place.exists():  # another process may have put the same shelf there first
            raise
    return digest


def _fill_collections(store: Store, digest: str, catalogues: Mapping[str, Catalogue]) -> None:
    for name, catalogue in catalogues.items():
        if len(catalogue.vectors):
            store.vectors.write(f"{digest}-{name}", catalogue.vectors)
            store.vectors.verify(f"{digest}-{name}", catalogue.vectors)


def open_shelf(store: Store, digest: str) -> Shelf:
    place = store.shelf(digest)
    try:
        content: dict[str, Any] = json.loads((place / "editions.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ShelfMissingError(digest) from error
    editions = tuple(record.edition_from_json(e) for e in content["editions"])
    return Shelf(
        digest,
        content["region"],
        editions,
        Drawer(f"{digest}-clauses", clause_cards(editions), Catalogue.load(place / "clauses")),
        Drawer(f"{digest}-items", item_cards(editions), Catalogue.load(place / "items")),
    )


def sweep(store: Store, keep: Collection[str]) -> tuple[str, ...]:
    """Remove every shelf that is not to be kept, drafts of interrupted builds too; returns what went.

    A folder loses its name before its collections go, so that it is never taken for a whole shelf, and goes
    last, so that an interrupted sweep is seen. Folders are looked for once more after the collections, in
    case one was being built all the while.
    """
    if not store.folder.exists():
        return ()
    gone = {*_put_aside(store, keep)}
    store.vectors.drop([n for n in store.vectors.names() if n.rpartition("-")[0] not in keep])
    gone |= {*_put_aside(store, keep)}
    for name in gone:
        shutil.rmtree(store.folder / f"{name}{ASIDE}", ignore_errors=True)
    return tuple(sorted(gone))


def _put_aside(store: Store, keep: Collection[str]) -> Iterator[str]:
    for name in strays(store, keep):
        if not name.endswith(ASIDE):
            with suppress(OSError):  # its build has just finished, or failed, elsewhere
                (store.folder / name).rename(store.folder / f"{name}{ASIDE}")
        yield name.removesuffix(ASIDE)


def strays(store: Store, keep: Collection[str]) -> tuple[str, ...]:
    """The shelves, and drafts of shelves, that are not to be kept.

    A folder stands there before its collections are filled, so what these do not name is not in the
    vector store either, which takes a second to open.
    """
    if not store.folder.exists():
        return ()
    held = {p.name for p in store.folder.iterdir() if p.is_dir() and p.name != "chroma"}
    return tuple(sorted(held - set(keep)))
