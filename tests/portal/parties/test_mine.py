"""我的申请: what a party made or kept while signed in, opened without its code, and by nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.applications import acts
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.database import Database, now
from portal.journal import JournalEntry
from portal.parties import acts as party_acts
from portal.parties.models import KeptApplication

from ..applications.cases import make_application, make_values
from ..applications.test_pages import WHO, choose
from .conftest import Enter
from .identity import NAME, Identity


def page_of(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200, (address, response.status_code)
    return BeautifulSoup(response.text, "html.parser")


def listed(client: FlaskClient) -> list[str]:
    return [a.get_text() for a in page_of(client, "/me").select(".mine a.code")]


def writes(client: FlaskClient) -> str:
    """Fills in the form up to the page before it is handed in; the number of the draft."""
    choose(client)
    values = make_values()
    client.post("/apply/step/who", data={name: values[name] for name in WHO})
    client.post("/apply/step/matter", data={"matter": values["matter"]})
    client.post("/apply/step/correction", data={"correction": values["correction"]})
    return page_of(client, "/apply/check").select_one(".saved .code").get_text()


def opened(client: FlaskClient, session: Session) -> str:
    """An application of someone else's making, opened here with its code."""
    code = AccessCode.make()
    number = make_application(session, code).number
    client.post("/applications", data={"number": number, "code": code.text})
    return number


def test_the_name_is_filled_in_and_may_be_changed(client: FlaskClient, enter: Enter):
    enter(client)
    choose(client)
    page = page_of(client, "/apply/step/who")
    assert page.select_one("#party_name")["value"] == NAME
    assert "可以改" in page.text
    values = make_values(party_name="某某五金经营部")
    client.post("/apply/step/who", data={name: values[name] for name in WHO})
    assert page_of(client, "/apply/step/who").select_one("#party_name")["value"] == "某某五金经营部"


def test_who_has_not_signed_in_applies_as_before(client: FlaskClient, session: Session):
    choose(client)
    page = page_of(client, "/apply/step/who")
    assert page.select_one("#party_name")["value"] == ""
    assert page.select_one("a[href='/me/sign-in?next=/apply/step/who']") is not None
    number = writes(client)
    assert client.post("/apply/submit").location == "/apply/receipt"
    assert page_of(client, "/apply/receipt").select_one("#number").get_text() == number
    assert session.scalars(select(KeptApplication)).all() == []


def test_signing_in_on_the_way_goes_on_with_the_form(client: FlaskClient, identity: Identity):
    number = writes(client)
    sent = client.get("/me/sign-in?next=/apply/check")
    assert client.get(identity.agree(sent.location)).location == "/apply/check"
    assert page_of(client, "/apply/check").select_one(".saved .code").get_text() == number
    client.post("/apply/submit")
    assert listed(client) == [number]


def test_what_was_made_while_signed_in_opens_elsewhere_without_its_code(
    app: Flask, client: FlaskClient, enter: Enter
):
    enter(client)
    number = writes(client)
    client.post("/apply/submit")
    elsewhere = enter(app.test_client())
    assert listed(elsewhere) == [number]
    assert number in page_of(elsewhere, f"/me/applications/{number}").h1.text
    assert elsewhere.get(f"/applications/{number}/data").status_code == 200


def test_a_draft_is_gone_on_with_elsewhere_and_its_code_is_not_made_up(
    app: Flask, client: FlaskClient, enter: Enter, session: Session
):
    enter(client)
    number = writes(client)
    before = session.scalars(select(Application.code_hash)).one()
    elsewhere = enter(app.test_client())
    page_of(elsewhere, f"/me/applications/{number}")
    saved = page_of(elsewhere, "/apply/check").select_one(".saved")
    assert [code.get_text() for code in saved.select(".code")] == [number]
    assert elsewhere.post("/apply/submit").location == "/apply/receipt"
    receipt = page_of(elsewhere, "/apply/receipt")
    assert receipt.select_one("#number").get_text() == number
    assert receipt.select_one("#code") is None
    session.rollback()
    assert session.scalars(select(Application.code_hash)).one() == before


