"""Documents that an officer issues by themselves, and corrections of those that were issued."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.applications import acts
from portal.applications.acts import events
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.applications.papers import papers_of

from .desk import DAY, LATER, Desk, bring_to, content, make_desk

TALK = {
    "reason": "店外摆放较多",
    "time": "2026年12月1日上午",
    "place": "城管所",
    "attendees": "负责人",
    "bring": "营业执照",
    "contact": "李某 0375-4920000",
}


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_desk(app, session)


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def sends(desk: Desk, application: Application, rest: str, **fields: str) -> TestResponse:
    """Opens the form, keeps what stands in it, and sends it with ``fields`` put in."""
    address = f"/staff/cases/{application.number}/papers/{rest}"
    page = desk.page(address)
    typed = {i["name"]: i.get("value", "") for i in page.select("main input") if i["type"] != "radio"}
    typed |= {a["name"]: a.text.strip() for a in page.select("main textarea")}
    return desk.client.post(address.partition("?")[0], data={**typed, **fields})


def test_a_talk_is_announced_by_a_document(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    case = desk.page(f"/staff/cases/{application.number}")
    assert "行政约谈通知书" in case.select_one("#documents").parent.text
    response = sends(desk, application, "talk_notice", **TALK)
    assert response.status_code == 303
    session.expire_all()
    paper = papers_of(session, application)[-1]
    assert (paper.document.kind, paper.document.content["fields"]["bring"]) == ("talk_notice", ["营业执照"])
    last = events(session, application)[-1]
    assert (last.act, last.detail["what"]) == ("application.record_measure", "talk_notice")
    assert "已出具：行政约谈通知书" in desk.page(response.location.partition("#")[0]).text


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_is_kept(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    response = sends(desk, application, "talk_notice", **{**TALK, "place": ""})
    page = page_of(response)
    assert response.status_code == 422
    assert [a["href"] for a in page.select("#trouble a")] == ["#place"]
    assert page.select_one("#reason").text.strip() == TALK["reason"]


def test_the_draft_decision_is_not_the_partys_to_see(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    page = desk.page(f"/staff/cases/{application.number}/papers/exemption")
    values = {f["id"]: "写明" for f in page.select("main textarea, main input[type=text]")}
    assert sends(desk, application, "exemption", **values, limb="article_33_1_minor").status_code == 303
    session.expire_all()
    number = papers_of(session, application)[-1].document.number
    served = desk.page(f"/staff/cases/{application.number}/deliver")
    assert number not in served.select_one("#document").text


def test_an_opinion_is_corrected_by_a_new_one(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    acts.issue_opinion(session, application.id, content("issue_opinion"), desk.officer)
    former = papers_of(session, application)[-1].document
    rest = f"opinion?replaces={former.number}"
    response = sends(desk, application, rest, purpose="更正后的目的", deadline=LATER)
    assert response.status_code == 303, page_of(response).select_one("#trouble")
    session.expire_all()
    first, second = papers_of(session, application)[-2:]
    assert first.replaced_by is not None
    assert second.document.content["fields"]["purpose"] == "更正后的目的"
    assert second.document.content["fields"]["content"] == first.document.content["fields"]["content"]
    again = sends(desk, application, rest, purpose="再更正")
    assert again.status_code == 422
    assert "已经有一份更正" in page_of(again).select_one("#trouble").text


def test_documents_of_acts_are_not_issued_by_themselves(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    for rest in ("opinion", "refusal", "withdrawal", "nonsense", "opinion?replaces=没有"):
        response = desk.client.get(f"/staff/cases/{application.number}/papers/{rest}")
        assert response.status_code == 404, rest
    assert desk.client.get(f"/staff/cases/{application.number}/papers/follow_up").status_code == 409
    other = make_desk(desk.client.application, session, agency="别的机关")
    assert other.client.get(f"/staff/cases/{application.number}/papers/talk_notice").status_code == 404


def test_a_follow_up_is_recorded_in_a_document_of_its_own(desk: Desk, session: Session):
    application = bring_to(session, State.CONCLUDED, desk.officer)
    acts.rate(session, application.id, {"stars": "very_dissatisfied", "text": ""})
    said = {"manner": "phone", "time": DAY, "visitors": "李某", "visited": "店主", "result": "已纠正"}
    assert sends(desk, application, "follow_up", **said).status_code == 303
    session.expire_all()
    assert application.poorly_rated_on is None
