"""Ballots: the cards a question may be answered from, and the weights under which the right ones win."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from ..clause import ClauseRef
from ..ranking import LINES, Lines

PRIOR = Path(__file__).with_name("prior.json")
Part = TypeVar("Part")
Ranks = NDArray[np.float64]
SEED = 20261122
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
    return figures_of(ranks(ballots, weights))


def ranks(ballots: Sequence[Ballot], weights: Lines) -> Ranks:
    """The place of the first right card on each ballot; infinite where none is right."""
    found = []
    for b in ballots:
        order = np.argsort(-(b.lines @ weights), kind="stable")
        places = np.flatnonzero(b.right[order])
        found.append(places[0] + 1 if len(places) else np.inf)
    return np.array(found, np.float64)


def figures_of(found: Ranks) -> dict[str, float]:
    return {
        **{f"recall@{k}": round(float((found <= k).mean()), 4) for k in (1, 3, 10)},
        "MRR": round(float((1 / found).mean()), 4),
    }


def gained(found: Ranks, without: Ranks, resamples: int = 2000) -> dict[str, list[float]]:
    """What one ranking of the same questions gains over another: the difference, and between which two
    values it lies in 95 % of resamples of the questions (a paired bootstrap)."""
    drawn = np.random.default_rng(SEED).integers(0, len(found), (resamples, len(found)))
    gains = {
        "recall@1": (found <= 1).astype(float) - (without <= 1),
        "recall@3": (found <= 3).astype(float) - (without <= 3),
        "MRR": 1 / found - 1 / without,
    }
    return {
        metric: [
            round(float(v), 4) for v in (gain.mean(), *np.percentile(gain[drawn].mean(axis=1), [2.5, 97.5]))
        ]
        for metric, gain in gains.items()
    }


def scaled(weights: Lines, ballots: Sequence[Ballot]) -> Lines:
    """Weights of the same order under which a right answer scores ``USUAL`` in the median."""
    scores = [float((b.lines[b.right] @ weights).max()) for b in ballots if b.right.any()]
    result: Lines = weights * np.float32(USUAL / float(np.median(scores)))
    return result


def by_the_others(
    parts: Sequence[Part], weigh: Callable[[Sequence[Part]], Lines]
) -> Iterator[tuple[Part, Lines]]:
    """Every part with weights found on the other parts only."""
    for held in parts:
        yield held, weigh([part for part in parts if part is not held])


def by_line(weights: Lines) -> dict[str, float]:
    return {line: round(float(w), 4) for line, w in zip(LINES, weights, strict=True)}
