"""Golden questions: what the assistant must answer, put to it and judged."""

from __future__ import annotations

import json
import re
import statistics
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.calendar import today
from portal.errors import FieldErrors
from portal.library.regions import resolve_region

from .presentation import reply_json

if TYPE_CHECKING:
    from bot.model import Model
    from knowledge.library import Knowledge

STATUSES = {
    "answer": {"answered", "smalltalk"},
    "abstain": {"abstained"},
    "clarify": {"clarification"},
    "refuse": {"refused"},
}
NEGATIONS = ("不", "并非", "不能", "无法", "不代表", "不等于", "没有")


class GoldenFileError(Exception):
    """The question file cannot be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with what a right answer has: a status, a gold clause, words it says and words it does not.

    Of ``gold`` any one clause is enough, except for ``kind`` compare: there one of each document.
    ``history`` holds what was asked before in the same conversation.
    """

    id: str
    question: str
    region: str | None
    kind: str
    expect: str
    gold: tuple[tuple[str, str], ...] = ()
    must_say: tuple[tuple[str, ...], ...] = ()
    must_not_say: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one reply fared. ``cited`` is None where no citation was asked for."""

    question: GoldenQuestion
    reply: dict[str, Any]
    milliseconds: float
    status: bool
    cited: bool | None
    missing: tuple[tuple[str, ...], ...]
    wrong: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.status and self.cited is not False and not self.missing and not self.wrong

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.question.id,
            "kind": self.question.kind,
            "question": self.question.question,
            "passed": self.passed,
            "status": self.status,
            "cited": self.cited,
            "missing": [list(group) for group in self.missing],
            "wrong": list(self.wrong),
            "milliseconds": round(self.milliseconds, 2),
            "reply": self.reply,
        }


@dataclass(frozen=True, slots=True)
class GoldenReport:
    judgements: tuple[Judgement, ...]

    @property
    def share(self) -> float:
        return sum(j.passed for j in self.judgements) / max(1, len(self.judgements))

    def lines(self) -> Iterator[str]:
        """A row for every kind, the failures, and the sum."""
        kinds: dict[str, list[Judgement]] = defaultdict(list)
        for judgement in self.judgements:
            kinds[judgement.question.kind].append(judgement)
        for kind, held in sorted(kinds.items()):
            yield f"{kind:<16} 通过 {sum(j.passed for j in held):>4}/{len(held)}"
        for j in self.judgements:
            if not j.passed:
                yield f"未通过 {j.question.id}：{'；'.join(_reasons(j))}"
        asked = [j.cited for j in self.judgements if j.cited is not None]
        times = sorted(j.milliseconds for j in self.judgements)
        yield (
            f"通过 {sum(j.passed for j in self.judgements)}/{len(self.judgements)}"
            f"  引用 {sum(asked)}/{len(asked)}  中位 {statistics.median(times):.0f} ms"
        )

    def to_json(self) -> dict[str, Any]:
        return {"share": round(self.share, 4), "judgements": [j.to_json() for j in self.judgements]}


def read_questions(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a JSON-lines file; GoldenFileError names the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise GoldenFileError(f"问题文件 {path} 无法读取。") from None
    questions = [_question(line, number) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise GoldenFileError(f"问题文件 {path} 里没有问题。")
    return tuple(questions)


def run(knowledge: Knowledge, model: Model | None, questions: Sequence[GoldenQuestion]) -> GoldenReport:
    """Puts every question to the assistant, without keeping it, and judges the replies."""
    return GoldenReport(tuple(_put(knowledge, model, question) for question in questions))


def judge(question: GoldenQuestion, reply: dict[str, Any], milliseconds: float = 0.0) -> Judgement:
    """Whether a reply has what the question asks for."""
    backs = " ".join(back["text"] for back in reply["questions_back"])
    text = _fold(f"{reply['answer']} {backs}")
    status = reply["status"] in STATUSES[question.expect]
    if question.expect == "clarify" and not status:
        outcome = (reply.get("verdict") or {}).get("outcome")
        status = outcome == "needs_facts" and bool(reply["questions_back"])
    return Judgement(
        question,
        reply,
        milliseconds,
        status,
        _cited(question, reply),
        tuple(group for group in question.must_say if not any(_fold(word) in text for word in group)),
        tuple(bad for bad in question.must_not_say if _states(text, _fold(bad))),
    )


def _put(knowledge: Knowledge, model: Model | None, question: GoldenQuestion) -> Judgement:
    from bot import Question, answer

    try:
        region = resolve_region(knowledge, question.region) if question.region else None
    except FieldErrors:
        raise GoldenFileError(f"问题 {question.id} 的区域“{question.region}”不认识。") from None
    memory: Any = {}
    for earlier in question.history:
        memory = answer(Question(earlier, region, today(), memory), knowledge, model).memory
    started = time.perf_counter()
    reply = answer(Question(question.question, region, today(), memory), knowledge, model)
    elapsed = (time.perf_counter() - started) * 1000
    body = reply_json(reply, answer_id="", conversation="", release=knowledge.release)
    return judge(question, body, elapsed)


def _cited(question: GoldenQuestion, reply: dict[str, Any]) -> bool | None:
    if not question.gold or question.expect != "answer":
        return None
    cited = [(c["document"], _section(c["section"])) for c in reply["citations"]]
    gold = [(document, _section(section)) for document, section in question.gold]
    met = {g for g in gold for c in cited if c[0] == g[0] and (c[1] == g[1] or c[1].startswith(g[1] + "/"))}
    if question.kind == "compare":
        return {g[0] for g in met} == {g[0] for g in gold}
    return bool(met)


def _states(text: str, bad: str) -> bool:
    """True when a text says ``bad`` somewhere without a negation right before it."""
    return any(not text[: found.start()].endswith(NEGATIONS) for found in re.finditer(re.escape(bad), text))


def _question(line: str, number: int) -> GoldenQuestion:
    try:
        raw = json.loads(line)
        question = GoldenQuestion(
            id=str(raw["id"]),
            question=str(raw["question"]),
            region=raw.get("region"),
            kind=str(raw.get("kind", "")),
            expect=str(raw["expect"]),
            gold=tuple((str(g["doc"]), str(g["section"])) for g in raw.get("gold", ())),
            must_say=tuple(tuple(map(str, group)) for group in raw.get("must_say", ())),
            must_not_say=tuple(map(str, raw.get("must_not_say", ()))),
            history=tuple(str(t["text"]) for t in raw.get("history", ()) if t["role"] == "user"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise GoldenFileError(f"问题文件第 {number} 行不是可用的问题。") from None
    if question.expect not in STATUSES:
        raise GoldenFileError(f"问题文件第 {number} 行的 expect 应为 {'、'.join(STATUSES)} 之一。")
    return question


def _reasons(judgement: Judgement) -> Iterator[str]:
    if not judgement.status:
        yield f"状态是 {judgement.reply['status']}"
    if judgement.cited is False:
        yield "没有引用应引的条款"
    for group in judgement.missing:
        yield f"没有说到“{' / '.join(group)}”"
    for word in judgement.wrong:
        yield f"说了“{word}”"


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _section(path: str) -> str:
    return _fold(path).strip("/")
