"""Judging: scores out of fold, and the threshold at which a head turns away few lawful questions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold

from .examples import CASE, Example
from .fit import HEADS, Floats, fit

FOLDS = 5
TURNED_AWAY = {
    "injection": 0.0005,
    "refuse_fabricate": 0.0005,
    "refuse_privacy": 0.0005,
    "abuse": 0.0005,
    "out_of_scope": 0.002,
    "unclear": 0.003,
    "answer_to_question_back": 0.01,
    "smalltalk_greeting": 0.0005,
    "smalltalk_thanks": 0.0005,
    "smalltalk_identity": 0.0005,
}
"""The share of lawful questions that a head may take at its threshold."""

SURE_OF_A_CASE = 0.5
LEAST_SURE = 0.4
"""No head takes a question below this, however few lawful ones it would take."""
TEMPERATURES = np.arange(0.3, 1.6, 0.05)


def out_of_fold(counted: csr_matrix, examples: Sequence[Example]) -> tuple[tuple[str, ...], Floats]:
    """Scores of every example by a classifier that has not seen it."""
    labels = [example.intent for example in examples]
    scores: Floats | None = None
    intents: tuple[str, ...] = ()
    for known, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(counted, labels):
        fitted = fit(counted[known], [examples[i] for i in known])
        intents = fitted.intents
        if scores is None:
            scores = np.zeros((len(examples), fitted.weights.shape[1]))
        scores[unseen] = fitted.scores(counted[unseen])
    if scores is None:
        raise ValueError("no examples")
    return intents, scores


def thresholds(examples: Sequence[Example], heads: Floats) -> dict[str, float]:
    """For each head the probability above which it takes its permitted share of lawful questions."""
    labels = np.array([example.intent for example in examples])
    lawful = ~np.isin(labels, list(TURNED_AWAY))
    chosen = {CASE: SURE_OF_A_CASE}
    for column, head in enumerate(HEADS):
        if head in TURNED_AWAY:
            taken = np.sort(sigmoid(heads[lawful, column]))
            edge = float(taken[-1 - int(len(taken) * TURNED_AWAY[head])])
            chosen[head] = max(LEAST_SURE, round(edge + 1e-4, 4))
    return chosen


def temperature(intents: Sequence[str], examples: Sequence[Example], scores: Floats) -> float:
    """The temperature that makes the shares of the ranked intents honest."""
    rows = [(row, intents.index(e.intent)) for row, e in enumerate(examples) if e.intent]
    at, right = np.array(rows).T
    losses = [-np.log(softmax(scores[at], t)[np.arange(len(at)), right]).mean() for t in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 2)


def figures(
    intents: Sequence[str], examples: Sequence[Example], scores: Floats, taken: dict[str, float]
) -> dict[str, object]:
    """Accuracy of the ranking, and what each head finds at its threshold."""
    labels = np.array([example.intent for example in examples])
    utterances = labels != ""
    ranked = np.array(intents)[np.argsort(-scores[:, : len(intents)], axis=1)]
    right = ranked[:, 0] == labels
    among = (ranked[:, :3] == labels[:, None]).any(axis=1)
    heads = {}
    for column, head in enumerate(HEADS, start=len(intents)):
        over = sigmoid(scores[:, column]) >= taken[head]
        lawful = ~np.isin(labels, list(TURNED_AWAY)) if head in TURNED_AWAY else labels != head
        heads[head] = {"recall": _share(over[labels == head]), "taken_of_others": _share(over[lawful], 5)}
    return {"first": _share(right[utterances]), "among_three": _share(among[utterances]), "heads": heads}


def sigmoid(scores: NDArray[np.float64]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-scores)))


def softmax(scores: Floats, t: float) -> Floats:
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / t)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _share(found: NDArray[np.bool_], digits: int = 3) -> float:
    return round(float(found.mean()), digits)
