"""The page of the switch, and what the public is told while it is off."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Agency, Role
from portal.applications.models import AgencyTerms
from portal.switch import is_answering, stopped_regions, switch

from .small import ZHANHE, ZHOUSHAN, ScriptedAssistant, make_reply
from .staff import send, signed_in, wrong_fields

PAGE = "/staff/switch"


@pytest.fixture
def publisher(app: Flask) -> FlaskClient:
    client = app.test_client()
    signed_in(client, Role.PUBLISHER)
    return client


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text[:500]
    return page_of(response)


def off(session: Session, region: str = "") -> None:
    switch(session, answering=False, reason="发现错误", actor="publisher-chen", region=region)


def asks(client: FlaskClient, **form: str) -> TestResponse:
    token = page_of(client.get("/help")).select_one("[name=csrf_token]")
    assert token is not None
    return client.post("/ask", data={"csrf_token": token["value"], **form})


@pytest.mark.parametrize("role", list(Role))
def test_publishers_and_administrators_have_the_switch(client: FlaskClient, session: Session, role: Role):
    signed_in(client, role)
    may = role in (Role.PUBLISHER, Role.ADMINISTRATOR)
    assert client.get(PAGE).status_code == (200 if may else 403)
    home = shown(client, "/staff")
    assert bool(home.select_one(f".places a[href='{PAGE}']")) is may
    token = home.select_one("[name=csrf_token]")["value"]
    form = {"csrf_token": token, "do": "off", "reason": "x", "all_reason": "x", "region": "湛河"}
    done = {client.post(f"{PAGE}/{which}", data=form).status_code for which in ("all", "region")}
    assert done == ({303} if may else {403})
    session.expire_all()
    assert is_answering(session) is not may


def test_a_region_is_stopped_with_a_reason_and_resumed(publisher: FlaskClient, session: Session):
    done = send(publisher, f"{PAGE}/region", PAGE, do="off", region="湛河", reason="条款有误")
    assert done.status_code == 303
    assert stopped_regions(session) == (ZHANHE,)
    page = shown(publisher, PAGE)
    assert "条款有误" in page.select_one(".progress-box h3").parent.text
    assert "停止" in page.select_one(".releases li").text
    row = page.select_one("input[type=hidden][name=region]")["value"]
    assert send(publisher, f"{PAGE}/region", PAGE, do="on", region=row).status_code == 303
    session.rollback()
    assert stopped_regions(session) == ()


def test_everything_is_stopped_with_a_reason_and_resumed(publisher: FlaskClient, session: Session):
    empty = send(publisher, f"{PAGE}/all", PAGE, do="off", all_reason=" ")
    assert (empty.status_code, wrong_fields(empty)) == (422, {"all_reason": "不能为空。"})
    assert is_answering(session)
    assert send(publisher, f"{PAGE}/all", PAGE, do="off", all_reason="演练").status_code == 303
    session.rollback()
    assert not is_answering(session)
    assert send(publisher, f"{PAGE}/all", PAGE, do="on").status_code == 303
    session.rollback()
    assert is_answering(session)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"region": "", "reason": ""}, {"region", "reason"}),
        ({"region": "湛河", "reason": " "}, {"reason"}),
        ({"region": "天宫区", "reason": "有误"}, {"region"}),
        ({"region": "全国", "reason": "有误"}, {"region"}),
        ({"region": "湛河", "reason": "长" * 201}, {"reason"}),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    publisher: FlaskClient, session: Session, typed: dict, fields: set
):
    wrong = send(publisher, f"{PAGE}/region", PAGE, do="off", **typed)
    page = page_of(wrong)
    assert (wrong.status_code, set(wrong_fields(wrong))) == (422, fields)
    assert page.select_one("#region")["value"] == typed["region"]
    assert {a["href"] for a in page.select("#trouble a")} == {f"#{field}" for field in fields}
    assert stopped_regions(session) == ()


@pytest.fixture
def agency(session: Session) -> None:
    for name, region, phone in (
        ("湛河区司法局", ZHANHE, "0375-4920000"),
        ("舟山市司法局", ZHOUSHAN, "0580-1"),
    ):
        held = Agency(name=name, region=region)
        session.add(held)
        session.flush()
        session.add(AgencyTerms(agency_id=held.id, phone=phone, hours="工作日", address=""))
    session.commit()


def test_the_front_page_of_a_stopped_region_says_what_is_open_with_the_telephone_of_its_agency(
    client: FlaskClient, session: Session, agency: None
):
    off(session, ZHANHE)
    client.set_cookie("region", "湛河区")
    page = shown(client, "/")
    notice = page.select_one(".paused")
    assert "河南省 平顶山市 湛河区的智能问答暂停" in notice.h2.text
    assert {a["href"].partition("?")[0] for a in notice.select("a")} == {
        "/library",
        "/apply",
        "/applications",
        "/help",
        "tel:0375-4920000",
    }
    assert "发现错误" not in page.text
    assert page.select_one("#question")


def test_the_front_page_of_another_region_names_the_stopped_one_in_a_line(
    client: FlaskClient, session: Session
):
    off(session, ZHANHE)
    page = shown(client, "/")
    assert "湛河区" in page.select_one(".paused-elsewhere").text
    assert not page.select_one(".paused")
    client.set_cookie("region", "舟山市")
    assert not shown(client, "/").select_one(".paused")


def test_while_everything_is_stopped_there_is_no_box_to_ask_in(
    client: FlaskClient, session: Session, agency: None
):
    off(session)
    page = shown(client, "/")
    assert not page.select_one("#question")
    assert not page.select_one(".examples")
    assert len(page.select(".paused-agencies li")) == 2
    assert shown(client, "/?lang=en").select_one(".paused")


def test_a_question_about_a_stopped_region_comes_back_with_the_notice_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, assistant: ScriptedAssistant
):
    off(session, ZHANHE)
    refused = asks(client, question="能撤回吗", region="湛河")
    page = page_of(refused)
    assert refused.status_code == 503
    assert page.select_one(".paused")
    assert page.select_one("#question").text == "能撤回吗"
    named = page_of(asks(client, question="湛河区能撤回吗", region="舟山"))
    assert "湛河区" in named.select_one(".paused h2").text
    assistant.replies = [make_reply(region=ZHOUSHAN)]
    assert asks(client, question="能撤回吗", region="舟山").status_code == 303


def test_a_conversation_stays_readable_and_says_that_it_cannot_go_on(
    client: FlaskClient, session: Session, assistant: ScriptedAssistant
):
    address = asks(client, question="能撤回吗", region="湛河").headers["Location"].partition("#")[0]
    off(session, ZHANHE)
    page = shown(client, address)
    assert page.select_one(".turn")
    assert page.select_one(".paused")
    refused = asks(client, question="那变更呢", conversation=address.rpartition("/")[2])
    assert (refused.status_code, page_of(refused).select_one("#question").text) == (503, "那变更呢")
    off(session)
    refused = page_of(asks(client, question="那变更呢", conversation=address.rpartition("/")[2]))
    assert "那变更呢" in refused.select_one(".paused blockquote").text
    assert not refused.select_one("#question")
