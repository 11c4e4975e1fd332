"""A golden question as a value, and as one line of a file of questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATUSES: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"answered", "smalltalk"}),
    "abstain": frozenset({"abstained"}),
    "clarify": frozenset({"clarification"}),
    "refuse": frozenset({"refused"}),
}
"""What may be expected of a reply, and which statuses of a reply are that."""

EXPECTED = tuple(STATUSES)
COMPARE = "compare"


class GoldenFileError(Exception):
    """The question file cannot be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with what a right answer has: a status, a gold clause, words it says and words it does not.

    Of ``gold`` any one clause is enough, except for ``kind`` compare: there one of each document. Of a
    group of ``must_say`` any one is enough. ``turns`` are what was said before in the same conversation,
    each with who said it; only what the user said is put to the assistant.
    """

    id: str
    question: str
    region: str | None
    kind: str
    expect: str
    gold: tuple[tuple[str, str], ...] = ()
    must_say: tuple[tuple[str, ...], ...] = ()
    must_not_say: tuple[str, ...] = ()
    turns: tuple[tuple[str, str], ...] = ()
    lang: str = "zh"
    style: str = ""
    note: str = ""

    @property
    def history(self) -> tuple[str, ...]:
        """What was asked before in the same conversation."""
        return tuple(text for role, text in self.turns if role == "user")


def read_questions(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a JSON-lines file; GoldenFileError names the line that is wrong."""
    questions = tuple(question for _, question in read_lines(read_text(path).split("\n")))
    if not questions:
        raise GoldenFileError(f"问题文件 {path} 里没有问题。")
    return questions


def read_text(path: Path) -> str:
    """The text of a file of questions; GoldenFileError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise GoldenFileError(f"问题文件 {path} 无法读取。") from None


def read_lines(lines: Iterable[str]) -> Iterator[tuple[int, GoldenQuestion]]:
    """The questions of lines of JSON with their numbers; GoldenFileError at the first line that is wrong."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, _question(line, number)


def line_of(question: GoldenQuestion) -> str:
    """One line of a file of questions, without its end; equal for equal questions."""
    return json.dumps(to_json(question), ensure_ascii=False)


def to_json(question: GoldenQuestion) -> dict[str, Any]:
    """The fields of a file of questions, always in this order."""
    return {
        "id": question.id,
        "lang": question.lang,
        "style": question.style,
        "region": question.region,
        "question": question.question,
        "history": [{"role": role, "text": text} for role, text in question.turns],
        "kind": question.kind,
        "gold": [{"doc": document, "section": section} for document, section in question.gold],
        "must_say": [list(group) for group in question.must_say],
        "must_not_say": list(question.must_not_say),
        "expect": question.expect,
        "note": question.note,
    }


def from_json(raw: dict[str, Any]) -> GoldenQuestion:
    """The question that these fields tell; KeyError, TypeError or AttributeError where they tell none."""
    region = raw.get("region")
    return GoldenQuestion(
        id=str(raw["id"]),
        question=str(raw["question"]),
        region=None if region is None else str(region),
        kind=str(raw.get("kind", "")),
        expect=str(raw["expect"]),
        gold=tuple((str(g["doc"]), str(g["section"])) for g in raw.get("gold", ())),
        must_say=tuple(tuple(map(str, group)) for group in raw.get("must_say", ())),
        must_not_say=tuple(map(str, raw.get("must_not_say", ()))),
        turns=tuple((str(t["role"]), str(t["text"])) for t in raw.get("history", ())),
        lang=str(raw.get("lang", "zh")),
        style=str(raw.get("style", "")),
        note=str(raw.get("note", "")),
    )


def _question(line: str, number: int) -> GoldenQuestion:
    try:
        question = from_json(json.loads(line))
        line_of(question).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise GoldenFileError(f"问题文件第 {number} 行不是可用的问题。") from None
    if question.expect not in EXPECTED:
        raise GoldenFileError(f"问题文件第 {number} 行的 expect 应为 {'、'.join(EXPECTED)} 之一。")
    return question
