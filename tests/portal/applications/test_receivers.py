"""A party who wrote to an authority that nobody answers for here is told so, and what to do."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Role

from ..small import ZHANHE
from ..staff import AGENCY, make_staff, signed_in
from .test_pages import choose, fill, page_of, receipt

SHORT = "湛河城管"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def walked(client: FlaskClient, agency: str) -> list[BeautifulSoup | None]:
    """The note on the page of the check, of the receipt and of the application."""
    choose(client)
    fill(client, agency=agency)
    check = page_of(client.get("/apply/check"))
    client.post("/apply/submit")
    number, _ = receipt(client)
    pages = (check, page_of(client.get("/apply/receipt")), page_of(client.get(f"/applications/{number}")))
    return [page.select_one("#unreached") for page in pages]


def test_an_authority_with_an_officer_gets_it_and_nothing_more_is_said(client: FlaskClient, session: Session):
    make_staff(session, Role.OFFICER, region=ZHANHE)
    assert walked(client, AGENCY) == [None, None, None]


def test_a_name_nobody_knows_waits_to_be_claimed_and_the_known_ones_are_named(
    client: FlaskClient, session: Session
):
    make_staff(session, Role.OFFICER, region=ZHANHE)
    for note in walked(client, SHORT):
        assert note is not None
        assert f"没有登记名为“{SHORT}”的机关" in note.text
        assert AGENCY in note.text


def test_officers_of_the_city_may_claim_it_but_are_not_offered_as_the_authority(
    client: FlaskClient, session: Session
):
    make_staff(session, Role.OFFICER, agency="平顶山市城市管理局", region=ZHANHE.rpartition("/")[0])
    for note in walked(client, SHORT):
        assert note is not None
        assert "认领" in note.text
        assert "平顶山市城市管理局" not in note.text


@pytest.mark.parametrize("idle", ["no officer", "officer of no region", "officer elsewhere", "left"])
def test_where_no_officer_would_read_it_the_party_is_sent_to_the_authority(
    client: FlaskClient, session: Session, idle: str
):
    if idle == "no officer":  # an agency that only keeps knowledge
        make_staff(session, Role.EDITOR, agency=SHORT, region=ZHANHE)
    elif idle == "officer of no region":
        make_staff(session, Role.OFFICER)
    elif idle == "officer elsewhere":
        make_staff(session, Role.OFFICER, region="浙江省/舟山市")
    else:
        make_staff(session, Role.OFFICER, region=ZHANHE).active = False
        session.commit()
    for note in walked(client, SHORT):
        assert note is not None
        assert "请同时直接向机关提出" in note.text
    assert "收件机关审查后" not in page_of(client.get("/apply/receipt")).text


def test_who_changes_the_application_is_offered_the_authorities_of_the_region(
    client: FlaskClient, session: Session
):
    make_staff(session, Role.OFFICER, region=ZHANHE)
    walked(client, SHORT)
    number, _ = receipt(client)
    form = page_of(client.get(f"/applications/{number}/change"))
    assert [option["value"] for option in form.select("#agencies option")] == [AGENCY]


def test_an_agency_that_only_keeps_knowledge_is_not_offered_to_apply_to(
    client: FlaskClient, session: Session
):
    make_staff(session, Role.OFFICER, region=ZHANHE)
    make_staff(session, Role.EDITOR, agency="湛河区司法局", region=ZHANHE)
    guide = page_of(client.get("/apply?region=湛河区"))
    assert [name.text for name in guide.select("#agencies ~ h3")] == [AGENCY]
    choose(client)
    step = page_of(client.get("/apply/step/who"))
    assert [option["value"] for option in step.select("#agencies option")] == [AGENCY]


def test_an_officer_of_no_region_is_told_why_the_list_stays_empty(app: Flask):
    told = {}
    for region in ("", ZHANHE):
        officer = app.test_client()
        signed_in(officer, Role.OFFICER, agency=f"机关{region}", region=region)
        told[region] = page_of(officer.get("/staff/cases")).select_one("#no-region")
    assert told[""] is not None
    assert told[ZHANHE] is None
