"""Counting how well facts are read from told cases: by value, against labelled stories."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.facts import read_facts


@dataclass(frozen=True)
class Figures:
    right: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.extra, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def told_cases(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Stories with the facts that a reader labelled."""
    for line in (folder / "utterances.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["intent"] == "eligibility":
            yield row["text"], row["facts"]
    for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["question"], row["facts"]


def measure(fact: str, folder: Path, *, ignored: tuple[object, ...] = ()) -> Figures:
    """``ignored`` values count as nothing read: the labels have no value for them."""
    right = extra = missed = 0
    for text, facts in told_cases(folder):
        wanted = facts.get(fact) if facts.get(fact) != "unknown" else None
        read = getattr(read_facts(text), fact)
        read = None if read in ignored else read
        read = "in_time" if read == "before_discovery" else read
        right += wanted is not None and read == wanted
        extra += read is not None and read != wanted
        missed += wanted is not None and read != wanted
    return Figures(right, extra, missed)
