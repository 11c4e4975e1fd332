"""How telling each term is: document frequencies over law articles and over questions.

Two kinds of writing meet in a search, the law's and the asker's. A term is as telling as in the
kind where it is commoner: 规定 says little in a law, 怎么办 little in a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..lexical import Codes, Scores

SEEN_AT_LEAST = 4


def document_frequencies(texts: Iterable[Codes]) -> tuple[Codes, Codes, int]:
    """Terms, how many texts hold each, and how many texts there are."""
    chunks = [np.unique(text) for text in texts]
    terms, counts = np.unique(np.concatenate(chunks), return_counts=True)
    return terms, counts.astype(np.int64), len(chunks)


def inverse_frequencies(articles: Iterable[Codes], questions: Iterable[Codes]) -> tuple[Codes, Scores, float]:
    """Terms with their weight, and the weight of a term never seen."""
    halves = [document_frequencies(articles), document_frequencies(questions)]
    rarest = max(np.log(1 + (n + 0.5) / 0.5) for _, _, n in halves)
    share: dict[int, float] = {}
    for terms, counts, number in halves:
        seen = counts >= SEEN_AT_LEAST
        for term, count in zip(terms[seen].tolist(), counts[seen].tolist(), strict=True):
            share[term] = max(share.get(term, 0.0), count / number)
    known = np.array(sorted(share), np.int64)
    portion = np.array([share[t] for t in known.tolist()])
    idf = np.log(1 + (1 - portion) / portion)
    return known, idf.astype(np.float32), float(rarest)


def write_terms(file: Path, articles: Iterable[Codes], questions: Iterable[Codes]) -> None:
    known, idf, rarest = inverse_frequencies(articles, questions)
    np.savez_compressed(file, codes=known, idf=idf.astype(np.float16), rarest=np.float32(rarest))
