"""The shelves of this portal: where they stand, and which model reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from portal.calendar import today
from portal.settings import Settings

if TYPE_CHECKING:
    from knowledge.edition import Edition
    from knowledge.embed import Embedder
    from knowledge.library import Knowledge
    from knowledge.shelf import Shelf, Store
    from knowledge.topic import Topic


class Shelving:
    """Builds, opens and sweeps shelves with the store and the embedding of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def embedder(self) -> Embedder:
        from knowledge.embed import load_embedder

        return load_embedder(self._settings.embedding)

    @cached_property
    def store(self) -> Store:
        from knowledge.shelf import Store

        return Store(self._settings.data / "shelves", self._settings.chroma_url)

    @property
    def form(self) -> str:
        """Changes with the form of the index and the embedding; shelves of another form are built anew."""
        from knowledge.shelf import FORMAT

        return f"{FORMAT}/{self.embedder.digest}"

    def build(self, editions: Iterable[Edition]) -> dict[str, str]:
        """The shelf of every region, by region; those that stand already are shared."""
        from knowledge.shelf import build_shelf, by_region

        return {
            region: build_shelf(self.store, region, held, self.embedder)
            for region, held in by_region(editions).items()
        }

    def open(
        self,
        release: int,
        digests: Iterable[str],
        topics: Mapping[str, Topic],
        held: Iterable[Shelf] = (),
    ) -> Knowledge:
        """The opened release, sharing the shelves ``held``; ShelfMissingError where another is gone."""
        from knowledge.library import open_knowledge
        from knowledge.programme import load_programmes

        return open_knowledge(
            self.store.folder,
            release,
            sorted(set(digests)),
            topics,
            self.embedder,
            self._settings.chroma_url,
            load_programmes().values(),
            held,
        )

    def probe(self, knowledge: Knowledge) -> None:
        """Puts one question to an opened release; raises where its indexes or its store do not answer."""
        knowledge.search("柔性执法", regions=None, on=today(), limit=1)

    def stand(self, digests: Iterable[str]) -> bool:
        """True where every one of these shelves is in the store."""
        return all(self.store.shelf(digest).is_dir() for digest in digests)

    def strays(self, keep: Iterable[str]) -> int:
        """How many shelves stand there beside those to be kept."""
        folder = self.store.folder
        held = {place.name for place in folder.iterdir() if place.is_dir()} if folder.is_dir() else set()
        return len(held - set(keep) - {"chroma"})

    def sweep(self, keep: Iterable[str]) -> tuple[str, ...]:
        """Removes every shelf not to be kept; returns what went.

        A folder stands there before its collections are filled, so without a stray folder there is
        nothing to look for in the vector store, which takes a second to open.
        """
        from knowledge.shelf import sweep

        kept = set(keep)
        return sweep(self.store, kept) if self.strays(kept) else ()
