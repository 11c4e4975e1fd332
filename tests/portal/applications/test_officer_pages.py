"""The officer's pages: the queue, the case, one form for each act; and who gets a 404."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Role
from portal.applications import acts
from portal.applications.acts import events
from portal.applications.lifecycle import State
from portal.applications.models import AgencyTerms, Application, Complaint
from portal.applications.numbers import AccessCode
from portal.calendar import today
from portal.database import now

from ..staff import signed_in
from .cases import NAME, make_application
from .desk import DAY, FORMS, LATER, Desk, bring_to, change_basis, make_desk

MAY_BE_EMPTY = ("note", "archive", "assign", "accept")
NOT_HERE = ("commitment",)
"""Forms that the region of the cases has not."""


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_desk(app, session)


@pytest.fixture
def submitted(desk: Desk, session: Session) -> Application:
    return make_application(session)


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def acted(session: Session, application: Application) -> list[str]:
    session.rollback()
    return [e.act.removeprefix("application.") for e in events(session, application)]


def test_a_case_is_walked_from_the_queue_to_the_archive(desk: Desk, submitted: Application):
    table = desk.page("/staff/cases").select_one(".cases-table")
    assert submitted.number in table.text
    assert NAME not in table.text
    for form in ("accept", "measure", "reinspection", "issue_opinion", "deliver", "conclude", "follow_up"):
        response = desk.does(submitted, form)
        assert response.status_code == 303, (form, page_of(response).select_one("#trouble"))
        page = desk.page(response.location)
        assert "已办" in page.select_one("[role=status]").text
    assert desk.does(submitted, "archive").status_code == 303
    assert desk.state(submitted) == State.ARCHIVED
    assert acted(desk.session, submitted) == [
        "submit",
        "accept",
        "record_measure",
        "record_measure",
        "issue_opinion",
        "deliver",
        "conclude",
        "follow_up",
        "archive",
    ]


def test_the_case_shows_what_is_stated_done_and_said(desk: Desk, submitted: Application, session: Session):
    acts.send_message(session, submitted.id, "什么时候来看？")
    acts.change(session, submitted.id, {"matter": "店门口摆了三把梯子，占了人行道"})
    desk.does(submitted, "accept")
    desk.does(submitted, "message", text="明天上午")
    desk.does(submitted, "note", text="只给自己看")
    page = desk.page(f"/staff/cases/{submitted.number}")
    assert NAME in page.h1.text
    assert [t.text for t in page.select(".word-changes del, .word-changes ins")] == ["两", "三"]
    for said in ("什么时候来看？", "明天上午", "只给自己看", "由我承办", desk.staff.name):
        assert said in page.text
    assert page.select_one(".is-internal")
    assert page.select_one("#journal").text == "全过程记录"
    assert len(page.select(".timeline li")) == 7


@pytest.mark.parametrize("form", [name for name in FORMS if name not in MAY_BE_EMPTY + NOT_HERE])
def test_an_empty_form_is_told_at_every_field_and_in_the_summary(desk: Desk, session: Session, form: str):
    states = {"follow_up": State.CONCLUDED, "accept": State.SUBMITTED, "refuse": State.SUBMITTED}
    state = states.get(form, State.SUBMITTED if form == "request_supplement" else State.ACCEPTED)
    application = bring_to(session, state, desk.officer)
    if form == "check_basis":
        change_basis(session, application)
    before = acted(session, application)
    empty = dict.fromkeys(FORMS[form], "")
    response = desk.does(application, form, **{**empty, "missing": [], "methods": []})
    page = page_of(response)
    assert response.status_code == 422
    links = [a["href"][1:] for a in page.select("#trouble a")]
    assert links
    assert [link for link in links if page.find(id=link) is None] == []
    assert [link for link in links if page.find(id=f"{link}-wrong") is None] == []
    assert acted(session, application) == before


def test_everything_typed_is_kept_when_something_is_wrong(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    typed = {
        "text": "<b>说了什么</b>",
        "form": "phone",
        "methods": ["talk", "reminder"],
        "people": "",
        "on": LATER,
    }
    page = page_of(desk.does(application, "measure", **typed))
    assert [a["href"] for a in page.select("#trouble a")] == ["#simple_case", "#on", "#people"]
    assert page.select_one("#text").text.strip() == "<b>说了什么</b>"
    assert {i["value"] for i in page.select("input[name=methods][checked]")} == {"talk", "reminder"}
    assert page.select_one("input[name=form][value=phone]").has_attr("checked")
    assert page.select_one("#on")["value"] == LATER


def test_an_admonition_needs_all_its_conditions(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    some = {"methods": ["admonition"], "admonition": ["minor", "no_harm"]}
    assert desk.does(application, "measure", **some).status_code == 422
    every = {"methods": ["admonition"], "admonition": ["minor", "no_harm", "no_intent", "correctable"]}
    assert desk.does(application, "measure", **every).status_code == 303


def test_an_opinion_without_one_of_its_five_parts_is_not_issued(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    for part in ("purpose", "content", "time", "object", "officers"):
        response = desk.does(application, "issue_opinion", **{part: " "})
        assert response.status_code == 422
        assert page_of(response).find(id=f"{part}-wrong")
    one_officer = desk.does(application, "issue_opinion", officers="李某 豫001")
    assert "至少写 2 行" in page_of(one_officer).find(id="officers-wrong").text


def test_online_delivery_waits_for_the_signed_confirmation(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    response = desk.does(application, "deliver", way="online")
    assert response.status_code == 422
    assert "电子送达确认书" in page_of(response).find(id="way-wrong").text
    noted = {"name": NAME, "signed_on": DAY, "address": ""}
    assert desk.does(application, "paper_confirmation", **noted).status_code == 303
    assert desk.does(application, "deliver", way="online").status_code == 303


def test_grounds_of_termination_are_those_of_the_region(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    page = desk.page(f"/staff/cases/{application.number}/terminate")
    assert [i["value"] for i in page.select("input[name=ground]")] == ["basis_changed", "harm", "other"]
    assert desk.does(application, "terminate", ground="not_corrected").status_code == 422
    assert desk.does(application, "terminate").status_code == 303
    assert (desk.state(application), application.ground) == (State.TERMINATED, "harm")


def test_a_form_sent_twice_is_done_once(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    values = desk.values(application, "note")
    address = f"/staff/cases/{application.number}/note"
    assert [desk.client.post(address, data=values).status_code for _ in range(2)] == [303, 303]
    assert acted(session, application).count("note") == 1
    after_going_back = desk.client.post(address, data={**values, "text": "另一句"})
    assert after_going_back.status_code == 303
    assert acted(session, application).count("note") == 2


def test_what_came_in_between_is_named_and_what_was_typed_is_kept(
    desk: Desk, submitted: Application, session: Session
):
    values = desk.values(submitted, "refuse", text="写了很久的理由")
    acts.change(session, submitted.id, {"place": "店门口"})
    address = f"/staff/cases/{submitted.number}/refuse"
    response = desk.client.post(address, data=values)
    page = page_of(response)
    assert response.status_code == 409
    assert "变更申请" in page.select_one("#trouble").text
    assert page.select_one("#text").text.strip() == "写了很久的理由"
    assert desk.state(submitted) == State.SUBMITTED
    seen = page.select_one("input[name=seen]")["value"]
    again = {**values, "seen": seen, "once": page.select_one("input[name=once]")["value"]}
    assert desk.client.post(address, data=again).status_code == 303


def test_an_act_on_a_case_that_was_withdrawn_keeps_what_was_typed(
    desk: Desk, submitted: Application, session: Session
):
    values = desk.values(submitted, "refuse", text="写了很久的理由")
    acts.withdraw(session, submitted.id)
    response = desk.client.post(f"/staff/cases/{submitted.number}/refuse", data=values)
    assert response.status_code == 409
    page = page_of(response)
    assert "已撤回" in page.select_one("#trouble").text or "撤回申请" in page.select_one("#trouble").text
    assert "写了很久的理由" in page.text


def test_acts_that_are_not_possible_now_are_not_offered_and_told(desk: Desk, submitted: Application):
    page = desk.page(f"/staff/cases/{submitted.number}")
    offered = {a["href"].rpartition("/")[2] for a in page.select(".acts a")}
    assert {"accept", "refuse", "request-supplement"} <= offered
    assert not {"conclude", "measure", "archive", "follow-up"} & offered
    response = desk.client.get(f"/staff/cases/{submitted.number}/conclude")
    assert response.status_code == 409
    assert desk.client.get(f"/staff/cases/{submitted.number}/withdraw").status_code == 404
    assert desk.client.get(f"/staff/cases/{submitted.number}/sign-commitment").status_code == 404


def test_another_agencys_case_is_the_same_404_as_none(app: Flask, desk: Desk, submitted: Application):
    other = make_desk(app, desk.session, agency="别的机关")
    answers = set()
    for number in (submitted.number, "RW2026-999999", "x" * 40, "1 OR 1"):
        for method, rest in (("GET", ""), ("GET", "/accept"), ("POST", "/accept"), ("GET", "/file")):
            response = other.client.open(f"/staff/cases/{number}{rest}", method=method)
            answers.add((response.status_code, response.text))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert submitted.number not in other.page("/staff/cases?state=all").text
    assert desk.state(submitted) == State.SUBMITTED


def test_a_draft_is_nobodys_business_even_after_it_was_withdrawn(desk: Desk, session: Session):
    application = make_application(session)
    session.execute(update(Application).values(state="draft", submitted_at=None))
    session.commit()
    assert desk.client.get(f"/staff/cases/{application.number}").status_code == 404
    acts.withdraw(session, application.id)
    assert desk.client.get(f"/staff/cases/{application.number}").status_code == 404


def test_a_supervisor_of_the_region_reads_and_does_nothing(app: Flask, desk: Desk, submitted: Application):
    client = app.test_client()
    signed_in(client, Role.SUPERVISOR, agency="平顶山市司法局", region="河南省/平顶山市")
    page = page_of(client.get(f"/staff/cases/{submitted.number}"))
    assert "您只能查看" in page.select_one(".acts").text
    assert client.get(f"/staff/cases/{submitted.number}/accept").status_code == 403
    assert client.post(f"/staff/cases/{submitted.number}/accept").status_code == 403
    elsewhere = app.test_client()
    signed_in(elsewhere, Role.SUPERVISOR, agency="舟山市司法局", region="浙江省/舟山市")
    assert elsewhere.get(f"/staff/cases/{submitted.number}").status_code == 404


def test_who_has_not_signed_in_is_sent_to_do_so(client: FlaskClient, submitted: Application):
    response = client.get(f"/staff/cases/{submitted.number}")
    assert response.status_code == 303
    assert "/staff/sign-in" in response.location


def test_the_queue_is_filtered_by_its_address(desk: Desk, session: Session, submitted: Application):
    other = bring_to(session, State.CONCLUDED, desk.officer, matter="另一件事情")
    numbers = lambda q: [a.text for a in desk.page(f"/staff/cases{q}").select(".cases-table th a")]  # noqa: E731
    assert numbers("") == [submitted.number]
    assert set(numbers("?state=all")) == {submitted.number, other.number}
    assert numbers("?state=concluded") == [other.number]
    assert numbers("?state=all&q=另一件") == [other.number]
    assert numbers(f"?state=all&q={submitted.number.lower()}") == [submitted.number]
    assert numbers("?state=all&officer=mine") == [other.number]
    assert numbers("?officer=nobody") == [submitted.number]
    assert numbers("?state=all&q=没有这样的") == []
    assert numbers("?state=nonsense&page=-3&due=x") == [submitted.number]


def test_what_is_overdue_comes_first(desk: Desk, session: Session):
    first, second, third = (make_application(session) for _ in range(3))
    session.add(AgencyTerms(agency_id=desk.staff.agency_id, accept_days=5, conclude_days=20))
    late, soon = now() - timedelta(days=30), now() - timedelta(days=1)
    session.execute(update(Application).where(Application.id == second.id).values(submitted_at=late))
    session.execute(update(Application).where(Application.id == third.id).values(submitted_at=soon))
    session.commit()
    page = desk.page("/staff/cases")
    assert [a.text for a in page.select(".cases-table th a")] == [second.number, third.number, first.number]
    assert "逾期" in page.select_one(".is-overdue").text
    overdue = desk.page("/staff/cases?due=overdue")
    assert [a.text for a in overdue.select(".cases-table th a")] == [second.number]


def test_a_colleague_is_asked_and_answers(app: Flask, desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    colleague = make_desk(app, session)
    desk.does(application, "ask_colleague", colleague=str(colleague.staff.id))
    assert application.number in colleague.page("/staff/cases?officer=asked").text
    assert "请我会商" in colleague.page(f"/staff/cases/{application.number}").select_one(".attention").text
    colleague.does(application, "note", text="我看可以")
    assert application.number not in colleague.page("/staff/cases?officer=asked").select_one("main").text
    stranger = make_desk(app, session, agency="别的机关")
    response = desk.does(application, "ask_colleague", colleague=str(stranger.staff.id))
    assert response.status_code == 422


def test_an_application_of_no_known_agency_is_claimed_by_one_of_the_region(
    app: Flask, desk: Desk, session: Session
):
    application = make_application(session, agency="湛河城管")
    page = desk.page("/staff/cases")
    assert "湛河城管" in page.select_one("#unclaimed").parent.text
    assert NAME not in page.text
    assert desk.client.get(f"/staff/cases/{application.number}").status_code == 404
    elsewhere = make_desk(app, session, agency="舟山市某局", region="浙江省/舟山市")
    assert elsewhere.client.post(f"/staff/cases/{application.number}/claim").status_code == 404
    assert desk.client.post(f"/staff/cases/{application.number}/claim").status_code == 303
    assert desk.client.get(f"/staff/cases/{application.number}").status_code == 200


def test_an_offer_is_answered_once_by_its_link(app: Flask, desk: Desk, session: Session):
    values = {
        "region": "湛河区",
        "party_kind": "person",
        "party_name": "张三",
        "phone": "13812345678",
        "matter": "门口堆了货",
        "wishes": ["coaching"],
    }
    assert desk.client.post("/staff/cases/offer", data={**values, "phone": ""}).status_code == 422
    made = desk.client.post("/staff/cases/offer", data=values)
    link = re.sub(r"^https?://[^/]+", "", page_of(made).select_one("#link").text)
    party = app.test_client()
    shown = page_of(party.get(link))
    sizes = [b.get("class") for b in shown.select("#choice-notice button")]
    assert sizes == [["choice"], ["choice"]]
    version = shown.select_one("input[name=version]")["value"]
    assert party.post(link, data={"decision": "perhaps", "version": version}).status_code == 422
    answered = party.post(link, data={"decision": "accept", "version": version})
    receipt = page_of(party.get(answered.location))
    code = receipt.select_one("#code").text
    assert code not in link
    again = party.post(link, data={"decision": "decline", "version": version})
    assert again.location == answered.location
    stale = app.test_client().get(link)
    unknown = app.test_client().get(f"/offers/RW2026-999999/{AccessCode.make().text}")
    assert (stale.status_code, stale.text) == (404, unknown.text)
    application = session.scalars(select(Application)).one()
    assert (application.state, application.choice.accepted) == (State.ACCEPTED, True)
    other = app.test_client()
    opened = other.post("/applications", data={"number": application.number, "code": code})
    assert "要求停止" in other.get(opened.location).text
    assert other.post(f"/applications/{application.number}/stop").status_code == 303
    assert (desk.state(application), application.ground) == (State.TERMINATED, "stopped")


def test_a_link_holds_for_a_while_and_can_be_given_anew(
    app: Flask, desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
):
    offered = bring_to(session, State.OFFERED, desk.officer)
    renewed = desk.client.post(f"/staff/cases/{offered.number}/link")
    link = re.sub(r"^https?://[^/]+", "", page_of(renewed).select_one("#link").text)
    assert app.test_client().get(link).status_code == 200
    again = desk.client.post(f"/staff/cases/{offered.number}/link")
    assert app.test_client().get(link).status_code == 404
    newest = re.sub(r"^https?://[^/]+", "", page_of(again).select_one("#link").text)
    in_a_month = now() + timedelta(days=31)
    monkeypatch.setattr("portal.applications.offers.now", lambda: in_a_month)
    assert app.test_client().get(newest).status_code == 404
    submitted = make_application(session)
    assert desk.client.post(f"/staff/cases/{submitted.number}/link").status_code == 409


def test_a_complaint_reaches_the_supervisor_past_the_officer(
    app: Flask, desk: Desk, submitted: Application, session: Session
):
    acts.complain(session, submitted.id, {"text": "一直没有答复"})
    client = app.test_client()
    signed_in(client, Role.SUPERVISOR, agency="平顶山市司法局", region="河南省/平顶山市")
    page = page_of(client.get("/staff/complaints"))
    assert "一直没有答复" in page.text
    assert desk.client.get("/staff/complaints").status_code == 403
    assert "一直没有答复" not in desk.page(f"/staff/cases/{submitted.number}").text
    file = f"/staff/cases/{submitted.number}/file"
    assert "complaints" not in desk.client.get(file).get_json()
    assert client.get(file).get_json()["complaints"][0]["text"] == "一直没有答复"
    complaint = session.scalars(select(Complaint)).one()
    empty = client.post(f"/staff/complaints/{complaint.id}", data={"answer": " "})
    assert (empty.status_code, page_of(empty).select_one(".wrong") is None) == (422, False)
    assert client.post(f"/staff/complaints/{complaint.id}", data={"answer": "已督办"}).status_code == 303
    assert acted(session, submitted)[-1] == "complaint.answered"
    elsewhere = app.test_client()
    signed_in(elsewhere, Role.SUPERVISOR, agency="舟山市司法局", region="浙江省/舟山市")
    assert elsewhere.post(f"/staff/complaints/{complaint.id}", data={"answer": "x"}).status_code == 404


def test_the_file_is_one_document_with_its_catalogue(desk: Desk, session: Session):
    application = bring_to(session, State.CONCLUDED, desk.officer)
    held = desk.client.get(f"/staff/cases/{application.number}/file").get_json()
    assert held["catalogue"]["journal"] == 3
    assert held["documents"][0]["title"] == "受理通知书"
    assert [e["kind"] for e in held["entries"]] == ["accept", "conclude"]
    assert held["application"]["submitted_at"][:4] == str(today().year)


def test_a_date_that_is_no_date_is_told(desk: Desk, session: Session):
    application = bring_to(session, State.ACCEPTED, desk.officer)
    for on in ("2026-13-01", "昨天", "0000-00-00"):
        response = desk.does(application, "measure", on=on)
        assert page_of(response).find(id="on-wrong"), on
    assert DAY <= LATER
