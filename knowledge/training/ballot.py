"""Ballots: the cards a question may be answered from, and the weights under which the right ones win."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..clause import ClauseRef
from ..ranking import LINES, Lines

PRIOR = Path(__file__).with_name("prior.json")
USUAL = 0.45
"""Kept from fit to fit: thresholds elsewhere rest on it."""


@dataclass(frozen=True)
class Ballot:
    """The cards a question may be answered from: their lines, and which are right."""

    refs: tuple[ClauseRef, ...]
    lines: Lines
    right: NDArray[np.bool_]


def fit(ballots: Sequence[Ballot], chosen: Sequence[str], steps: int = 400) -> Lines:
    """Weights, none below 0, under which the right cards are likeliest (softmax over each ballot)."""
    usable = [b for b in ballots if b.right.any()]
    widest = max(len(b.refs) for b in usable)
    lines = torch.zeros(len(usable), widest, len(LINES))
    right = torch.zeros(len(usable), widest, dtype=torch.bool)
    absent = torch.ones(len(usable), widest, dtype=torch.bool)
    for n, b in enumerate(usable):
        lines[n, : len(b.refs)] = torch.from_numpy(b.lines)
        right[n, : len(b.refs)] = torch.from_numpy(b.right)
        absent[n, : len(b.refs)] = False
    used = torch.tensor([float(line in chosen) for line in LINES])
    raw = torch.zeros(len(LINES), requires_grad=True)
    optimizer = torch.optim.Adam([raw], lr=0.05)
    for _ in range(steps):
        scores = (lines @ (torch.nn.functional.softplus(raw) * used * 10)).masked_fill(absent, -1e9)
        loss = (scores.logsumexp(1) - scores.masked_fill(~right, -1e9).logsumexp(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    fitted: Lines = (torch.nn.functional.softplus(raw) * used * 10).detach().numpy()
    return fitted


def blended(weights: Lines, chosen: Sequence[str]) -> Lines:
    """Fitted weights drawn towards those set by hand (prior.json).

    The questions that weights are fitted to come from the author of most ways of asking, in whose words
    the clauses are restated too; on other authors' questions the hand-set weights do better, and the
    blend does as well as the better of the two on either.
    """
    prior = json.loads(PRIOR.read_text(encoding="utf-8"))
    by_hand = np.array([prior["lines"][line] if line in chosen else 0.0 for line in LINES], np.float32)
    share = np.float32(prior["share"])
    mixed: Lines = share * by_hand / by_hand.sum() + (1 - share) * weights / weights.sum()
    return mixed


def figures(ballots: Sequence[Ballot], weights: Lines) -> dict[str, float]:
    """Recall among the first 1, 3 and 10, and the mean reciprocal rank."""
    ranks = []
    for b in ballots:
        order = np.argsort(-(b.lines @ weights), kind="stable")
        places = np.flatnonzero(b.right[order])
        ranks.append(places[0] + 1 if len(places) else np.inf)
    found = np.array(ranks, np.float64)
    return {
        **{f"recall@{k}": round(float((found <= k).mean()), 4) for k in (1, 3, 10)},
        "MRR": round(float((1 / found).mean()), 4),
    }


def scaled(weights: Lines, ballots: Sequence[Ballot]) -> Lines:
    """Weights of the same order under which a right answer scores ``USUAL`` in the median."""
    scores = [float((b.lines[b.right] @ weights).max()) for b in ballots if b.right.any()]
    result: Lines = weights * np.float32(USUAL / float(np.median(scores)))
    return result


def cross_validated(
    folds: Sequence[Sequence[Ballot]], weigh: Callable[[Sequence[Ballot]], Lines]
) -> dict[str, float]:
    """Figures over all folds, each by weights found on the others."""
    total: dict[str, float] = {}
    for held in folds:
        others = [b for fold in folds if fold is not held for b in fold]
        for metric, value in figures(held, weigh(others)).items():
            total[metric] = total.get(metric, 0.0) + value * len(held)
    return {metric: round(value / sum(map(len, folds)), 4) for metric, value in total.items()}


def by_line(weights: Lines) -> dict[str, float]:
    return {line: round(float(w), 4) for line, w in zip(LINES, weights, strict=True)}
