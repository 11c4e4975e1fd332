"""Golden questions: what the assistant must answer, put to it and judged."""

from __future__ import annotations

import re
import statistics
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.calendar import today
from portal.errors import FieldErrors
from portal.golden.question import COMPARE, STATUSES, GoldenFileError, GoldenQuestion
from portal.library.regions import resolve_region

from .presentation import reply_json

if TYPE_CHECKING:
    from bot.model import Model
    from knowledge.library import Knowledge

NEGATIONS = ("不", "并非", "不能", "无法", "不代表", "不等于", "没有")


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
                yield f"未通过 {j.question.id}：{'；'.join(reasons(j))}"
        asked = [j.cited for j in self.judgements if j.cited is not None]
        times = sorted(j.milliseconds for j in self.judgements)
        yield (
            f"通过 {sum(j.passed for j in self.judgements)}/{len(self.judgements)}"
            f"  引用 {sum(asked)}/{len(asked)}  中位 {statistics.median(times):.0f} ms"
        )

    def to_json(self) -> dict[str, Any]:
        return {"share": round(self.share, 4), "judgements": [j.to_json() for j in self.judgements]}


def run(knowledge: Knowledge, model: Model | None, questions: Sequence[GoldenQuestion]) -> GoldenReport:
    """Puts every question to the assistant, without keeping it, and judges the replies."""
    return GoldenReport(tuple(put(knowledge, model, question) for question in questions))


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


def put(knowledge: Knowledge, model: Model | None, question: GoldenQuestion) -> Judgement:
    """Puts one question, after what was asked before it; GoldenFileError where its region is unknown."""
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
    if question.kind == COMPARE:
        return {g[0] for g in met} == {g[0] for g in gold}
    return bool(met)


def _states(text: str, bad: str) -> bool:
    """True when a text says ``bad`` somewhere without a negation right before it."""
    return any(not text[: found.start()].endswith(NEGATIONS) for found in re.finditer(re.escape(bad), text))


def reasons(judgement: Judgement) -> Iterator[str]:
    """Why a question did not pass, a few words each."""
    if not judgement.status:
        yield f"状态是 {judgement.reply['status']}"
    yield from faults(judgement)


def faults(judgement: Judgement) -> Iterator[str]:
    """What is wrong with a reply beside its status."""
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
