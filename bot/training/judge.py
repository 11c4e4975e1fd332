"""Judging: scores out of fold, thresholds at which few lawful questions are turned away, and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedGroupKFold

from ..intent import CASE
from .examples import Example
from .fit import HEADS, Floats, fit
from .kin import families
from .leaning import leaned, leanings

FOLDS = 5
TURNED_AWAY = {
    "injection": 0.0005,
    "refuse_fabricate": 0.0005,
    "refuse_privacy": 0.0005,
    "abuse": 0.0005,
    "out_of_scope": 0.002,
    "unclear": 0.003,
    "smalltalk_greeting": 0.0005,
    "smalltalk_thanks": 0.0005,
    "smalltalk_identity": 0.0005,
}
"""The share of lawful questions that a head may take at its threshold."""

SURE_OF_A_CASE = 0.5
LEAST_SURE = 0.4
"""No head takes a question below this, however few lawful ones it would take."""
TEMPERATURES = np.arange(0.3, 2.6, 0.05)
RISKS = {"act": 0.1, "ask": 0.2}
"""How many of a hundred first choices may be wrong where they lead to an act, or to asking back."""
STEPS = tuple(round(step, 2) for step in np.arange(0.0, 0.96, 0.05))


def out_of_fold(counted: csr_matrix, examples: Sequence[Example]) -> tuple[tuple[str, ...], Floats]:
    """Scores of every example by a classifier that has seen neither it nor a near-duplicate."""
    kin = np.array(families([example.text for example in examples]))
    scores: Floats | None = None
    intents: tuple[str, ...] = ()
    for known, unseen in folds(examples, kin):
        fitted = fit(counted[known], [examples[i] for i in known])
        intents = fitted.intents
        if scores is None:
            scores = np.zeros((len(examples), fitted.weights.shape[1]))
        scores[unseen] = fitted.scores(counted[unseen])
    if scores is None:
        raise ValueError("no examples")
    return intents, scores


def folds(
    examples: Sequence[Example], kin: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """What a fold is fitted on and what it judges; sentences written to be learnt are never judged."""
    labels = np.array([example.fine or example.intent for example in examples])
    asked = np.flatnonzero([not example.written for example in examples])
    written = np.flatnonzero([example.written for example in examples])
    parts = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for known, unseen in parts.split(asked, labels[asked], kin[asked]):
        apart = written[~np.isin(kin[written], kin[asked[unseen]])]
        yield np.sort(np.concatenate([asked[known], apart])), asked[unseen]


def leaning_scores(
    intents: Sequence[str], examples: Sequence[Example], scores: Floats
) -> tuple[Floats, Floats]:
    """The leanings that ship, and the scores with leanings chosen fold by fold without their own."""
    at, right = _told(intents, examples)
    ranked, width = scores[at, : len(intents)], len(intents)
    kin = families([examples[i].text for i in at])
    even = scores.copy()
    even[at, :width] = leaned(ranked, right, kin, FOLDS)
    return leanings(ranked, right), even


def thresholds(examples: Sequence[Example], heads: Floats) -> dict[str, float]:
    """For each head the probability above which it takes its permitted share of lawful questions."""
    labels = np.array([example.fine for example in examples])
    asked = np.array([not example.written for example in examples])
    lawful = ~np.isin(labels, list(TURNED_AWAY)) & asked
    chosen = {CASE: SURE_OF_A_CASE}
    for column, head in enumerate(HEADS):
        if head in TURNED_AWAY:
            taken = np.sort(sigmoid(heads[lawful, column]))
            edge = float(taken[-1 - int(len(taken) * TURNED_AWAY[head])])
            chosen[head] = max(LEAST_SURE, round(edge + 1e-4, 4))
    return chosen


def temperature(intents: Sequence[str], examples: Sequence[Example], scores: Floats) -> float:
    """The temperature that makes the shares of the ranked intents honest."""
    at, right = _told(intents, examples)
    losses = [
        -np.log(softmax(scores[at, : len(intents)], t)[np.arange(len(at)), right]).mean()
        for t in TEMPERATURES
    ]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 2)


def sureness(curve: Sequence[dict[str, float]]) -> dict[str, float]:
    """The probability from which on a first choice may lead to an act, or to asking back."""
    return {
        use: next((point["from"] for point in curve if point["risk"] <= risk), 1.0)
        for use, risk in RISKS.items()
    }


def risk_by_coverage(
    intents: Sequence[str], examples: Sequence[Example], scores: Floats, heat: float
) -> list[dict[str, float]]:
    """How many first choices are taken from a probability on, and how many of those are wrong."""
    at, right = _told(intents, examples)
    shares = softmax(scores[at, : len(intents)], heat)
    first, sure = shares.argmax(axis=1), shares.max(axis=1)
    curve = []
    for step in STEPS:
        taken = sure >= step
        if taken.any():
            wrong = float((first[taken] != right[taken]).mean())
            curve.append({"from": step, "coverage": _share(taken), "risk": round(wrong, 3)})
    return curve


def figures(
    intents: Sequence[str], examples: Sequence[Example], scores: Floats, taken: dict[str, float]
) -> dict[str, object]:
    """How well the ranking tells the intents apart, and what each head finds at its threshold."""
    at, right = _told(intents, examples)
    ranked = np.argsort(-scores[at, : len(intents)], axis=1)
    first, among = ranked[:, 0] == right, (ranked[:, :3] == right[:, None]).any(axis=1)
    by_intent = {name: _f1(ranked[:, 0] == i, right == i) for i, name in enumerate(intents)}
    labels = np.array([example.fine for example in examples])
    judged = np.array([not example.written for example in examples])
    heads = {}
    for column, head in enumerate(HEADS, start=len(intents)):
        over = sigmoid(scores[:, column]) >= taken[head]
        others = ~np.isin(labels, list(TURNED_AWAY)) if head in TURNED_AWAY else labels != head
        asked = np.array([example.told and example.fine == head for example in examples])
        heads[head] = {"recall": _share(over[asked]), "taken_of_others": _share(over[others & judged], 5)}
    return {
        "macro_f1": round(float(np.mean([row["f1"] for row in by_intent.values()])), 3),
        "first": _share(first),
        "among_three": _share(among),
        "intents": by_intent,
        "heads": heads,
    }


def _told(intents: Sequence[str], examples: Sequence[Example]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows that figures count, and the column of each one's intent."""
    rows = [(row, intents.index(e.intent)) for row, e in enumerate(examples) if e.told]
    at, right = np.array(rows, np.int64).reshape(-1, 2).T
    return at, right


def _f1(chosen: NDArray[np.bool_], right: NDArray[np.bool_]) -> dict[str, float]:
    both = float((chosen & right).sum())
    precision, recall = both / max(float(chosen.sum()), 1.0), both / max(float(right.sum()), 1.0)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "asked": int(right.sum()),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(f1, 3),
    }


def sigmoid(scores: NDArray[np.float64]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-scores)))


def softmax(scores: Floats, t: float) -> Floats:
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / t)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _share(found: NDArray[np.bool_], digits: int = 3) -> float:
    return round(float(found.mean()), digits) if len(found) else 0.0
