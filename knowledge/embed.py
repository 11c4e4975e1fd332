"""Embeddings: texts as unit vectors.

The model that ships is a sentence-transformers StaticEmbedding folder. A static model is a table
lookup and a mean, so it is served here with numpy and tokenizers: a web worker never loads torch
(a test proves that the vectors are those of sentence-transformers). Any other model goes through
sentence-transformers, imported when it is first needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
SHIPPED_MODEL = Path(__file__).parent / "model"


class Embedder(Protocol):
    @property
    def digest(self) -> str:
        """Changes whenever the same text would get another vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length a text (zeros for a text without a known piece)."""


def pieces(embedder: Embedder | None, text: str) -> tuple[Vectors, NDArray[np.float32]]:
    """A text in pieces with their weights; whole where the model knows no pieces of its own."""
    if isinstance(embedder, StaticEmbedder):
        return embedder.pieces(text)
    if embedder is None or not text:
        return np.zeros((0, 1), np.float32), np.zeros(0, np.float32)
    return embedder.encode([text]), np.ones(1, np.float32)


def load_embedder(name: str | None = None) -> Embedder:
    """The model that ships, or the sentence-transformers folder (or hub name) given."""
    return StaticEmbedder(SHIPPED_MODEL) if name is None else TransformerEmbedder(name)


class StaticEmbedder:
    """A sentence-transformers StaticEmbedding folder, served without torch."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        table, tokenizer = folder / "model.safetensors", folder / "tokenizer.json"
        self._table, self._factors = _table(load_file(table))
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._digest = hashlib.sha256(table.read_bytes() + tokenizer.read_bytes()).hexdigest()[:16]

    @property
    def digest(self) -> str:
        return self._digest

    def pieces(self, text: str) -> tuple[Vectors, NDArray[np.float32]]:
        """The different pieces of a text as unit vectors, and how much each weighs in the text's own."""
        found = self._tokenizer.encode(text, add_special_tokens=False).ids
        ids = list(dict.fromkeys(found))
        vectors = self._table[ids].astype(np.float32) * self._factors[ids][:, None]
        return unit_length(vectors), np.linalg.norm(vectors, axis=1).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for row, pieces in enumerate(self._tokenizer.encode_batch(list(texts), add_special_tokens=False)):
            if pieces.ids:
                vectors[row] = self._factors[pieces.ids] @ self._table[pieces.ids].astype(np.float32)
        return unit_length(vectors)


def _table(weights: dict[str, NDArray[Any]]) -> tuple[NDArray[Any], Vectors]:
    """The table and a factor a row: stored apart (one-byte rows), or the plain form of the library."""
    if "embedding.weight" in weights:
        table = weights["embedding.weight"]
        return table, np.ones(len(table), np.float32)
    return weights["embeddings"], weights["weights"].astype(np.float32)


class TransformerEmbedder:
    """Any sentence-transformers model."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._name = name
        self._model = SentenceTransformer(name, device="cpu")

    @cached_property
    def digest(self) -> str:
        folder = Path(self._name)
        files = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []
        total = hashlib.sha256(self._name.encode())
        for file in files:
            total.update(file.read_bytes())
        return total.hexdigest()[:16]

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=1024, convert_to_numpy=True, show_progress_bar=False
        )
        return unit_length(vectors.astype(np.float32))


def unit_length(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
