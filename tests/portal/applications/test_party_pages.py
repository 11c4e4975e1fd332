"""What else a party does on its page: supplement, sign, acknowledge, rate, complain, and ask for its data."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.applications import acts
from portal.applications.acts import Officer, events
from portal.applications.lifecycle import State
from portal.applications.models import AgencyTerms, Application
from portal.applications.numbers import AccessCode
from portal.applications.papers import papers_of
from portal.database import now

from ..small import everything_stored
from .cases import NAME, make_application
from .desk import content, make_officer

PANJIN = "辽宁省/盘锦市"


@pytest.fixture
def officer(app: Flask, session: Session) -> Officer:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_officer(session)


def opened(client: FlaskClient, session: Session, **changes: object) -> Application:
    """An application that this browser has opened with its code."""
    code = AccessCode.make()
    application = make_application(session, code, **changes)
    client.post("/applications", data={"number": application.number, "code": code.text})
    return application


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def at(application: Application, rest: str = "") -> str:
    return f"/applications/{application.number}{rest}"


def does(session: Session, application: Application, form: str, officer: Officer, **changes: object) -> None:
    acts.BY_FORM[form](session, application.id, content(form, **changes), officer)


def test_everything_that_is_missing_is_told_at_once(client: FlaskClient, session: Session, officer: Officer):
    application = opened(client, session)
    does(session, application, "request_supplement", officer)
    asked = page_of(client.get(at(application))).select_one(".told-box")
    assert [li.text for li in asked.select("li")] == [
        "时间、地点",
        "检查或者告知文书的编号",
        "请写明检查的时间",
    ]
    assert "只告知这一次" in asked.text
    assert page_of(client.get(at(application, "/change"))).select_one(".told-box")


def test_a_refusal_says_why_on_what_basis_and_what_is_open(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    does(session, application, "refuse", officer)
    told = page_of(client.get(at(application))).select_one(".told-box").text
    for said in ("不属于本机关职责", "实施意见 二（一）", "应当向街道提出", "行政复议"):
        assert said in told


def test_what_the_agency_promised_is_told_with_its_day(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    assert "本地未规定" in client.get(at(application)).text
    session.add(AgencyTerms(agency_id=officer.agency_id, accept_days=5, conclude_days=20))
    session.commit()
    page = client.get(at(application)).text
    assert "5 个工作日" in page
    assert "本地未规定" not in page
    long_ago = now() - timedelta(days=30)
    session.execute(update(Application).values(submitted_at=long_ago))
    session.commit()
    assert "已超过承诺的时间" in client.get(at(application)).text


def test_a_commitment_is_signed_by_choice_and_by_a_name_of_the_application(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    session.execute(update(Application).values(region=PANJIN))
    session.commit()
    assert client.get(at(application, "/do/sign-commitment")).status_code == 409
    does(session, application, "accept", officer)
    assert client.get(at(application, "/do/sign-commitment")).status_code == 404
    does(session, application, "commitment", officer)
    page = page_of(client.get(at(application, "/do/sign-commitment")))
    assert not page.select("input[checked]")
    assert "不放弃" in page.text
    assert [b["class"] for b in page.select(".equal > *")] == [["choice"], ["choice"]]
    every = ["told", "voluntary", "correct", "not_again", "true"]
    for wrong in ({"conditions": every[:4], "signature": NAME}, {"conditions": every, "signature": "路人"}):
        response = client.post(at(application, "/do/sign-commitment"), data=wrong)
        assert response.status_code == 422
        assert page_of(response).select_one("#signature")["value"] == wrong["signature"]
    signed = client.post(
        at(application, "/do/sign-commitment"), data={"conditions": every, "signature": NAME}
    )
    assert f"{NAME} 于" in client.get(signed.location).text


def test_a_delivered_document_is_acknowledged_once_it_is_there(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    does(session, application, "accept", officer)
    does(session, application, "issue_opinion", officer)
    number = papers_of(session, application)[-1].document.number
    early = client.post(at(application, "/acknowledge"), data={"document": number})
    assert early.status_code == 422
    acts.note_confirmation(
        session, application.id, {"name": NAME, "signed_on": "2026-11-20", "address": ""}, officer
    )
    does(session, application, "deliver", officer, document=number, way="online")
    page = page_of(client.get(at(application)))
    button = page.select_one(".papers form button")
    assert button.text == "确认收到"
    client.post(at(application, "/acknowledge"), data={"document": number})
    assert "确认收到" in page_of(client.get(at(application))).select_one(".papers").text
    assert not page_of(client.get(at(application))).select(".papers form")
    assert events(session, application)[-1].act == "application.acknowledge"


def test_a_bad_rating_waits_for_an_answer(client: FlaskClient, session: Session, officer: Officer):
    application = opened(client, session)
    does(session, application, "accept", officer)
    assert client.get(at(application, "/do/rate")).status_code == 409
    does(session, application, "conclude", officer)
    steps = page_of(client.get(at(application, "/do/rate"))).select("input[name=stars]")
    assert len(steps) == 5
    assert client.post(at(application, "/do/rate"), data={"stars": ""}).status_code == 422
    client.post(at(application, "/do/rate"), data={"stars": "dissatisfied", "text": "太慢"})
    session.expire_all()
    assert application.poorly_rated_on is not None
    assert "不满意" in client.get(at(application)).text
    does(session, application, "follow_up", officer)
    session.expire_all()
    assert application.poorly_rated_on is None


def test_a_complaint_is_possible_even_after_the_end(client: FlaskClient, session: Session, officer: Officer):
    application = opened(client, session)
    does(session, application, "refuse", officer)
    empty = client.post(at(application, "/do/complain"), data={"text": ""})
    assert empty.status_code == 422
    assert client.post(at(application, "/do/complain"), data={"text": "理由不对"}).status_code == 303
    assert "等监督机构答复" in client.get(at(application)).text
    assert application.state == State.REFUSED


def test_everything_held_is_given_but_what_is_internal(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    does(session, application, "accept", officer)
    does(session, application, "note", officer, text="内部想法", public=False)
    does(session, application, "note", officer, text="公开说明", public=True)
    acts.send_message(session, application.id, "您好啊")
    for address in ("/data", "/data.json"):
        text = client.get(at(application, address)).text
        for said in (NAME, "公开说明", "您好啊"):
            assert said in text, (address, said)
        assert "内部想法" not in text
    held = json.loads(client.get(at(application, "/data.json")).text)
    assert [e["act"] for e in held["journal"]] == ["submit", "accept", "note", "message"]


def test_data_is_deleted_when_the_retention_rule_allows_and_not_before(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    number = application.number
    assert client.get(at(application, "/erase")).status_code == 409
    acts.complain(session, application.id, {"text": "投诉的话"})
    acts.send_message(session, application.id, "您好啊")
    acts.withdraw(session, application.id)
    assert client.post(at(application, "/erase")).status_code == 409
    session.expire_all()
    assert application.current.statement["party_name"] == NAME
    session.execute(update(Application).values(closed_at=now() - timedelta(days=190)))
    session.commit()
    assert client.get(at(application, "/erase")).status_code == 200
    assert client.post(at(application, "/erase")).status_code == 303
    session.expire_all()
    assert (application.number, application.state) == (number, State.WITHDRAWN)
    assert application.current.statement["party_name"] == ""
    assert (application.messages, application.entries, application.verdict) == ([], [], None)
    assert client.get(at(application)).status_code == 303
    assert [e.act.rpartition(".")[2] for e in events(session, application)][-2:] == ["withdraw", "erase"]
    assert len(everything_stored(session).split(number)) > 1


def test_pages_of_a_closed_browser_ask_for_the_code(app: Flask, session: Session, officer: Officer):
    application = make_application(session)
    client = app.test_client()
    for rest in ("/do/rate", "/data", "/data.json", "/erase", "/stop"):
        assert client.get(at(application, rest)).location == f"/applications?number={application.number}"
    for rest in ("/do/complain", "/acknowledge", "/erase", "/stop"):
        assert client.post(at(application, rest)).location == f"/applications?number={application.number}"


def test_a_change_made_without_having_seen_the_opinion_is_told_of_it(
    client: FlaskClient, session: Session, officer: Officer
):
    application = opened(client, session)
    does(session, application, "accept", officer)
    page = page_of(client.get(at(application, "/change")))
    typed = {
        i["name"]: i.get("value", "")
        for i in page.select("main form input")
        if i["type"] in ("hidden", "text", "tel") or i.has_attr("checked")
    }
    typed |= {a["name"]: a.text.strip() for a in page.select("main form textarea")} | {"place": "新的地方"}
    does(session, application, "issue_opinion", officer)
    response = client.post(at(application, "/change"), data=typed)
    again = page_of(response)
    assert response.status_code == 409
    assert "出具意见书" in again.select_one("#trouble").text
    assert again.select_one("#place")["value"] == "新的地方"
    seen = again.select_one("input[name=seen]")["value"]
    assert client.post(at(application, "/change"), data={**typed, "seen": seen}).status_code == 303


def test_the_guide_names_the_authorities_of_the_region_and_what_they_promise(
    client: FlaskClient, session: Session, officer: Officer
):
    guide = page_of(client.get("/apply?region=湛河区"))
    assert "本地未规定" in guide.select_one("#agencies").parent.text
    session.add(AgencyTerms(agency_id=officer.agency_id, accept_days=5, phone="0375-4920000"))
    session.commit()
    told = page_of(client.get("/apply?region=湛河区")).select_one("#agencies").parent.text
    assert "湛河区城市管理局" in told
    assert "5 个工作日（本机关承诺）" in told
    assert "0375-4920000" in told
    assert not page_of(client.get("/apply?region=舟山")).select("#agencies")
