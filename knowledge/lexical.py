"""The lexical leg: BM25 over character uni- and bigrams, with statistics that every shelf shares.

A score must mean the same on every shelf, so neither the rarity of a term nor the average length
of a text may depend on what else happens to stand there. Both come from a reference (``Terms``)
made once by ``knowledge.training``; bm25s, which knows its own corpus only, is set right by
arithmetic that is exact (see ``TermIndex.build``).
"""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Scores = NDArray[np.float32]

_UNIT = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?%?|[^\s]")
_WORD_BASE = 0x400000  # above every code point, so that a word is never taken for a character
_SHIFT = 31


def fold(text: str) -> str:
    """The form in which texts are compared: compatible characters united, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=65536)
def _word_code(word: str) -> int:
    return _WORD_BASE + int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big") % (1 << 30)


def _is_han(unit: str) -> bool:
    return "\u3400" <= unit <= "\u9fff" or "\U00020000" <= unit <= "\U0003ffff"


def units(text: str) -> list[str]:
    """Characters, numbers and Latin words of a text in order; "" stands where punctuation parts them."""
    return [u if _is_han(u) or u[0].isalnum() else "" for u in _UNIT.findall(fold(text))]


def codes(text: str) -> Codes:
    """The terms of a text as numbers: every unit, and every pair of neighbours."""
    return pair_codes([0 if not u else ord(u) if _is_han(u) else _word_code(u) for u in units(text)])


def pair_codes(sequence: Sequence[int], singles: bool = True) -> Codes:
    """Numbers for units and for neighbouring pairs; 0 parts neighbours."""
    line = np.asarray(sequence, dtype=np.int64)
    pairs = (line[:-1] << _SHIFT) | line[1:]
    pairs = pairs[(line[:-1] > 0) & (line[1:] > 0)]
    return np.concatenate([line[line > 0], pairs]) if singles else pairs


@dataclass(frozen=True)
class Terms:
    """How telling a term is (inverse document frequency) in the reference corpus; unseen = ``rarest``."""

    known: Codes
    idf: Scores
    rarest: float

    @classmethod
    def load(cls, file: Path) -> Terms:
        with np.load(file) as table:
            return cls(table["codes"], table["idf"].astype(np.float32), float(table["rarest"]))

    def weights(self, terms: Codes) -> Scores:
        if not len(self.known):
            return np.full(len(terms), self.rarest, np.float32)
        place = np.searchsorted(self.known, terms).clip(max=len(self.known) - 1)
        return np.where(self.known[place] == terms, self.idf[place], np.float32(self.rarest))


@dataclass(frozen=True)
class Shape:
    """How BM25 treats a field: how soon repetition stops counting, how much length counts, and
    the length of an average text in the reference."""

    k1: float
    b: float
    average: float


@dataclass(frozen=True)
class TermIndex:
    """An index over the texts of one field; row numbers are those of the texts given to ``build``."""

    vocabulary: Codes
    bm25: Any
    rows: int

    @classmethod
    def build(cls, texts: Iterable[Codes], terms: Terms, shape: Shape) -> TermIndex:
        """Index texts so that scores depend on the text, the query and the reference alone."""
        bm25s = _library()
        documents = list(texts)
        vocabulary = np.unique(np.concatenate([*documents, np.zeros(0, np.int64)]))
        if not len(vocabulary):
            return cls(vocabulary, None, len(documents))
        ids = [np.searchsorted(vocabulary, d).tolist() for d in documents]
        # k1·(1−b+b·length/own average) with the reference's average put in place of the shelf's own
        own_average = sum(map(len, ids)) / len(ids)
        k1 = shape.k1 * (1 - shape.b + shape.b * own_average / shape.average)
        b = 1 - shape.k1 * (1 - shape.b) / k1
        bm25 = bm25s.BM25(k1=k1, b=b, method="lucene")
        names = {str(n): n for n in range(len(vocabulary))}
        bm25.index((ids, names), create_empty_token=False, show_progress=False)
        starts = bm25.scores["indptr"]
        frequency = np.diff(starts)
        own_idf = np.log(1 + (len(ids) - frequency + 0.5) / (frequency + 0.5))
        factor = (terms.weights(vocabulary) / own_idf).astype(np.float32)
        bm25.scores["data"] = bm25.scores["data"] * np.repeat(factor, frequency)
        return cls(vocabulary, bm25, len(documents))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vocabulary.npy", self.vocabulary)
        (folder / "rows.json").write_text(json.dumps(self.rows), encoding="utf-8")
        if self.bm25 is not None:
            self.bm25.vocab_dict = {}  # kept as vocabulary.npy, which is mapped instead of read
            self.bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> TermIndex:
        bm25s = _library()
        vocabulary = np.load(folder / "vocabulary.npy", mmap_mode="r")
        rows = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
        if not len(vocabulary):
            return cls(vocabulary, None, rows)
        bm25 = bm25s.BM25.load(folder, mmap=True, load_vocab=False, show_progress=False)
        for name in ("data", "indices", "indptr"):  # still mapped, without the cost of numpy's memmap class
            bm25.scores[name] = np.asarray(bm25.scores[name])
        return cls(np.asarray(vocabulary), bm25, rows)

    def scores(self, query: Codes) -> Scores:
        """The BM25 score of every row; 0 where no term of the query occurs."""
        if self.bm25 is None or not len(query):
            return np.zeros(self.rows, np.float32)
        place = np.searchsorted(self.vocabulary, query).clip(max=len(self.vocabulary) - 1)
        present = place[self.vocabulary[place] == query]
        if not len(present):
            return np.zeros(self.rows, np.float32)
        scores: Scores = self.bm25.get_scores_from_ids(present.tolist())
        return scores


def _library() -> Any:  # noqa: ANN401 - an untyped module
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG when imported
    return bm25s
