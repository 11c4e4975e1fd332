"""The vector store: the only file that knows Chroma.

A collection is written once, under the digest of its shelf, and never changed: a reader that has
queried a collection would not see another process's additions. Opening is guarded, because several
threads opening the same folder at once break Chroma's start, and it happens after the fork, because
a client opened before it hangs in the child.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from .embed import Vectors

log = logging.getLogger(__name__)
_opening = Lock()
PREFIX = "shelf-"
AT_ONCE = {"batch_size": 2, "sync_threshold": 2}
"""A collection is written to its index at once. Chroma else keeps up to a thousand rows of each in one
queue, and goes through the whole of it when a collection is first asked."""


class StoreUnavailableError(Exception):
    """The vector store does not answer."""


class VectorStore:
    """Immutable collections of unit vectors, embedded in a folder or on a Chroma server."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._folder = folder
        self._url = url
        self._client: Any = None

    def _opened(self) -> Any:  # noqa: ANN401 - Chroma's client is untyped here
        with _opening:
            if self._client is None:
                self._client = _connect(self._folder, self._url)
        return self._client

    def write(self, name: str, vectors: Vectors) -> None:
        """Make a collection whose ids are row numbers, or finish one that an interrupted run left.

        Raises StoreUnavailableError where it cannot be written, or was swept while it was.
        """
        client = self._opened()
        try:
            collection = client.get_or_create_collection(
                PREFIX + name,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", **AT_ONCE}},
            )
            size = client.get_max_batch_size()
            for start in range(0, len(vectors), size):
                batch = vectors[start : start + size]
                collection.upsert(ids=[str(start + n) for n in range(len(batch))], embeddings=batch)
        except Exception as error:  # Chroma raises many kinds, from Rust, SQLite and HTTP
            raise StoreUnavailableError(f"collection {name} cannot be written: {error}") from error

    def verify(self, name: str, vectors: Vectors) -> None:
        """Raise StoreUnavailableError unless every row is there and a probe finds itself."""
        if not len(vectors):
            return
        count = self._collection(name).count()
        if count != len(vectors):
            raise StoreUnavailableError(f"collection {name} holds {count} of {len(vectors)} vectors")
        probe = int(np.linalg.norm(vectors, axis=1).argmax())
        rows, scores = self.nearest(name, vectors[probe], 1)
        if not rows or scores[0] < 0.999:
            raise StoreUnavailableError(f"collection {name} does not find its own row {probe}")

    def nearest(self, name: str, vector: Vectors, limit: int) -> tuple[list[int], list[float]]:
        """Row numbers and cosines of the nearest vectors, the nearest first."""
        try:
            found = self._collection(name).query(
                query_embeddings=[vector], n_results=limit, include=["distances"]
            )
        except StoreUnavailableError:
            raise
        except Exception as error:  # Chroma raises many kinds, from Rust, SQLite and HTTP
            raise StoreUnavailableError(str(error)) from error
        return [int(i) for i in found["ids"][0]], [1 - float(d) for d in found["distances"][0]]

    def names(self) -> tuple[str, ...]:
        found = (c.name for c in self._opened().list_collections())
        return tuple(sorted(n.removeprefix(PREFIX) for n in found if n.startswith(PREFIX)))

    def drop(self, names: Collection[str]) -> None:
        client = self._opened()
        for name in names:
            client.delete_collection(PREFIX + name)

    def alive(self) -> bool:
        """True when the store answers."""
        try:
            return bool(self._opened().heartbeat())
        except Exception:
            log.exception("the vector store does not answer")
            return False

    def _collection(self, name: str) -> Any:  # noqa: ANN401
        try:
            return self._opened().get_collection(PREFIX + name, embedding_function=None)
        except Exception as error:
            raise StoreUnavailableError(f"no collection {name}: {error}") from error


def load_library() -> None:
    """Import Chroma. Unlike opening a store it may happen before a fork, once for all workers."""
    import chromadb

    assert chromadb


def _connect(folder: Path, url: str | None) -> Any:  # noqa: ANN401
    import chromadb

    settings = chromadb.Settings(anonymized_telemetry=False)
    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(folder), settings=settings)
    parts = urlsplit(url)
    ssl = parts.scheme == "https"
    port = parts.port or (443 if ssl else 8000)
    return chromadb.HttpClient(parts.hostname or "127.0.0.1", port, ssl=ssl, settings=settings)


def cosines(vectors: Vectors, rows: Sequence[int], query: Vectors) -> Vectors:
    """Exact cosines of some rows with a query; all are of unit length."""
    found: Vectors = np.asarray(vectors[np.asarray(rows, dtype=np.int64)], np.float32) @ query
    return found
