"""How a card's measures are weighed into one score (data: ranking.json, fitted on questions held out)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .catalogue import Measures

Lines = NDArray[np.float32]

FILE = Path(__file__).parent / "ranking.json"
LINES = (*(f.name for f in fields(Measures)), "topic", "local")
"""What a card is measured along; ``local`` is 1 where a rule is not the nation's."""
LINKED = {
    "asked": "lexical",
    "asked_widened": "widened",
    "closest": "lexical",
    "sound": "",
    "asked_dense": "dense",
    "topic": "",
}
"""The lines that rest on topics and ways of asking, each with the line of the text that stands in for it."""


@dataclass(frozen=True)
class Weights:
    """What each line is worth."""

    by_line: Mapping[str, float]

    @cached_property
    def vector(self) -> Lines:
        return np.array([self.by_line[line] for line in LINES], np.float32)


@dataclass(frozen=True)
class Ranking:
    """The weights for clauses and for list items, and the two margins."""

    clauses: Weights
    items: Weights
    parent_margin: float
    """How much better a clause must be than one below it to be shown in its place."""
    no_item_fits_below: float
    """The evidence (the score but for ``local``) below which no list item is offered."""
    unconfirmed: float
    """What topics and ways of asking count for that the import proposed and nobody has confirmed."""

    @classmethod
    def load(cls, file: Path = FILE) -> Ranking:
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            Weights(content["clauses"]),
            Weights(content["items"]),
            content["parent_margin"],
            content["no_item_fits_below"],
            content["unconfirmed"],
        )
