"""The two decisions on list items, their order and whether any fits: fitting them and how they fare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from ..item_ranking import ITEM_LINES, SIGNS, signs
from ..ranking import Lines
from .kinship import Weights

Silence = NDArray[np.bool_]
RIDGE_ORDER = 1e-3
RIDGE_SIGNS = 1.0
NONE_FITS = 2.0
"""How much a story that no item fits counts beside one that an item fits."""
TAKEN_AWAY = 0.1
"""The same for a story whose own item was taken away."""
SILENT_AT_LEAST = 0.9
"""The price: of the stories that no item fits, so many must be met with silence."""
CURVE = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


class Met(Protocol):
    """A story that met some items."""

    @property
    def lines(self) -> Lines: ...
    @property
    def right(self) -> Silence: ...
    @property
    def words(self) -> str: ...
    @property
    def fits(self) -> bool: ...


@dataclass(frozen=True)
class Deciding:
    """The weights of the order, and those of the signs that any item fits."""

    weights: Lines
    signs: Lines
    bias: float


@dataclass(frozen=True)
class Decision:
    """What became of one story: the chance given, the place of its first right item (0: none), and
    whether any item fits it."""

    chance: float
    place: int
    fits: bool


def weigh(met: Sequence[Met]) -> Lines:
    """Weights under which the right items are likeliest (softmax over the items near each story)."""
    widest = max(len(m.lines) for m in met)
    lines = torch.zeros(len(met), widest, len(ITEM_LINES))
    right = torch.zeros(len(met), widest, dtype=torch.bool)
    absent = torch.ones(len(met), widest, dtype=torch.bool)
    for n, m in enumerate(met):
        lines[n, : len(m.lines)] = torch.from_numpy(m.lines)
        right[n, : len(m.lines)] = torch.from_numpy(m.right)
        absent[n, : len(m.lines)] = False
    spread = lines[~absent].std(0) + 1e-6
    lines = lines / spread
    weights = torch.zeros(len(ITEM_LINES), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=80, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (lines @ weights).masked_fill(absent, -1e9)
        missed = scores.logsumexp(1) - scores.masked_fill(~right, -1e9).logsumexp(1)
        total = missed.mean() + RIDGE_ORDER * (weights**2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    fitted: Lines = (weights.detach() / spread).numpy()
    return fitted


def decision_of(weights: Lines, met: Sequence[Met]) -> Deciding:
    """Signs that tell stories that an item fits from those that none does, and from stories whose own
    item was taken away: a near miss of any kind should be met with silence."""
    rows: list[Lines] = []
    fits: list[bool] = []
    counts: list[float] = []
    for m in met:
        if m.fits and not m.right.any():
            continue
        rows.append(signs(m.lines, m.lines @ weights, m.words))
        fits.append(m.fits)
        counts.append(1.0 if m.fits else NONE_FITS)
        others = m.lines[~m.right]
        if m.fits and len(others):
            rows.append(signs(others, others @ weights, m.words))
            fits.append(False)
            counts.append(TAKEN_AWAY)
    found, bias = _logistic(np.stack(rows).astype(np.float64), np.array(fits), np.array(counts))
    return Deciding(weights, found, bias)


def _logistic(rows: Weights, fits: Silence, counts: Weights) -> tuple[Lines, float]:
    """Newton's method on standardised rows, kept small by a ridge."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    standard = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    weights = np.zeros(standard.shape[1])
    ridge = np.diag([RIDGE_SIGNS] * len(SIGNS) + [1e-6])
    for _ in range(40):
        chances = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ (counts * (fits - chances)) - ridge @ weights
        bend = (standard * (counts * (chances * (1 - chances) + 1e-9))[:, None]).T @ standard + ridge
        weights += np.linalg.solve(bend, slope)
    scaled = weights[:-1] / spread
    return scaled.astype(np.float32), float(weights[-1] - scaled @ mean)


def decide(deciding: Deciding, met: Sequence[Met]) -> list[Decision]:
    decisions = []
    for m in met:
        if not len(m.lines):
            decisions.append(Decision(0.0, 0, m.fits))
            continue
        scores = m.lines @ deciding.weights
        level = signs(m.lines, scores, m.words) @ deciding.signs + deciding.bias
        places = np.flatnonzero(m.right[np.argsort(-scores, kind="stable")])
        place = int(places[0]) + 1 if len(places) else 0
        decisions.append(Decision(float(1 / (1 + np.exp(-level))), place, m.fits))
    return decisions


def rates(decisions: Sequence[Decision]) -> dict[str, Any]:
    """The order's figures on stories that an item fits, and for each bar what is found and what silent."""
    places = np.array([d.place or np.inf for d in decisions if d.fits])
    chosen = _bar(decisions, SILENT_AT_LEAST)
    return {
        "fitting": len(places),
        "none fits": sum(not d.fits for d in decisions),
        **{f"top-{k}": round(float((places <= k).mean()), 4) for k in (1, 3)},
        "MRR": round(float((1 / places).mean()), 4),
        "offered_from": round(chosen, 3),
        **_at(decisions, chosen),
        "curve": [{"bar": round(b, 3), **_at(decisions, b)} for b in (_bar(decisions, s) for s in CURVE)],
    }


def _bar(decisions: Sequence[Decision], silent: float) -> float:
    """The chance that so many of the stories that no item fits stay below."""
    return float(np.quantile([d.chance for d in decisions if not d.fits], silent)) + 1e-6


def _at(decisions: Sequence[Decision], bar: float) -> dict[str, float]:
    """With this bar: stories met with silence rightly, those offered their item first or among three, the
    share of offers that are right, and of fitting stories that get any offer."""
    fitting = [d for d in decisions if d.fits]
    others = [d for d in decisions if not d.fits]
    offers = [d for d in decisions if d.chance >= bar]
    found = {
        "silent": sum(d.chance < bar for d in others) / len(others),
        "found": sum(d.chance >= bar and d.place == 1 for d in fitting) / len(fitting),
        "found among 3": sum(d.chance >= bar and 1 <= d.place <= 3 for d in fitting) / len(fitting),
        "right": sum(d.place == 1 for d in offers) / max(len(offers), 1),
        "offered": sum(d.chance >= bar for d in fitting) / len(fitting),
    }
    return {name: round(value, 4) for name, value in found.items()}
