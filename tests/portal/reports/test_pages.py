"""The page of figures: whose they are, what may be chosen, and the table that is taken along."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts.models import Agency, Role
from portal.applications import acts
from portal.applications.lifecycle import State
from portal.calendar import today

from ..applications.cases import make_application
from ..applications.desk import Desk, bring_to, content, make_desk, make_officer
from ..small import ZHANHE
from ..staff import signed_in

OTHER = "湛河区市场监督管理局"


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return make_desk(app, session)


def figure(page: BeautifulSoup, label: str, place: int = 0) -> str:
    row = next(r for r in page.select(".figures tr") if r.th and r.th.text == label)
    return row.select("td")[place].text


def test_an_officer_sees_the_figures_of_the_own_agency(desk: Desk, session: Session):
    make_application(session)
    other = make_officer(session, OTHER)
    bring_to(session, State.CONCLUDED, other, agency=OTHER)
    page = desk.page("/staff/figures")
    assert (figure(page, "依申请"), figure(page, "依申请", 1), figure(page, "办结")) == ("1", "1", "0")
    assert "没有办结的案件：1 件" in page.select_one("[role=status]").text
    assert page.select_one("#agency") is None
    assert "湛河区城市管理局" in page.h2.text


def test_a_supervisor_sees_the_region_agency_by_agency_and_may_keep_to_one(app: Flask, session: Session):
    one, other = make_officer(session), make_officer(session, OTHER)
    bring_to(session, State.ACCEPTED, one)
    bring_to(session, State.CONCLUDED, other, agency=OTHER)
    client = app.test_client()
    signed_in(client, Role.SUPERVISOR, agency="湛河区司法局", region=ZHANHE)
    page = BeautifulSoup(client.get("/staff/figures").text, "html.parser")
    assert figure(page, "依申请") == "2"
    assert "湛河区" in page.h2.text
    rows = {r.th.text: [c.text for c in r.select("td")] for r in page.select("#agencies ~ div tbody tr")}
    assert rows == {
        "湛河区城市管理局": ["1", "1", "0", "0", "0", "0", "1"],
        OTHER: ["1", "1", "1", "0", "0", "0", "0"],
    }
    kept = client.get(f"/staff/figures?agency={other.agency_id}&year={today().year}&month=0").text
    page = BeautifulSoup(kept, "html.parser")
    assert (figure(page, "依申请", -1), page.select_one("#agencies")) == ("1", None)
    assert page.select_one("#agency [selected]").text == OTHER
    elsewhere = app.test_client()
    signed_in(elsewhere, Role.SUPERVISOR, agency="舟山市司法局", region="浙江省/舟山市")
    page = BeautifulSoup(elsewhere.get(f"/staff/figures?agency={other.agency_id}").text, "html.parser")
    assert figure(page, "依申请") == "0"


def test_the_page_says_with_whom_the_figures_are_filed(desk: Desk):
    told = desk.page("/staff/figures").select_one("[role=status]")
    assert "报区司法局备案" in told.text
    assert told.a["href"].startswith("/library/zhanhe#")


def test_the_matters_that_recur_stand_with_their_results(desk: Desk, session: Session):
    for outcome in ("no_penalty", "lighter"):
        case = bring_to(session, State.ACCEPTED, desk.officer)
        found = {"violation": "yes", "matter": "占道<i>", "found_on": today().isoformat()}
        acts.conclude(session, case.id, content("conclude", outcome=outcome, **found), desk.officer)
    row = desk.page("/staff/figures").select_one("#matters ~ div tbody tr")
    assert row.th.text == "占道<i>"
    assert "结果不一" in row.text
    assert "不予行政处罚 1 件" in row.text


def test_the_table_is_taken_along(desk: Desk, session: Session):
    bring_to(session, State.CONCLUDED, desk.officer)
    response = desk.client.get(f"/staff/figures.csv?year={today().year}&month={today().month}")
    assert response.mimetype == "text/csv"
    assert (
        f'filename="figures-{today().year}-{today().month:02}.csv"' in response.headers["Content-Disposition"]
    )
    assert response.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert rows[0] == ["柔性执法统计"]
    assert ["", "", f"{today().month}月", "本年累计"] in rows
    assert ["结案", "办结", "1", "1"] in rows
    assert ["结案", "　已经辅导、建议、提示等，不涉及处罚", "1", "1"] in rows


def test_a_name_that_a_spreadsheet_would_run_is_kept_from_it(app: Flask, session: Session):
    for name in ("=1+1", OTHER):
        session.add(Agency(name=name, region=ZHANHE))
    session.commit()
    for name in ("=1+1", OTHER):
        make_application(session, agency=name)
    client = app.test_client()
    signed_in(client, Role.SUPERVISOR, agency="湛河区司法局", region=ZHANHE)
    assert "'=1+1,1" in client.get("/staff/figures.csv").text


def test_who_handles_no_cases_sees_no_figures(app: Flask):
    client = app.test_client()
    assert client.get("/staff/figures").status_code == 303
    signed_in(client, Role.EDITOR)
    assert client.get("/staff/figures").status_code == 403
    assert client.get("/staff/figures.csv").status_code == 403


def test_what_cannot_be_asked_for_shows_this_month(desk: Desk):
    page = desk.page("/staff/figures?year=2999&month=77&agency=x%00")
    assert page.select_one("#month [selected]")["value"] == str(today().month)


def test_the_figures_speak_english_too(desk: Desk):
    page = desk.page("/staff/figures?lang=en")
    assert page.h1.text == "Figures on soft enforcement"
    assert figure(page, "On application") == "0"
