"""Asking golden questions of a release: by the rules alone, so that the same release answers the same.

A model may only put what the rules found into words (docs/adr/0001), and would cost minutes a check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from knowledge import record
from portal.chat.golden import Judgement, faults, judge, put

from .question import GoldenFileError, GoldenQuestion, line_of

if TYPE_CHECKING:
    from knowledge.library import Knowledge

UNKNOWN_REGION = "unknown_region"
SHOWN = 1200
"""How much of an answer is kept with a check, in characters."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a release said to a question, what it cited, and whether that passed. ``wanted`` is what should
    have happened where the status is another; ``why`` tells what else is wrong."""

    status: str
    wanted: str
    passed: bool
    answer: str
    clauses: tuple[tuple[str, str, str], ...]
    why: tuple[str, ...]

    @classmethod
    def of(cls, judged: Judgement) -> Said:
        reply = judged.reply
        return cls(
            reply["status"],
            "" if judged.status else judged.question.expect,
            judged.passed,
            "\n".join((reply["answer"], *(back["text"] for back in reply["questions_back"])))[:SHOWN],
            tuple((c["document"], c["section"], c["title"]) for c in reply["citations"]),
            tuple(faults(judged)),
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def ask_one(knowledge: Knowledge, question: GoldenQuestion) -> Judgement:
    """Puts one question and judges the reply; a region that the release does not know fails it."""
    try:
        return put(knowledge, None, question)
    except GoldenFileError:
        return judge(question, _no_reply())


def ask_all(
    knowledge: Knowledge | None,
    questions: tuple[GoldenQuestion, ...],
    known: dict[str, Said],
    progress: Callable[[int, int], object] = lambda _question, _questions: None,
) -> dict[str, Said]:
    """What a release says to every question, by name; nothing before there is a release.

    ``known`` is what it is known to say, by the digest of the question, and learns the rest. ``progress`` is
    told which question of how many comes next.
    """
    if knowledge is None:
        return {}
    said = {}
    for place, question in enumerate(questions, start=1):
        progress(place, len(questions))
        digest = record.digest(line_of(question))
        if digest not in known:
            known[digest] = Said.of(ask_one(knowledge, question))
        said[question.id] = known[digest]
    return said


def _no_reply() -> dict[str, Any]:
    return {
        "status": UNKNOWN_REGION,
        "answer": "",
        "citations": [],
        "questions_back": [],
        "verdict": None,
    }
