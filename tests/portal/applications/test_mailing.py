"""A party that wants mail is told that something moved, never what, and stops it with one button."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.applications import acts
from portal.applications.acts import Officer, last_event
from portal.applications.dossier import dossier
from portal.applications.handling import handling
from portal.applications.lifecycle import Act
from portal.applications.mailing import MailAddress, application_of, masked_address
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.mail.models import Letter
from portal.wording import Language

from ..small import everything_stored
from .cases import NAME, make_application
from .desk import content, make_officer

TO = "wang.fang@example.com"


@pytest.fixture
def officer(app: Flask, session: Session) -> Officer:
    app.config["WTF_CSRF_ENABLED"] = False
    settings = app.extensions["rouwen.settings"]
    mails = {"smtp_url": "smtp://127.0.0.1:1", "public_url": "http://rouwen.example.org"}
    app.extensions["rouwen.settings"] = replace(settings, **mails)
    return make_officer(session)


@pytest.fixture
def application(client: FlaskClient, session: Session, officer: Officer) -> Application:
    code = AccessCode.make()
    application = make_application(session, code)
    client.post("/applications", data={"number": application.number, "code": code.text})
    return application


def at(application: Application, rest: str = "") -> str:
    return f"/applications/{application.number}{rest}"


def wants(client: FlaskClient, application: Application, address: str = TO) -> BeautifulSoup:
    response = client.post(at(application, "/mail"), data={"mail_address": address}, follow_redirects=True)
    return BeautifulSoup(response.text, "lxml")


def letters(session: Session) -> list[Letter]:
    session.expire_all()
    return list(session.scalars(select(Letter)))


def test_the_address_is_shown_masked_and_kept_encrypted(
    client: FlaskClient, session: Session, application: Application
):
    page = wants(client, application)
    assert "w***@example.com" in page.select_one("#mail").text
    assert TO not in page.text
    assert TO not in everything_stored(session)


def test_an_act_of_the_agency_leaves_one_letter_that_says_nothing_of_the_case(
    client: FlaskClient, session: Session, application: Application, officer: Officer
):
    wants(client, application)
    acts.BY_FORM["accept"](session, application.id, content("accept"), officer)
    acts.message(session, application.id, {"text": "请带执照"}, officer)
    (letter,) = letters(session)
    assert (letter.recipient, set(letter.values)) == (TO, {"number", "token"})
    assert NAME not in str(letter.values)


def test_an_act_of_the_party_and_a_note_among_officers_leave_none(
    client: FlaskClient, session: Session, application: Application, officer: Officer
):
    wants(client, application)
    acts.BY_FORM["note"](session, application.id, content("note"), officer)
    acts.withdraw(session, application.id)
    assert letters(session) == []


def test_who_wants_no_mail_gets_none(session: Session, application: Application, officer: Officer):
    acts.BY_FORM["accept"](session, application.id, content("accept"), officer)
    assert letters(session) == []


def test_wanting_mail_overtakes_no_act_of_an_officer(
    client: FlaskClient, session: Session, application: Application, officer: Officer
):
    seen = last_event(session, application)
    wants(client, application)
    acts.BY_FORM["accept"](session, application.id, content("accept"), officer, seen=seen)
    assert letters(session)


@pytest.mark.parametrize(
    "address", ["", "wang", "wang@", "wang@x", "王@例子", "a@b.cn\nBcc: c@d.cn", "a" * 300]
)
def test_what_is_no_address_is_refused_at_the_field_and_stays_in_it(
    client: FlaskClient, session: Session, application: Application, address: str
):
    response = client.post(at(application, "/mail"), data={"mail_address": address})
    page = BeautifulSoup(response.text, "lxml")
    assert response.status_code == 422
    assert page.select_one("#mail_address-wrong").text
    assert page.select_one("#mail_address")["value"].strip() == address.strip()
    assert session.scalars(select(MailAddress)).first() is None


def test_the_party_stops_it_on_its_page(
    client: FlaskClient, session: Session, application: Application, officer
):
    wants(client, application)
    acts.BY_FORM["accept"](session, application.id, content("accept"), officer)
    client.post(at(application, "/mail/stop"))
    assert letters(session) == []
    assert masked_address(session, application) == ""
    assert journal.verify(session)


def test_the_link_in_a_letter_stops_nothing_until_the_button_is_pressed(
    app: Flask, client: FlaskClient, session: Session, application: Application
):
    wants(client, application)
    token = session.scalars(select(MailAddress)).one().token
    stranger = app.test_client()
    assert "停止邮件提醒" in stranger.get(f"/applications/mail/{token}").text
    assert application_of(session, token) is not None
    assert "已停止" in stranger.post(f"/applications/mail/{token}").text
    session.expire_all()
    assert application_of(session, token) is None
    assert stranger.get(f"/applications/mail/{token}").status_code == 200
    assert stranger.get(at(application)).status_code == 303


def test_erasing_the_application_erases_the_address(
    client: FlaskClient, session: Session, application: Application, monkeypatch: pytest.MonkeyPatch
):
    wants(client, application)
    acts.withdraw(session, application.id)
    months = {**handling().retention_months, "withdrawn": 0}
    monkeypatch.setattr(
        "portal.applications.retention.handling", lambda: replace(handling(), retention_months=months)
    )
    acts.erase(session, application.id)
    assert session.scalars(select(MailAddress)).first() is None


def test_a_portal_without_a_mail_server_offers_no_mail(
    client: FlaskClient, app: Flask, application: Application
):
    app.extensions["rouwen.settings"] = replace(app.extensions["rouwen.settings"], smtp_url=None)
    assert not BeautifulSoup(client.get(at(application)).text, "lxml").select_one("#mail")
    assert client.post(at(application, "/mail"), data={"mail_address": TO}).status_code == 404


def test_every_act_that_mails_is_an_act():
    assert set(handling().mailed_acts) <= {act.value for act in Act}


def test_the_address_is_in_what_the_party_takes_away_and_not_in_the_officers_file(
    client: FlaskClient, session: Session, application: Application
):
    wants(client, application)
    party, officers = (dossier(session, application, Language.CHINESE, internal=i) for i in (False, True))
    assert TO in party
    assert TO not in officers
