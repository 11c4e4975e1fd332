"""Which list items are offered for a story: their order among those brought near, and whether any fits.

Two decisions, each with its own weights, fitted by ``training.items`` to stories held out (data:
``matching.json``). A wrong "this item fits" does more harm than asking back, so the bar from which
items are offered is set by a stated price and not by the most hits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .matching import MATCHES
from .ranking import LINES, Lines
from .search import NearItem

FILE = Path(__file__).with_name("matching.json")
ITEM_LINES = (*LINES, *MATCHES)
OWN_SIGNS = (
    "lexical",
    "widened",
    "asked",
    "closest",
    "sound",
    "dense",
    "asked_dense",
    "local",
    *MATCHES,
)
SIGNS = ("score", "share", "ahead", "together", *OWN_SIGNS, "most_meant", "most_told", "length")
"""What speaks for it that any item fits.

``score`` of the best item, its ``share`` of all, how far it is ``ahead`` of the fourth, the scores taken
``together``; the best item's own lines; the ``most`` of any item's matter that is meant or told; how long
the story is.
"""
_FOURTH = 3
_LONG = 120


@dataclass(frozen=True)
class ItemRanking:
    """``near`` items of the first search are laid beside the story; their ``weights`` by line; the
    weights of the ``signs`` and their ``bias``; items are offered from a chance of ``offered_from`` that
    any fits, beside the best those with a share of ``beside_from`` of it."""

    near: int
    weights: Lines
    signs: Lines
    bias: float
    offered_from: float
    beside_from: float

    @classmethod
    def load(cls, file: Path = FILE) -> ItemRanking:
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            content["near"],
            np.array([content["weights"].get(line, 0.0) for line in ITEM_LINES], np.float32),
            np.array([content["signs"].get(sign, 0.0) for sign in SIGNS], np.float32),
            content["bias"],
            content["offered_from"],
            content["beside_from"],
        )

    def offered(self, lines: Lines, story: str) -> list[tuple[int, float]]:
        """The items to offer, as rows of ``lines``, the best first, each with the chance that it is meant."""
        if not len(lines):
            return []
        scores = lines @ self.weights
        chance = self.chance(lines, scores, story)
        if chance < self.offered_from:
            return []
        part = shares(scores)
        order = np.argsort(-scores, kind="stable")
        kept = [n for place, n in enumerate(order) if not place or part[n] >= self.beside_from]
        return [(int(n), chance * float(part[n])) for n in kept]

    def chance(self, lines: Lines, scores: Lines, story: str) -> float:
        """How likely it is that any of the items fits the story."""
        return float(1 / (1 + np.exp(-(signs(lines, scores, story) @ self.signs + self.bias))))


def stacked(near: Sequence[NearItem]) -> Lines:
    """One row an item, in the order given."""
    return np.stack([n.lines for n in near]) if near else np.zeros((0, len(ITEM_LINES)), np.float32)


def shares(scores: Lines) -> Lines:
    """Scores as shares of one."""
    powers = np.exp(scores - scores.max())
    result: Lines = powers / powers.sum()
    return result


def signs(lines: Lines, scores: Lines, story: str) -> Lines:
    """The signs, in the order of ``SIGNS``, that any of the items measured along ``lines`` fits."""
    order = np.argsort(-scores, kind="stable")
    best, fourth = order[0], order[min(_FOURTH, len(order) - 1)]
    top = float(scores[best])
    own = lines[best, _rows(OWN_SIGNS)]
    most = lines[:, _rows(("matter_meant", "matter_told"))].max(axis=0)
    together = top + float(np.log(np.exp(scores - top).sum()))
    first = (top, float(shares(scores)[best]), top - float(scores[fourth]), together)
    return np.array([*first, *own, *most, min(len(story), _LONG) / _LONG], np.float32)


def _rows(names: Sequence[str]) -> list[int]:
    return [ITEM_LINES.index(name) for name in names]