def test_an_application_opened_with_its_code_is_kept_by_hand(
    client: FlaskClient, enter: Enter, session: Session
):
    enter(client)
    number = opened(client, session)
    assert listed(client) == []
    page = page_of(client, f"/applications/{number}")
    assert page.select_one(f"form[action='/me/applications/{number}/keep'] button") is not None
    for _ in range(2):
        answer = client.post(f"/me/applications/{number}/keep")
        assert answer.location == f"/applications/{number}?done=kept"
    assert "已记到我的申请" in page_of(client, answer.location).text
    assert listed(client) == [number]
    session.rollback()
    kept = session.scalars(select(JournalEntry).where(JournalEntry.act == "party.kept")).one()
    assert kept.detail == {"application": number}


def test_what_was_kept_is_no_news_in_the_case(client: FlaskClient, enter: Enter, session: Session):
    enter(client)
    number = opened(client, session)
    application = session.scalars(select(Application)).one()
    before = acts.last_event(session, application)
    client.post(f"/me/applications/{number}/keep")
    session.rollback()
    assert acts.last_event(session, application) == before


def test_anothers_application_is_the_same_404_as_none(
    app: Flask, client: FlaskClient, enter: Enter, identity: Identity, session: Session
):
    enter(client)
    mine = writes(client)
    client.post("/apply/submit")
    identity.subject = "someone-else"
    other = enter(app.test_client())
    answers = set()
    for number in (mine, "RW2026-999999", "x" * 60, "1 OR 1"):
        answer = other.get(f"/me/applications/{number}")
        answers.add((answer.status_code, answer.text))
        assert other.post(f"/me/applications/{number}/keep").status_code == 404
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1
    assert listed(other) == []
    assert other.get(f"/applications/{mine}").status_code == 303
    assert page_of(other, "/applications").select("a.code") == []


def test_who_is_not_signed_in_is_sent_to_number_and_code_whatever_the_number(
    app: Flask, client: FlaskClient, enter: Enter, session: Session
):
    enter(client)
    number = writes(client)
    stranger = app.test_client()
    for asked in (number, "RW2026-999999"):
        assert stranger.get(f"/me/applications/{asked}").location == "/applications?sign_in=needed"
    number = opened(stranger, session)
    assert stranger.post(f"/me/applications/{number}/keep").location == "/applications?sign_in=needed"
    assert session.scalars(select(KeptApplication)).one().application.number != number


def test_the_same_name_at_another_service_is_someone_else(
    app: Flask, client: FlaskClient, enter: Enter, session: Session
):
    enter(client)
    writes(client)
    held = session.scalars(select(KeptApplication.subject)).one()
    app.extensions["rouwen.identity"].issuer += "/"
    cipher = app.extensions["rouwen.keyring"].cipher()
    assert held != cipher.blind("oidc|https://id.example|u-3301")
    assert len(held) == 64


def test_signing_out_closes_what_was_open(app: Flask, client: FlaskClient, enter: Enter):
    enter(client)
    number = writes(client)
    client.post("/apply/submit")
    client.post("/me/sign-out")
    assert client.get(f"/applications/{number}").status_code == 303
    assert client.get("/apply/check").status_code == 303


def test_what_is_erased_is_in_nobodys_list(client: FlaskClient, enter: Enter, session: Session):
    enter(client)
    number = writes(client)
    client.post("/apply/submit")
    client.post(f"/applications/{number}/withdraw")
    assert listed(client) == [number]
    session.execute(update(Application).values(closed_at=now() - timedelta(days=4000)))
    session.commit()
    assert client.post(f"/applications/{number}/erase").status_code == 303
    assert listed(client) == []


@pytest.mark.parametrize("times", [8])
def test_the_same_click_many_times_at_once_keeps_it_once(database: Database, session: Session, times: int):
    application = make_application(session)
    ready, wrong = threading.Barrier(times), []

    def click() -> None:
        with database.session() as own:
            found = own.get_one(Application, application.id)
            ready.wait()
            try:
                party_acts.keep(own, "s" * 64, found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=click) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    session.rollback()
    assert len(session.scalars(select(KeptApplication)).all()) == 1
    events = session.scalars(select(JournalEntry).where(JournalEntry.act == "party.kept")).all()
    assert len(events) == 1
