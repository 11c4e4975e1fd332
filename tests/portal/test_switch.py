"""Stopping the answering, everywhere or for one region; the rest goes on."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.chat.models import Conversation, Question
from portal.errors import FieldErrors, SwitchedOff
from portal.journal import JournalEntry
from portal.library.holder import KnowledgeHolder
from portal.switch import require_answering, stopped_regions, stopping, switch
from portal.wording import Language

from .small import ZHANHE, ZHOUSHAN, ScriptedAssistant, make_reply

URL = "/api/v1/questions"
CITY = "河南省/平顶山市"


def off(session: Session, region: str = "", reason: str = "发现错误") -> None:
    switch(session, answering=False, reason=reason, actor="publisher-chen", region=region)


def on(session: Session, region: str = "") -> None:
    switch(session, answering=True, reason="", actor="publisher-chen", region=region)


def ask(client: FlaskClient, question: str = "能撤回吗？", **more: Any) -> Any:
    return client.post(URL, json={"question": question, **more})


def stored(session: Session) -> tuple[int, int]:
    session.rollback()
    return len(session.scalars(select(Question)).all()), len(session.scalars(select(Conversation)).all())


@pytest.mark.parametrize(
    ("region", "by"),
    [(ZHANHE, CITY), (CITY, CITY), (ZHOUSHAN, ""), ("全国", ""), (None, ""), ("河南省/平顶山市场", "")],
)
def test_a_region_is_stopped_with_the_one_it_lies_in(region: str | None, by: str):
    assert stopping([CITY, "河北省"], region) == by


def test_the_narrowest_of_the_stopped_regions_is_named():
    assert stopping(["河南省", CITY, ZHANHE], ZHANHE) == ZHANHE


def test_stopping_is_journalled_with_who_and_why(session: Session):
    off(session, ZHANHE)
    on(session, ZHANHE)
    off(session)
    entries = session.scalars(select(JournalEntry).where(JournalEntry.actor == "publisher-chen")).all()
    assert [(e.act, e.subject, e.detail) for e in entries] == [
        ("service.switched_off", f"questions:{ZHANHE}", {"reason": "发现错误"}),
        ("service.switched_on", f"questions:{ZHANHE}", {"reason": ""}),
        ("service.switched_off", "questions", {"reason": "发现错误"}),
    ]
    assert journal.verify(session)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_a_stop_needs_a_reason_that_can_be_kept(session: Session, reason: str):
    with pytest.raises(FieldErrors):
        off(session, ZHANHE, reason)
    assert stopped_regions(session) == ()


def test_the_nation_is_the_whole_assistant(session: Session):
    off(session, "全国")
    assert stopped_regions(session) == ()
    with pytest.raises(SwitchedOff) as stopped:
        require_answering(session)
    assert stopped.value.region == ""


def test_a_stopped_region_is_refused_and_another_is_answered(
    client: FlaskClient, session: Session, assistant: ScriptedAssistant
):
    off(session, CITY)
    refused = ask(client, region="湛河")
    body = refused.get_json()
    assert (refused.status_code, body["type"]) == (503, "urn:rouwen:problem:switched-off")
    assert "河南省 平顶山市" in body["detail"]
    assert "其他地区照常" in body["detail"]
    assert assistant.asked == []
    assert stored(session) == (0, 0)
    assistant.replies = [make_reply(region=ZHOUSHAN)]
    assert ask(client, region="舟山").status_code == 200
    on(session, CITY)
    assert ask(client, region="湛河").status_code == 200


def test_a_region_named_in_the_words_or_earlier_in_the_conversation_is_refused_too(
    client: FlaskClient, session: Session, assistant: ScriptedAssistant
):
    assistant.replies = [make_reply(memory={"turns": 1, "region": ZHANHE})]
    conversation = ask(client, region="湛河").get_json()["conversation"]
    off(session, ZHANHE)
    assert ask(client, "湛河区能撤回申请吗").status_code == 503
    assert ask(client, "湛河区能撤回申请吗", region="舟山").status_code == 503
    assert ask(client, "那变更呢", conversation=conversation).status_code == 503
    assistant.replies = [make_reply(region=ZHOUSHAN)]
    assert ask(client, "舟山的呢", conversation=conversation).status_code == 200


def test_a_reply_that_turns_out_to_be_about_a_stopped_region_is_kept_back_and_nothing_stored(
    client: FlaskClient, session: Session, assistant: ScriptedAssistant
):
    off(session, ZHANHE)
    assistant.replies = [make_reply(region=ZHANHE)]
    assert ask(client).status_code == 503
    assert stored(session) == (0, 0)
    assistant.replies = [make_reply(region=None, memory={}), make_reply(region=ZHANHE)]
    conversation = ask(client).get_json()["conversation"]
    assert ask(client, "还有呢", conversation=conversation).status_code == 503
    assert stored(session) == (1, 1)


def test_a_stream_tells_it_as_an_event(client: FlaskClient, session: Session, assistant: ScriptedAssistant):
    off(session, ZHANHE)
    assistant.replies = [make_reply(region=ZHANHE)]
    told = client.post(URL, json={"question": "能撤回吗？"}, headers={"Accept": "text/event-stream"})
    assert "event: error" in told.text
    assert "switched-off" in told.text


def test_a_stopped_region_is_not_cited_for_anyone_else(session: Session, holder: KnowledgeHolder):
    from portal.chat.stopping import with_what_is_answered

    knowledge = holder.current(session)
    assert with_what_is_answered(session, knowledge) is knowledge
    off(session, ZHANHE)
    narrowed = with_what_is_answered(session, knowledge)
    assert ZHANHE not in narrowed.regions()
    assert ZHOUSHAN in narrowed.regions()
    assert narrowed.release == knowledge.release
    assert with_what_is_answered(session, knowledge) is narrowed
    assert knowledge.any_edition("zhanhe") is not None


def test_the_words_of_a_stop_name_the_region_in_both_languages():
    for language in Language:
        assert "湛河区" in SwitchedOff(region=ZHANHE).detail(language)
        assert "湛河区" not in SwitchedOff().detail(language)


def test_the_library_and_the_applications_go_on(client: FlaskClient, session: Session):
    off(session)
    for address in ("/library", "/apply", "/applications", "/api/v1/library/documents"):
        assert client.get(address).status_code == 200
