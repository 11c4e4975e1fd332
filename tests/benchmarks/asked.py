"""The questions that the benchmarks of retrieval ask, and what finding the right clause is worth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.clause import ClauseRef
from knowledge.library import Knowledge
from knowledge.region import resolve
from knowledge.starter import starter_editions
from knowledge.training.folds import read_cases

ON = date(2026, 11, 22)
GOLDEN = Path(__file__).parents[1] / "questions" / "golden.jsonl"

Question = tuple[str, str | None, tuple[ClauseRef, ...]]
Ranked = Callable[[str, str | None], Sequence[Iterable[ClauseRef]]]
"""For a question and a region: places in order, each with the clauses that stand there."""


def practice(shared: Path) -> list[Question]:
    """The practice questions."""
    return read_questions(shared / "questions" / "practice.jsonl")


def golden() -> list[Question]:
    """The questions of two further authors."""
    return read_questions(GOLDEN)


def read_questions(file: Path) -> list[Question]:
    """Questions that expect an answer and can be understood alone, each with where it is asked."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        (row["question"], _region(row), tuple(ClauseRef(g["doc"], g["section"]) for g in row["gold"]))
        for row in rows
        if row["expect"] == "answer" and row["gold"] and not row["history"]
    ]


def training(shared: Path) -> list[Question]:
    """The training questions, each from where its answer holds."""
    return [(c.question, c.region, c.gold) for c in read_cases(shared / "training", starter_editions())]


def _region(row: Mapping[str, Any]) -> str | None:
    return resolve(row["region"]) if row["region"] else None


def ranks(ranked: Ranked, questions: Sequence[Question]) -> NDArray[np.float64]:
    """The first place that holds an answer, for every question; infinite where none does."""
    return np.array([_rank(ranked(text, region), gold) for text, region, gold in questions])


def figures(ranked: Ranked, questions: Sequence[Question]) -> dict[str, float]:
    """Recall among the first 1, 3 and 10 places, and the mean reciprocal rank; empty without questions."""
    if not questions:
        return {}
    found = ranks(ranked, questions)
    recall = {f"recall@{k}": float((found <= k).mean()) for k in (1, 3, 10)}
    return {**recall, "MRR": float((1 / found).mean())}


def _rank(places: Sequence[Iterable[ClauseRef]], gold: Sequence[ClauseRef]) -> float:
    right = (n for n, refs in enumerate(places, 1) if any(g.covers(r) for r in refs for g in gold))
    return float(next(right, np.inf))


def searched(knowledge: Knowledge) -> Ranked:
    """The search as it is served."""

    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        hits = knowledge.search(text, regions=None if region is None else [region], on=ON, limit=10)
        return [[hit.ref] for hit in hits]

    return ranked
