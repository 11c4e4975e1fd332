"""``python -m knowledge.training.kinship`` fits what makes two clauses kin, and writes it to proposal.json.

Every notice of the starter knowledge plays the new document once: its links are taken away and it is
laid beside the others. A pair is kin when most of the topics that editors gave the two are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..edition import Edition, InstrumentKind
from ..kinship import LINES, Kinship
from ..proposal import FILE, Proposing, load_proposing
from ..query import Reader
from ..starter import starter_digests, starter_topics

KIN_FROM = 0.6
"""The share of common topics from which two clauses are kin."""
RIDGE = 1.0
STEPS = 30

Weights = NDArray[np.float64]


def fit_kinship(editions: Sequence[Edition], reader: Reader) -> dict[str, float]:
    """What each line of a pair is worth, learned from the notices among ``editions``."""
    pairs = [_pairs(e, editions, reader) for e in editions if e.kind is InstrumentKind.NOTICE]
    lines = np.concatenate([lines for lines, _ in pairs])
    kin = np.concatenate([kin for _, kin in pairs])
    *weights, bias = logistic(np.column_stack([lines, np.ones(len(lines))]), kin)
    return {"bias": round(bias, 4), **{n: round(w, 4) for n, w in zip(LINES, weights, strict=True)}}


def refitted(editions: Sequence[Edition], reader: Reader) -> Proposing:
    """The rules of proposing, with what makes two clauses kin learned from ``editions`` alone."""
    fitted = fit_kinship(editions, reader)
    weights = np.array([fitted[line] for line in LINES], np.float32)
    return replace(load_proposing(), weights=weights, bias=fitted["bias"])


def _pairs(edition: Edition, others: Iterable[Edition], reader: Reader) -> tuple[Weights, NDArray[np.bool_]]:
    bare = replace(
        edition, clauses=tuple(replace(c, topics=(), asked_as=(), plain="") for c in edition.clauses)
    )
    kinship = Kinship(bare, others, starter_topics(), reader)
    kin = [
        _common(clause.topics, linked.clause.topics) >= KIN_FROM
        for clause in edition.clauses
        for linked in kinship.linked
    ]
    return kinship.lines.reshape(-1, len(LINES)).astype(np.float64), np.array(kin)


def _common(some: Sequence[str], others: Sequence[str]) -> float:
    return len({*some} & {*others}) / max(len({*some, *others}), 1)


def logistic(lines: Weights, kin: NDArray[np.bool_]) -> list[float]:
    """The weights that make the kin likely (Newton's method, kept small by a ridge)."""
    weights = np.zeros(lines.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-lines @ weights))
        slope = lines.T @ (kin - chances) - RIDGE * weights
        bend = (lines * (chances * (1 - chances))[:, None]).T @ lines + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(bend, slope)
    return [float(w) for w in weights]


def main() -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    content["kinship"] = fit_kinship(starter_digests(), Reader.load(None))
    FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
