"""How the measures of a card are weighed into one score (data: ranking.json, fitted by the bench)."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from .catalogue import Measures
from .lexical import Scores

FILE = Path(__file__).parent / "ranking.json"


@dataclass(frozen=True)
class Weights:
    """What each line of measurement is worth; ``local`` is added where a rule is not the nation's."""

    lexical: float
    widened: float
    asked: float
    asked_widened: float
    closest: float
    sound: float
    dense: float
    asked_dense: float
    topic: float
    local: float

    def score(self, measures: Measures, topic: Scores, local: bool) -> Scores:
        total = self.topic * topic + (self.local if local else 0.0)
        for line in fields(measures):
            total = total + getattr(self, line.name) * getattr(measures, line.name)
        result: Scores = total.astype("float32")
        return result


@dataclass(frozen=True)
class Ranking:
    clauses: Weights
    items: Weights
    parent_margin: float
    """How much better a clause must be than one below it to be shown in its place."""
    no_item_fits_below: float

    @classmethod
    def load(cls, file: Path = FILE) -> Ranking:
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            Weights(**content["clauses"]),
            Weights(**content["items"]),
            content["parent_margin"],
            content["no_item_fits_below"],
        )
