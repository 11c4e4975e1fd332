"""The shelves of this portal: where they stand, and which model reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from portal.calendar import today
from portal.settings import Settings

if TYPE_CHECKING:
    from knowledge.edition import Edition
    from knowledge.embed import Embedder
    from knowledge.library import Knowledge
    from knowledge.shelf import Store
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

    def digest(self, region: str, editions: Iterable[str]) -> str:
        """Which shelf a region needs, from the digests of its editions."""
        from knowledge.shelf import digest_of_shelf

        return digest_of_shelf(region, editions, self.embedder)

    def build(self, region: str, editions: Sequence[Edition], digest: str | None = None) -> str:
        """Puts the shelf of a region in the store unless it stands there; returns its digest."""
        from knowledge.shelf import build_shelf

        return build_shelf(self.store, region, editions, self.embedder, digest)

    def open(
        self,
        release: int,
        digests: Iterable[str],
        topics: Mapping[str, Topic],
        before: Knowledge | None = None,
    ) -> Knowledge:
        """The opened release, sharing what it can with the one ``before``; ShelfMissingError where one of
        its shelves is gone."""
        from knowledge.library import open_knowledge
        from knowledge.programme import load_programmes

        shelves = sorted(set(digests))
        if before is not None:
            return before.another(release, shelves, topics)
        return open_knowledge(
            self.store.folder,
            release,
            shelves,
            topics,
            self.embedder,
            self._settings.chroma_url,
            load_programmes().values(),
        )

    def probe(self, knowledge: Knowledge, before: Knowledge | None = None) -> None:
        """Puts one question to what was opened since ``before``; raises where its indexes or its store do
        not answer."""
        opened = knowledge.opened_since(before) if before is not None else knowledge
        opened.search("柔性执法", regions=None, on=today(), limit=1)

    def stands(self, digest: str) -> bool:
        """True where this shelf is in the store, whole: it is put there by a rename."""
        return self.store.shelf(digest).is_dir()

    def sweep(self, keep: Iterable[str]) -> tuple[str, ...]:
        """Removes every shelf not to be kept; returns what went."""
        from knowledge.shelf import sweep

        kept = set(keep)
        return sweep(self.store, kept) if self.strays(kept) else ()

    def strays(self, keep: Iterable[str]) -> tuple[str, ...]:
        """The shelves that a sweep would remove, and those that an interrupted build left half done."""
        from knowledge.shelf import strays

        return strays(self.store, set(keep))
