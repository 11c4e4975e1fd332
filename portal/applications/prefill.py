"""What a conversation told, so that nobody types it twice; its verdict goes along as it stood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.chat.models import Answer, Question

from .statement import LIMITS, Correction, Statement, Told

_ID = re.compile(r"[A-Za-z0-9_-]{16,32}")
_SHORTEST_STORY = 8
_FACTS = {
    ("first_offence", "met"): ("first_time", Told.YES),
    ("first_offence", "not_met"): ("first_time", Told.NO),
    ("harm", "met"): ("harm", Told.NO),
    ("harm", "not_met"): ("harm", Told.YES),
    ("corrected", "met"): ("correction", Correction.DONE),
    ("corrected", "not_met"): ("correction", Correction.NOT_YET),
}
"""What a finding on a condition says of the facts: the condition is that there is no harm."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """``statement`` is only a suggestion: the party reads and corrects it before anything is kept."""

    region: str
    statement: Statement
    verdict: dict[str, object] | None


def prefill(session: Session, answer_id: str) -> Prefill | None:
    """What the conversation up to an answer told; None where there is no such answer."""
    if not _ID.fullmatch(answer_id):
        return None
    answer = session.get(Answer, answer_id, options=[joinedload(Answer.question)])
    if answer is None:
        return None
    reply: dict[str, Any] = dict(answer.reply)
    verdict: dict[str, Any] | None = reply.get("verdict")
    statement: Statement = {"matter": _story(session, answer)}
    for condition in (verdict or {}).get("conditions", ()):
        told = _FACTS.get((condition.get("fact"), condition["finding"]))
        if told:
            statement[told[0]] = told[1].value
    item = (verdict or {}).get("item")
    if item:
        statement |= {"item_list": item["list"], "item_number": item["number"]}
    return Prefill(str(reply.get("region") or ""), statement, _as_it_stood(answer, reply))


def _story(session: Session, answer: Answer) -> str:
    """What the asker wrote up to this answer, without the short answers to questions asked back."""
    asked = session.scalars(
        select(Question)
        .where(Question.conversation_id == answer.question.conversation_id, Question.id <= answer.question_id)
        .order_by(Question.id)
    )
    told = [q.text for q in asked if len(q.text) >= _SHORTEST_STORY]
    return "\n".join(told)[: LIMITS["matter"]]


def _as_it_stood(answer: Answer, reply: dict[str, Any]) -> dict[str, object] | None:
    if not reply.get("verdict"):
        return None
    names = ("number", "document", "title", "section", "url")
    return {
        "answer": answer.id,
        "release": answer.release,
        "given_at": answer.given_at.isoformat(),
        "verdict": reply["verdict"],
        "citations": [{name: c[name] for name in names} for c in reply.get("citations", ())],
    }
