"""What an administrator sets: the word of an agency, its promises, the working days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Agency, Role
from portal.agencies import acts
from portal.agencies.acts import Terms, set_word
from portal.applications.deadlines import FILE_NAME
from portal.applications.models import AgencyTerms
from portal.applications.workday_file import DaysError, WorkdayFile, read_days, said_days
from portal.calendar import today
from portal.documents.issuing import issue
from portal.errors import FieldErrors
from portal.journal import JournalEntry
from portal.settings import Settings

from ..documents.papers import AGENCY, ON, make_case, make_document, make_fields, make_officer
from ..staff import signed_in, wrong_fields

YEAR = today().year
AHEAD = YEAR + 2


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    signed_in(client, Role.ADMINISTRATOR, agency="柔问运行单位")
    return client


@pytest.fixture
def agency(session: Session) -> Agency:
    session.add(Agency(name=AGENCY, region="河南省/平顶山市/湛河区"))
    session.commit()
    return session.scalars(select(Agency).where(Agency.name == AGENCY)).one()


def events(session: Session, act: str) -> list[JournalEntry]:
    session.rollback()
    return list(session.scalars(select(JournalEntry).where(JournalEntry.act == act)))


def test_the_word_of_an_agency_stands_in_its_next_document(
    client: FlaskClient, agency: Agency, session: Session
):
    case = make_case(session)
    first = make_document(session, case).number
    assert first == f"{AGENCY}柔意〔{ON.year}〕1号"
    page = f"/staff/agencies/{agency.id}"
    assert f"{AGENCY}柔意〔{YEAR}〕1号" in client.get(page).text
    assert client.post(f"{page}/word", data={"word": "湛城管"}).location == page
    assert "代字已保存" in client.get(page).text
    session.rollback()
    session.expire_all()
    assert make_document(session, case).number == f"湛城管柔意〔{ON.year}〕2号"
    told = events(session, "agency.word_set")
    assert [(e.subject, e.detail) for e in told] == [(AGENCY, {"from": "", "to": "湛城管"})]
    client.post(f"{page}/word", data={"word": "湛城管"})
    assert len(events(session, "agency.word_set")) == 1


@pytest.mark.parametrize("word", ["湛", "湛〔城〕", "湛 城", "a" * 21, "湛_城", "<b>湛</b>", "湛城-管"])
def test_a_word_that_cannot_stand_in_a_number_is_told_and_kept_as_typed(
    client: FlaskClient, agency: Agency, session: Session, word: str
):
    answer = client.post(f"/staff/agencies/{agency.id}/word", data={"word": word})
    assert answer.status_code == 422
    assert "2 到 20" in wrong_fields(answer)["word"]
    typed = BeautifulSoup(answer.text, "html.parser").select_one("#word")
    assert typed["value"] == word
    session.rollback()
    assert session.get_one(Agency, agency.id).word == ""


def test_no_two_agencies_come_to_have_one_word(agency: Agency, session: Session):
    other = Agency(name="别的机关")
    session.add(other)
    session.commit()
    set_word(session, agency, "湛城管", actor="admin")
    officer, case = make_officer(session), make_case(session)
    issue(session, case, "opinion", make_fields(), officer, ON)
    session.commit()
    for word, holder in (("湛城管", AGENCY), (AGENCY, AGENCY), ("柔问", "柔问")):
        with pytest.raises(FieldErrors) as refused:
            set_word(session, other, word, actor="admin")
        assert holder in refused.value.sentence()
    set_word(session, agency, "湛管", actor="admin")
    with pytest.raises(FieldErrors):  # given up, but a document bears it
        set_word(session, other, "湛城管", actor="admin")
    set_word(session, agency, "湛城管", actor="admin")
    set_word(session, agency, "", actor="admin")
    assert len(events(session, "agency.word_set")) == 4


def test_what_an_agency_promises_is_set_on_its_page(client: FlaskClient, agency: Agency, session: Session):
    page = f"/staff/agencies/{agency.id}"
    typed = {
        "accept_days": "5",
        "conclude_days": "",
        "phone": "0375-1",
        "address": "某路 1 号",
        "hours": "9:00",
    }
    assert client.post(f"{page}/times", data=typed).location == page
    shown = BeautifulSoup(client.get(page).text, "html.parser")
    assert shown.select_one("#accept_days")["value"] == "5"
    held = session.scalars(select(AgencyTerms)).one()
    assert (held.accept_days, held.conclude_days, held.phone) == (5, None, "0375-1")
    assert events(session, "agency.promised")[0].detail == {"accept_days": 5, "conclude_days": None}
    client.post(f"{page}/times", data={})
    session.rollback()
    session.expire_all()
    assert acts.terms_of(session, session.get_one(Agency, agency.id)) == Terms()


def test_times_that_cannot_be_promised_are_told_at_the_field_and_everything_typed_stays(
    client: FlaskClient, agency: Agency, session: Session
):
    page = f"/staff/agencies/{agency.id}"
    typed = {"accept_days": "0", "conclude_days": "三天", "phone": "0375-1"}
    answer = client.post(f"{page}/times", data=typed)
    assert set(wrong_fields(answer)) == {"accept_days", "conclude_days"}
    shown = BeautifulSoup(answer.text, "html.parser")
    assert [shown.select_one(f"#{name}")["value"] for name in typed] == list(typed.values())
    long = client.post(f"{page}/times", data={"phone": "1" * 41})
    assert set(wrong_fields(long)) == {"phone"}
    assert session.scalars(select(AgencyTerms)).all() == []


def test_only_an_administrator_sets_anything(app: Flask, agency: Agency):
    app.config["WTF_CSRF_ENABLED"] = False
    officer = app.test_client()
    signed_in(officer, Role.OFFICER, Role.SUPERVISOR)
    for method, rest in (
        ("GET", f"agencies/{agency.id}"),
        ("POST", f"agencies/{agency.id}/word"),
        ("POST", f"agencies/{agency.id}/times"),
        ("GET", "workdays"),
        ("POST", "workdays"),
    ):
        assert officer.open(f"/staff/{rest}", method=method).status_code == 403


def test_an_agency_that_is_not_there_is_a_404(client: FlaskClient):
    assert client.get("/staff/agencies/999999").status_code == 404
    assert client.post("/staff/agencies/999999/word", data={"word": "x"}).status_code == 404


def test_the_agencies_are_reached_from_the_accounts(client: FlaskClient, agency: Agency):
    page = BeautifulSoup(client.get("/staff/accounts").text, "html.parser")
    links = {a["href"] for a in page.select("#agencies a")}
    assert {f"/staff/agencies/{agency.id}", "/staff/workdays"} <= links


def test_a_year_is_filled_in_and_counts_at_once(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
):
    file = settings.data / FILE_NAME
    file.write_text(f"# 本机关\n{YEAR + 1}-05-04,rest\n{AHEAD}-01-08,rest\n", encoding="utf-8")
    days = {"rest": f"{AHEAD}-10-02 至 {AHEAD}-10-06\n1月3日", "work": f"{AHEAD}/10/14"}
    answer = client.post("/staff/workdays", data={"year": AHEAD, **days})
    assert answer.location == f"/staff/workdays?year={AHEAD}"
    workdays = app.extensions["rouwen.workdays"].workdays()
    assert workdays.is_workday(date(AHEAD, 10, 3)) == (False, True)
    assert workdays.is_workday(date(AHEAD, 10, 14)) == (True, True)
    assert workdays.is_workday(date(YEAR + 1, 5, 4)) == (False, True)
    assert date(AHEAD, 1, 8) not in workdays.own
    assert file.read_text("utf-8").startswith("# 本机关\n")
    shown = BeautifulSoup(client.get(answer.location).text, "html.parser")
    assert shown.select_one("#rest").get_text().split("\n")[-1] == f"{AHEAD}-10-02 至 {AHEAD}-10-06"
    told = events(session, "workdays.filled")
    assert [e.detail for e in told] == [{"year": AHEAD, "rest": 6, "work": 1}]
    other_worker = WorkdayFile(file)
    client.post("/staff/workdays", data={"year": AHEAD, "rest": "", "work": ""})
    assert {day.year for day in other_worker.workdays().own} == {YEAR + 1}


@pytest.mark.parametrize(
    ("rest", "work", "wrong"),
    [
        ("国庆", "", {"rest": "不是日期"}),
        (f"{AHEAD}-02-30", "", {"rest": "不是日期"}),
        (f"{YEAR}-10-01", "", {"rest": f"不在 {AHEAD} 年"}),
        ("10-07 至 10-01", "", {"rest": "在开始之前"}),
        ("1-1 至 12-31", "", {"rest": "天数太多"}),
        ("10-1", "10-1", {"work": "同时写成"}),
        ("x", "y", {"rest": "不是日期", "work": "不是日期"}),
    ],
)
def test_days_that_cannot_be_are_told_at_the_field(
    client: FlaskClient, settings: Settings, rest: str, work: str, wrong: dict[str, str]
):
    answer = client.post("/staff/workdays", data={"year": AHEAD, "rest": rest, "work": work})
    assert answer.status_code == 422
    told = wrong_fields(answer)
    assert set(told) == set(wrong)
    assert all(part in told[name] for name, part in wrong.items())
    shown = BeautifulSoup(answer.text, "html.parser")
    assert shown.select_one("#rest").get_text(strip=True) == rest
    assert not (settings.data / FILE_NAME).exists()


def test_a_file_that_someone_broke_is_named_and_the_days_before_it_stay(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
):
    client.post("/staff/workdays", data={"year": AHEAD, "rest": "1-3", "work": ""})
    file = settings.data / FILE_NAME
    file.write_text(f"{file.read_text('utf-8')}nonsense\n", encoding="utf-8")
    assert date(AHEAD, 1, 3) in app.extensions["rouwen.workdays"].workdays().own
    answer = client.post("/staff/workdays", data={"year": AHEAD, "rest": "1-4", "work": ""})
    assert "第 2 行" in wrong_fields(answer)["rest"]
    assert "nonsense" in file.read_text("utf-8")
    assert len(events(session, "workdays.filled")) == 1
    assert [p.name for p in settings.data.glob(f"{FILE_NAME}.*")] == []


@pytest.mark.parametrize("year", [YEAR - 1, YEAR + 30, "x", "²⁰²⁶"])
def test_only_this_year_and_the_next_ones_are_filled_in(client: FlaskClient, year: object):
    assert client.get(f"/staff/workdays?year={year}").status_code == 404
    assert client.post("/staff/workdays", data={"year": year}).status_code == 404


def test_the_page_begins_with_the_first_year_that_nobody_knows(client: FlaskClient):
    page = BeautifulSoup(client.get("/staff/workdays").text, "html.parser")
    marked = page.select_one("[aria-current=page][href*=year]").parent
    assert "还没有放假安排" in marked.text or str(AHEAD) in marked.text


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2031-02-06", 1),
        ("2031年2月6日至2月12日", 7),
        ("2月6日—2月8日；2031.2.10", 4),
        ("2031-02-06 - 2031-02-08", 3),
        ("2/6~2/7,2/9", 3),
        ("\n \n", 0),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, days: int):
    found = read_days(typed, 2031)
    assert len(found) == days
    assert read_days(said_days(found), 2031) == found


def test_a_day_of_another_year_is_refused():
    with pytest.raises(DaysError) as wrong:
        read_days("2031-12-31 至 2032-01-02", 2031)
    assert wrong.value.word == "workdays_year"


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path):
    from portal.applications.deadlines import WorkdaysFileError

    (tmp_path / FILE_NAME).write_text("x\n", encoding="utf-8")
    with pytest.raises(WorkdaysFileError):
        WorkdayFile(tmp_path / FILE_NAME)
