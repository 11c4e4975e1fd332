"""The page on which the desk asks against drafts: two answers side by side, and nothing kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bot.question import Question
from bot.reply import CitedClause, Reply, ReplyStatus
from knowledge.clause import ClauseRef
from portal.accounts.models import Role
from portal.calendar import today
from portal.chat.models import Conversation, WorkItem
from portal.library.desk.trial import TrialGone, Trials
from portal.library.holder import KnowledgeHolder

from .desk import NINGBO, bring_in
from .small import ZHANHE, ScriptedAssistant, everything_stored, make_reply
from .staff import send, signed_in, wrong_fields
from .test_publication import make_draft
from .test_work import Public

PAGE = "/staff/knowledge/try"
ASKED = "申请以后还能撤回吗"


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """An assistant that reads out the clause on withdrawal as its knowledge has it; what it was asked."""
    asked: list[Question] = []

    def answer(question: Question, knowledge: Any, _model: object = None) -> Reply:
        asked.append(question)
        edition = knowledge.edition("zhanhe", question.on)
        clause = edition.clause("二/3") if edition else None
        if clause is None:
            return make_reply(
                ReplyStatus.ABSTAINED, answer="不知道。", citations=(), memory={"turns": len(asked)}
            )
        cited = CitedClause(1, ClauseRef("zhanhe", "二/3"), edition.title, "", clause.text, True, True)
        return make_reply(answer=f"{clause.text}[1]", citations=(cited,), memory={"turns": len(asked)})

    monkeypatch.setattr("bot.answer", answer)
    return asked


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def tries(client: FlaskClient, **form: Any) -> TestResponse:
    return send(
        client, PAGE, PAGE, **{"question": ASKED, "against": "all", "on": today().isoformat(), **form}
    )


def test_who_works_at_the_desk_may_try(client: FlaskClient, app: Flask):
    assert client.get(PAGE, headers={"Accept": "text/html"}).status_code == 303
    for role in Role:
        someone = app.test_client()
        signed_in(someone, role)
        may = role in (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER)
        assert someone.get(PAGE).status_code == (200 if may else 403)


def test_the_answer_of_today_stands_beside_that_of_the_draft_and_the_difference_is_marked(
    editor: FlaskClient, session: Session, reading: list[Question]
):
    make_draft(session)
    page = page_of(tries(editor, against="zhanhe", region="湛河"))
    now, draft = page.select(".try-columns > section")
    assert "告知撤回的后果" in now.select_one(".side-answer").text
    assert now.select("del")
    assert draft.select_one(".side-answer").text.strip().startswith("3.申请人可以撤回申请")
    assert draft.select("ins")
    assert "条文不同" in draft.select_one(".side-sources").text
    assert draft.select_one(".side-answer .mark")["href"] == "#draft-s1"
    assert draft.select_one("#draft-s1")
    assert "有不同" in page.select_one("[role=status] .badge").text
    assert [(q.text, q.region) for q in reading] == [(ASKED, ZHANHE)] * 2


def test_two_answers_that_say_the_same_are_called_so(
    editor: FlaskClient, session: Session, reading: list[Question]
):
    bring_in(session)
    page = page_of(tries(editor))
    assert "没有不同" in page.select_one("[role=status] .badge").text
    assert not page.select(".try-columns ins, .try-columns del")


def test_the_draft_is_asked_as_of_any_day_and_the_public_as_of_today(
    editor: FlaskClient, session: Session, reading: list[Question]
):
    begins = today() + timedelta(days=30)
    make_draft(session, issued_on=begins, in_force_from=begins)
    on = begins.isoformat()
    draft = page_of(tries(editor, against="zhanhe", on=on)).select(".try-columns > section")[1]
    assert "3.申请人可以撤回申请" in draft.select_one(".side-answer").text
    assert [q.on for q in reading] == [today(), begins]
    before = page_of(tries(editor, against="zhanhe")).select(".try-columns > section")[1]
    assert "告知撤回的后果" in before.select_one(".side-answer").text
    past = page_of(tries(editor, against="zhanhe", on=date(2001, 1, 1).isoformat()))
    assert "不知道" in past.select(".try-columns > section")[1].text
    assert "没有答" in past.select(".try-columns > section")[1].select_one(".badge.differs").text


def test_nothing_of_a_trial_is_stored_or_counted(
    editor: FlaskClient, session: Session, reading: list[Question]
):
    make_draft(session)
    assert tries(editor, question="只在试问里说的话").status_code == 200
    assert "只在试问里说的话" not in everything_stored(session)
    assert session.query(Conversation).count() == session.query(WorkItem).count() == 0
    assert "rouwen_answers_total{" not in editor.get("/metrics").text


def test_a_region_that_only_the_draft_knows_may_be_asked_about(
    editor: FlaskClient, session: Session, reading: list[Question]
):
    bring_in(session)
    assert tries(editor, region="宁波", against="shanqian").status_code == 200
    assert [q.region for q in reading] == [NINGBO] * 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": "  "}, "question"),
        ({"question": "长" * 1001}, "question"),
        ({"region": "天宫区"}, "region"),
        ({"on": "明天"}, "on"),
        ({"against": "zhoushan"}, "against"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    editor: FlaskClient, session: Session, reading: list[Question], change: dict, field: str
):
    make_draft(session)
    wrong = tries(editor, **change)
    assert (wrong.status_code, list(wrong_fields(wrong))) == (422, [field])
    page = page_of(wrong)
    typed = change.get("question", ASKED)
    assert page.select_one("#question").text.strip() == typed.strip()
    assert reading == []


def test_a_draft_that_cannot_be_published_yet_is_told_beside_the_answers(
    editor: FlaskClient, session: Session, reading: list[Question]
):
    make_draft(session, "nowhere", region="")
    assert "没有区域" in page_of(tries(editor)).select_one(".wrong").text


def test_an_interrupted_trial_is_one_clear_sentence_and_nothing_typed_is_lost(
    editor: FlaskClient, session: Session, reading: list[Question], monkeypatch: pytest.MonkeyPatch
):
    def gone(*_parts: object) -> None:
        raise TrialGone

    monkeypatch.setattr(Trials, "put", gone)
    make_draft(session)
    told = tries(editor)
    assert told.status_code == 503
    assert "再试问一次" in page_of(told).select_one("#trouble").text
    assert page_of(told).select_one("#question").text == ASKED


def test_a_question_of_the_list_is_tried_with_what_was_asked_before_it(
    editor: FlaskClient,
    session: Session,
    holder: KnowledgeHolder,
    assistant: ScriptedAssistant,
    request: pytest.FixtureRequest,
):
    public = Public(session, holder, assistant)
    first = public.asks("湛河能撤回吗")
    item = public.item("打13812345678，那变更呢", conversation=first.reply["conversation"])
    shown = page_of(editor.get(f"/staff/knowledge/questions/{item.id}"))
    page = page_of(editor.get(shown.select_one(f"a[href='{PAGE}?item={item.id}']")["href"]))
    assert page.select_one("#question").text == "打138****5678，那变更呢"
    assert "湛河能撤回吗" in page.select_one(".asked-before").text
    asked: list[Question] = request.getfixturevalue("reading")
    assert tries(editor, question="那变更呢", item=item.id, region="湛河").status_code == 200
    assert [q.text for q in asked] == ["湛河能撤回吗", "那变更呢"] * 2
    assert [q.memory for q in asked] == [{}, {"turns": 1}, {}, {"turns": 3}]


def test_the_draft_of_a_document_leads_to_its_trial(editor: FlaskClient, session: Session):
    bring_in(session)
    document = "/staff/knowledge/documents/shanqian"
    send(editor, f"{document}/open", document)
    way = page_of(editor.get(document)).select_one(f"a[href='{PAGE}?draft=shanqian']")
    page = page_of(editor.get(way["href"]))
    assert page.select_one("#against option[selected]")["value"] == "shanqian"
