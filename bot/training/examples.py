"""Labelled questions for training: a folder of JSON-lines files, sentences of our own, ways of asking."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.clause import ClauseRef
from knowledge.starter import starter_topics
from knowledge.topic import topics_of

from ..intent import CASE, FOLDER

RULES = "rules"
WAYS = 4
"""How many sentences are made of one with places to fill in."""
SEED = 20261124
_HERE = Path(__file__).parent
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """``intent`` is a merged one, ``fine`` the one before merging.

    Figures count what is ``told``; what was ``written`` to be learnt from is judged by nobody.
    """

    text: str
    intent: str
    fine: str = ""
    told: bool = False
    written: bool = False


@cache
def merged() -> dict[str, str]:
    """The intent that each fine intent is merged into (bot/intents/merged.json, with the reasons)."""
    groups = json.loads((FOLDER / "merged.json").read_text(encoding="utf-8"))
    return {member: group["name"] for group in groups for member in group["members"]}


def read_examples(folder: Path) -> list[Example]:
    """Utterances; stories of list items as cases; questions about clauses; our own sentences."""
    told = [_told(row["text"], row["intent"]) for row in _rows(folder / "utterances.jsonl")]
    stories = [Example(row["question"], CASE, CASE) for row in _rows(folder / "items.jsonl") if row["list"]]
    asked = [
        Example(row["question"], _of_topics(topics_of(ClauseRef(row["doc"], row["section"]))))
        for row in _rows(folder / "questions.jsonl")
    ]
    ways = [
        Example(way, _of_topics((t.id,)), written=True)
        for t in starter_topics().values()
        for way in t.asked_as
    ]
    unique = {example.text: example for example in (*ways, *own_sentences(), *asked, *stories, *told)}
    return list(unique.values())


def own_sentences() -> Iterator[Example]:
    """The sentences written for thin intents, their places filled in; the same in every run."""
    written = json.loads((_HERE / "sentences.json").read_text(encoding="utf-8"))
    chance = random.Random(SEED)  # noqa: S311 -- reproducible, not secret

    def filled(found: re.Match[str]) -> str:
        return str(chance.choice(written["slots"][found[1]]))

    for fine, sentences in written["sentences"].items():
        for sentence in sentences:
            for _ in range(WAYS if _PLACE.search(sentence) else 1):
                yield Example(_PLACE.sub(filled, sentence), merged()[fine], fine, written=True)


def _told(text: str, fine: str) -> Example:
    return Example(text, merged().get(fine, fine), fine, told=True)


@cache
def _topic_intents() -> dict[str, str]:
    table: dict[str, list[str]] = json.loads((_HERE / "topics.json").read_text(encoding="utf-8"))
    return {topic: intent for intent, topics in table.items() for topic in topics}


def _of_topics(topics: tuple[str, ...]) -> str:
    return _topic_intents().get(topics[0], RULES) if topics else RULES


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
