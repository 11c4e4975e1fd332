"""Fitting: one model an intent, ranked together, and a sharper head for each that turns people away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from ..features import SIZE, features
from ..intent import CASE
from .examples import Example

Floats = NDArray[np.float64]

HEADS = (
    CASE,
    "injection",
    "refuse_fabricate",
    "refuse_privacy",
    "abuse",
    "out_of_scope",
    "unclear",
    "smalltalk_greeting",
    "smalltalk_thanks",
    "smalltalk_identity",
)
INTENT_C = 30.0
HEAD_C = 10.0
INTENT_BALANCE = 1.0
HEAD_BALANCE = 0.5
LEAST_SEEN = 2
"""Features of a single example are not learnt."""
UNTOLD = 0.7
"""What an example counts that nobody labelled one by one."""


@dataclass(frozen=True)
class Fitted:
    """Weights by feature; the first ``len(intents)`` columns rank the intents, the rest are the heads."""

    intents: tuple[str, ...]
    idf: Floats
    weights: Floats
    bias: Floats

    def leaning(self, added: Floats) -> Fitted:
        """The same with a leaning added to each intent."""
        bias = self.bias.copy()
        bias[: len(added)] += added
        return replace(self, bias=bias)

    def scores(self, counted: csr_matrix) -> Floats:
        return np.asarray(weighted(counted, self.idf) @ self.weights + self.bias)


def count(texts: Sequence[str]) -> csr_matrix:
    """A row of dampened feature counts for each text."""
    rows = [features(text) for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(found) for found, _ in rows])])
    values = np.concatenate([1 + np.log(times) for _, times in rows])
    return csr_matrix((values, np.concatenate([found for found, _ in rows]), starts), shape=(len(rows), SIZE))


def weighted(counted: csr_matrix, idf: Floats) -> csr_matrix:
    """Rows weighted by rarity and brought to length one."""
    scaled = counted @ diags(idf)
    lengths = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-9)) @ scaled).tocsr()


def fit(counted: csr_matrix, examples: Sequence[Example]) -> Fitted:
    """The classifier for ``examples``, whose features are ``counted``."""
    seen = np.asarray((counted > 0).sum(axis=0)).ravel()
    idf = np.where(seen >= LEAST_SEEN, np.log((counted.shape[0] + 1) / (seen + 1)) + 1, 0.0)
    rows = weighted(counted, idf)
    intents = np.array([example.intent for example in examples])
    fine = np.array([example.fine for example in examples])
    ranked = tuple(sorted(set(intents)))
    counts = np.array([1.0 if example.told else UNTOLD for example in examples])
    models = [_model(INTENT_C, rows, intents == intent, counts, INTENT_BALANCE) for intent in ranked]
    models += [_model(HEAD_C, rows, fine == head, np.ones(len(fine)), HEAD_BALANCE) for head in HEADS]
    weights = np.hstack([model.coef_.T for model in models])
    return Fitted(ranked, idf, weights, np.concatenate([model.intercept_ for model in models]))


def _model(
    c: float, rows: csr_matrix, wanted: NDArray[np.bool_], counts: Floats, balance: float
) -> LogisticRegression:
    """``balance`` 1 lets the wanted few weigh as much as all others, 0 lets them count as they are."""
    weight = np.where(wanted, (float((~wanted).sum()) / max(int(wanted.sum()), 1)) ** balance, 1.0) * counts
    model = LogisticRegression(C=c, solver="liblinear", tol=1e-2, random_state=0)
    return model.fit(rows, wanted, sample_weight=weight)
