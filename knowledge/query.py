"""A query read once: its terms, widened terms, sounds and vector, for all shelves it is put to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .embed import SHIPPED_MODEL, Embedder, Vectors
from .lexical import Codes, Terms, codes
from .lexicon import Lexicon
from .sound import Sounds


@dataclass(frozen=True)
class Query:
    text: str
    terms: Codes
    widened: Codes
    sounds: Codes
    vector: Vectors
    mass: float
    """The weight of all terms together: what a text would score that matched them all."""
    sound_mass: float


@dataclass(frozen=True)
class Reader:
    """Reads texts with the shipped statistics, sounds and lexicon, and an embedder."""

    terms: Terms
    sounds: Sounds
    lexicon: Lexicon
    embedder: Embedder | None

    @classmethod
    def load(cls, embedder: Embedder | None) -> Reader:
        return cls(
            Terms.load(SHIPPED_MODEL / "terms.npz"),
            Sounds.load(SHIPPED_MODEL),
            Lexicon.load(),
            embedder,
        )

    def read(self, text: str) -> Query:
        terms, sounds = codes(text), self.sounds.codes(text)
        widened = [codes(term) for term in self.lexicon.widen(text)]
        return Query(
            text,
            terms,
            np.concatenate([*widened, np.zeros(0, np.int64)]),
            sounds,
            self.vectors([text])[0],
            _mass(self.terms, terms),
            _mass(self.sounds.terms, sounds),
        )

    def vectors(self, texts: list[str]) -> Vectors:
        if self.embedder is None or not texts:
            return np.zeros((len(texts), 1), np.float32)
        return self.embedder.encode(texts)

    @cached_property
    def digest(self) -> str:
        """Changes when a text would be read differently; shelves built before no longer fit."""
        return reading_digest(self.embedder)


def reading_digest(embedder: Embedder | None) -> str:
    """The digest of a reader with this embedder, without loading one."""
    return embedder.digest if embedder else "lexical"


def _mass(statistics: Terms, terms: Codes) -> float:
    return max(float(statistics.weights(terms).sum()), 1.0)
