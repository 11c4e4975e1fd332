from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.chat.acts import Asked, ask, conversation_turns, give_feedback
from portal.chat.models import Feedback, WorkItem
from portal.errors import FieldErrors, NotFound, UnknownConversation
from portal.library.holder import KnowledgeHolder

from .small import ZHANHE, ScriptedAssistant, make_reply


@pytest.fixture
def asked(session: Session, holder: KnowledgeHolder, assistant: ScriptedAssistant) -> Asked:
    return ask(session, holder.current(session), None, text="能撤回吗？", region="湛河")


def work(session: Session) -> list[tuple[str, bool]]:
    session.expire_all()
    return [(item.kind, item.open) for item in session.scalars(select(WorkItem))]


def test_an_unhelpful_answer_becomes_work_for_the_editors(session: Session, asked: Asked):
    give_feedback(session, asked.answer.id, helpful=False, reason="wrong", comment="条款不对")
    item = session.scalars(select(WorkItem)).one()
    assert (item.answer_id, item.kind, item.region, item.open) == (asked.answer.id, "unhelpful", ZHANHE, True)
    assert "条款不对" not in str(session.execute(text("SELECT comment FROM feedback")).scalar_one())


def test_thinking_better_of_it_replaces_the_feedback_and_closes_the_work(session: Session, asked: Asked):
    give_feedback(session, asked.answer.id, helpful=False, reason="unclear", comment="看不懂")
    give_feedback(session, asked.answer.id, helpful=True)
    kept = session.scalars(select(Feedback)).one()
    assert (kept.helpful, kept.reason, kept.comment) == (True, "", "")
    assert work(session) == [("unhelpful", False)]
    give_feedback(session, asked.answer.id, helpful=False, reason="other")
    assert work(session) == [("unhelpful", True)]


def test_a_helpful_answer_makes_no_work(session: Session, asked: Asked):
    give_feedback(session, asked.answer.id, helpful=True)
    assert work(session) == []


def test_personal_data_in_a_comment_is_masked(session: Session, asked: Asked):
    kept = give_feedback(session, asked.answer.id, helpful=False, reason="other", comment="打13812345678找我")
    assert "13812345678" not in kept.comment


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"answer_id": "x" * 22}, NotFound),
        ({"answer_id": "'; --"}, NotFound),
        ({"reason": "because"}, FieldErrors),
        ({"comment": "长" * 501}, FieldErrors),
    ],
)
def test_feedback_that_cannot_be_is_refused(
    session: Session, asked: Asked, change: dict, error: type[Exception]
):
    given = {"answer_id": asked.answer.id, "reason": "", "comment": "", **change}
    with pytest.raises(error):
        give_feedback(
            session, given["answer_id"], helpful=False, reason=given["reason"], comment=given["comment"]
        )
    assert work(session) == []


def test_a_conversation_reads_back_as_it_was(
    session: Session, holder: KnowledgeHolder, assistant: ScriptedAssistant, asked: Asked
):
    conversation = asked.reply["conversation"]
    assistant.replies = [make_reply(answer="第二个回答")]
    ask(session, holder.current(session), None, text="那变更呢？", conversation=conversation)
    turns = conversation_turns(session, conversation)
    assert [turn.question for turn in turns] == ["能撤回吗？", "那变更呢？"]
    assert [turn.region for turn in turns] == [ZHANHE, None]
    assert turns[0].reply == asked.reply
    assert turns[1].reply["answer"] == "第二个回答"


def test_a_conversation_that_never_was_is_unknown(session: Session):
    with pytest.raises(UnknownConversation):
        conversation_turns(session, "x" * 22)
