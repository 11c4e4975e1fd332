"""Labelled questions for training, read from a folder of JSON-lines files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CASE = "eligibility"


@dataclass(frozen=True, slots=True)
class Example:
    """``intent`` is empty for a lawful question about a clause, whose finer intent nobody has named."""

    text: str
    intent: str


def read_examples(folder: Path) -> list[Example]:
    """Utterances with their intents, list-item stories as cases, clause questions as lawful ones."""
    utterances = [Example(row["text"], row["intent"]) for row in _rows(folder / "utterances.jsonl")]
    stories = [Example(row["question"], CASE) for row in _rows(folder / "items.jsonl") if row["list"]]
    asked = [Example(row["question"], "") for row in _rows(folder / "questions.jsonl")]
    return [*utterances, *stories, *asked]


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
