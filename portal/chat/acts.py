"""What is done in a conversation: asking, reading it back, saying whether it helped."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.calendar import today
from portal.errors import FieldError, FieldErrors, NotFound, SwitchedOff, UnknownConversation
from portal.library.regions import resolve_region
from portal.switch import require_answering

from .models import Answer, AnswerSource, Conversation, Feedback, Question
from .presentation import reply_json
from .stopping import answered_for, check_answered, with_what_is_answered
from .work import needs_look, not_helpful

if TYPE_CHECKING:
    from bot.model import Model
    from bot.reply import Reply
    from knowledge.library import Knowledge

MAX_QUESTION = 1000
MAX_COMMENT = 500
REASONS = ("", "wrong", "not_my_case", "unclear", "outdated", "other")
_ID = re.compile(r"[A-Za-z0-9_-]{16,32}")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that is stored and waits for its answer; ``text`` is as it was asked."""

    row: Question
    text: str
    memory: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer as it was stored, and the JSON that the asker gets."""

    answer: Answer
    reply: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One turn of a conversation, as it stood."""

    question: str
    region: str | None
    asked_at: datetime
    reply: dict[str, Any]


def ask(
    session: Session,
    knowledge: Knowledge,
    model: Model | None,
    *,
    text: str,
    conversation: str | None = None,
    region: str | None = None,
    on: date | None = None,
) -> Asked:
    """Asks and answers one question; what a caller may get wrong is raised as a Problem."""
    opened = open_question(session, knowledge, text=text, conversation=conversation, region=region, on=on)
    return answer_question(session, knowledge, model, opened)


def open_question(
    session: Session,
    knowledge: Knowledge,
    *,
    text: str,
    conversation: str | None = None,
    region: str | None = None,
    on: date | None = None,
) -> OpenQuestion:
    """Stores a question, personal data masked, in a new conversation or the one given."""
    from bot.personal_data import mask_personal_data

    require_answering(session)
    text = checked_text(text, "question", MAX_QUESTION)
    path = resolve_region(knowledge, region) if region else None
    memory: Mapping[str, object] = {}
    if conversation is None:
        held = Conversation(id=secrets.token_urlsafe(16))
        session.add(held)
    else:
        held = _conversation(session, conversation)
        memory = _last_memory(session, held)
    check_answered(session, answered_for(text, path, memory, knowledge))
    row = Question(conversation_id=held.id, text=mask_personal_data(text), region=path, on=on or today())
    session.add(row)
    session.commit()
    return OpenQuestion(row, text, memory)


def answer_question(
    session: Session, knowledge: Knowledge, model: Model | None, opened: OpenQuestion
) -> Asked:
    """Answers a stored question and keeps the answer with what it cited."""
    from bot import Question as Asking
    from bot import answer

    row = opened.row
    served = with_what_is_answered(session, knowledge)
    reply = answer(Asking(opened.text, row.region, row.on, opened.memory), served, model)
    if served is not knowledge:
        _keep_back(session, row, reply.region)
    answer_id = secrets.token_urlsafe(16)
    body = reply_json(reply, answer_id=answer_id, conversation=row.conversation_id, release=knowledge.release)
    kept = Answer(
        id=answer_id,
        question_id=row.id,
        status=reply.status.value,
        reason=reply.reason[:60],
        confidence=reply.confidence,
        release=knowledge.release,
        written_by=reply.written_by[:120],
        reply=body,
        memory=dict(reply.memory),
        timings=dict(reply.timings),
        sources=_snapshots(reply),
    )
    session.add(kept)
    needs_look(session, kept, reply.region or row.region)
    session.commit()
    return Asked(kept, body)


def conversation_turns(session: Session, conversation: str) -> tuple[PastTurn, ...]:
    """What was asked and answered in a conversation, the first turn first."""
    held = _conversation(session, conversation)
    rows = session.scalars(
        select(Question)
        .where(Question.conversation_id == held.id)
        .options(joinedload(Question.answer))
        .order_by(Question.id)
    )
    return tuple(
        PastTurn(row.text, row.region, row.asked_at, dict(row.answer.reply)) for row in rows if row.answer
    )


def give_feedback(
    session: Session, answer_id: str, *, helpful: bool, reason: str = "", comment: str = ""
) -> Feedback:
    """Keeps what the asker says of an answer; an unhelpful one becomes work for the editors."""
    from bot.personal_data import mask_personal_data

    if reason not in REASONS:
        raise FieldErrors(errors=[FieldError("reason", "choice", {"choices": REASONS[1:]})])
    comment = checked_text(comment, "comment", MAX_COMMENT, required=False)
    answer = (
        session.get(Answer, answer_id, options=[joinedload(Answer.question)])
        if _ID.fullmatch(answer_id)
        else None
    )
    if answer is None:
        raise NotFound
    feedback = session.get(Feedback, answer_id) or Feedback(answer_id=answer_id)
    feedback.helpful, feedback.reason = helpful, "" if helpful else reason
    feedback.comment = mask_personal_data(comment)
    session.add(feedback)
    not_helpful(session, answer, still=not helpful)
    session.commit()
    return feedback


def checked_text(text: str, field: str, limit: int, *, required: bool = True) -> str:
    """``text`` without outer blanks and with broken surrogates replaced; FieldErrors when unusable."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    if required and not text:
        raise FieldErrors(errors=[FieldError(field, "required")])
    if len(text) > limit:
        values = {"limit": limit, "length": len(text)}
        raise FieldErrors(errors=[FieldError(field, "too_long", values)])
    return text


def _conversation(session: Session, conversation: str) -> Conversation:
    held = session.get(Conversation, conversation) if _ID.fullmatch(conversation) else None
    if held is None:
        raise UnknownConversation
    return held


def _keep_back(session: Session, row: Question, region: str | None) -> None:
    """Nothing is kept of a question that turned out to be about a region that is not answered for."""
    try:
        check_answered(session, (region,))
    except SwitchedOff:
        alone = session.scalar(select(func.count()).where(Question.conversation_id == row.conversation_id))
        session.delete(session.get_one(Conversation, row.conversation_id) if alone == 1 else row)
        session.commit()
        raise


def _last_memory(session: Session, held: Conversation) -> Mapping[str, object]:
    last = session.scalar(
        select(Answer)
        .join(Answer.question)
        .where(Question.conversation_id == held.id)
        .order_by(Question.id.desc())
        .limit(1)
    )
    return last.memory if last else {}


def _snapshots(reply: Reply) -> list[AnswerSource]:
    return [
        AnswerSource(
            number=cited.number,
            document=cited.ref.document,
            section=cited.ref.section,
            title=cited.title,
            document_number=cited.document_number,
            text=cited.text,
            summary=cited.digest,
            in_force=cited.in_force,
            digest=hashlib.sha256(cited.text.encode("utf-8", "replace")).hexdigest(),
        )
        for cited in reply.citations
    ]
