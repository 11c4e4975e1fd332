"""What an administrator does with accounts, what roles may do, and what the command line does besides."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.acts import StaffError, set_active, set_roles
from portal.accounts.current import current_staff
from portal.accounts.models import Agency, Role, Staff
from portal.accounts.roles import permissions_of
from portal.errors import Forbidden
from portal.journal import JournalEntry, verify
from portal.permissions import Permission, declared, requires

from .small import ZHANHE
from .staff import AGENCY, make_staff, send, signed_in, wrong_fields

ACCOUNTS = "/staff/accounts"


@pytest.fixture
def administrator(client: FlaskClient) -> Staff:
    return signed_in(client, Role.ADMINISTRATOR, agency="柔问运行单位")


def last_event(session: Session) -> tuple[str, str, str]:
    session.rollback()
    event = session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert event is not None
    return event.actor, event.act, event.subject


def test_each_role_sees_only_what_is_its_own(app: Flask):
    """Every page of the staff area that takes no values, asked for by each role."""
    pages = {
        rule.rule: declared(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and "GET" in (rule.methods or ()) and not rule.arguments
    }
    for role in Role:
        client = app.test_client()
        signed_in(client, role)
        for page, mark in pages.items():
            if mark == "public":
                continue
            may = not permissions_of([role]).isdisjoint(map(Permission, str(mark).split("|")))
            assert client.get(page).status_code == (200 if may else 403), (role, page)


def test_nobody_reaches_a_page_or_an_act_of_the_staff_area_without_signing_in(app: Flask):
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/staff") or declared(app, rule.endpoint) == "public":
            continue
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = client.get(address) if "GET" in (rule.methods or ()) else client.post(address)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/staff/sign-in"), address


def test_a_caller_that_wants_json_is_refused_and_not_sent_to_a_page(client: FlaskClient):
    response = client.get("/staff", headers={"Accept": "application/json"})
    assert (response.status_code, response.content_type) == (403, "application/problem+json")


def test_a_view_knows_who_is_signed_in(app: Flask):
    seen = []

    @app.get("/staff/probe")
    @requires(Permission.CASES_HANDLE, Permission.CASES_READ)
    def probe() -> str:
        seen.append(current_staff())
        return "ok"

    client = app.test_client()
    staff = signed_in(client, Role.OFFICER, Role.EDITOR, region=ZHANHE)
    assert client.get("/staff/probe").status_code == 200
    (who,) = seen
    assert (who.id, who.name, who.agency, who.region) == (staff.id, staff.name, AGENCY, ZHANHE)
    assert who.roles == {Role.OFFICER, Role.EDITOR}
    assert who.may(Permission.KNOWLEDGE_EDIT)
    assert not who.may(Permission.STAFF_MANAGE, Permission.CASES_READ)
    other = app.test_client()
    signed_in(other, Role.EDITOR)
    refused = other.get("/staff/probe", headers={"Accept": "text/html"})
    assert refused.status_code == 403
    assert "工作台" in refused.text


def test_nobody_is_current_outside_a_session(app: Flask):
    with app.test_request_context("/staff"), pytest.raises(Forbidden):
        current_staff()


@pytest.mark.usefixtures("administrator")
def test_an_added_account_shows_its_password_once(client: FlaskClient, session: Session):
    answer = send(client, ACCOUNTS, name="li.si", agency=AGENCY, roles=["officer", "editor"])
    password = re.search(r'id="one-time-password">([^<]+)<', answer.text).group(1)
    made = session.scalars(select(Staff).where(Staff.name == "li.si")).one()
    assert made.roles == {Role.OFFICER, Role.EDITOR}
    assert password not in client.get(ACCOUNTS).text + client.get(f"{ACCOUNTS}/{made.id}").text
    assert last_event(session)[1:] == ("staff.added", "li.si")


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "x", "agency": AGENCY, "roles": "officer"}, "name"),
        ({"name": "li.si", "agency": "", "roles": "officer"}, "agency"),
        ({"name": "li.si", "agency": AGENCY}, "roles"),
        ({"name": "li.si", "agency": AGENCY, "roles": "king"}, "roles"),
    ],
)
def test_an_account_that_cannot_be_added_says_why_and_keeps_what_was_typed(
    client: FlaskClient, session: Session, fields: dict[str, str], wrong: str
):
    before = verify(session)
    response = send(client, ACCOUNTS, **fields)
    assert (response.status_code, list(wrong_fields(response))) == (422, [wrong])
    assert all(f'value="{typed}"' in response.text for typed in fields.values() if typed != "king")
    session.rollback()
    assert verify(session) == before


def test_roles_are_changed_and_hold_from_the_next_request_on(app: Flask, session: Session):
    client, officer = app.test_client(), app.test_client()
    administrator = signed_in(client, Role.ADMINISTRATOR)
    staff = signed_in(officer, Role.OFFICER)
    page = f"{ACCOUNTS}/{staff.id}"
    assert officer.get(ACCOUNTS).status_code == 403
    assert send(client, f"{page}/roles", page, roles=["administrator"]).location == page
    assert officer.get(ACCOUNTS).status_code == 200
    assert last_event(session) == (administrator.name, "staff.roles_set", staff.name)
    assert list(wrong_fields(send(client, f"{page}/roles", page))) == ["roles"]


def test_the_last_active_administrator_stays(client: FlaskClient, session: Session, administrator: Staff):
    page = f"{ACCOUNTS}/{administrator.id}"
    stopped = make_staff(session, Role.ADMINISTRATOR)
    set_active(session, stopped, active=False, actor="test")
    before = verify(session)
    for address, fields in ((f"{page}/active", {"active": "no"}), (f"{page}/roles", {"roles": "officer"})):
        refused = send(client, address, page, **fields)
        assert refused.status_code == 422
        assert "最后一个" in refused.text
    session.rollback()
    assert verify(session) == before
    session.refresh(administrator := session.get_one(Staff, administrator.id))
    assert (administrator.active, administrator.roles) == (True, {Role.ADMINISTRATOR})


def test_of_two_administrators_only_one_can_be_stopped(session: Session):
    one, other = make_staff(session, Role.ADMINISTRATOR), make_staff(session, Role.ADMINISTRATOR)
    set_active(session, one, active=False, actor=other.name)
    with pytest.raises(StaffError, match="最后一个"):
        set_roles(session, other, [Role.OFFICER], actor=one.name)


def test_an_account_is_stopped_and_revived(app: Flask, session: Session):
    client, officer = app.test_client(), app.test_client()
    signed_in(client, Role.ADMINISTRATOR)
    staff = signed_in(officer, Role.OFFICER)
    page = f"{ACCOUNTS}/{staff.id}"
    assert send(client, f"{page}/active", page, active="no").location == page
    assert officer.get("/staff").location == "/staff/sign-in"
    assert last_event(session)[1:] == ("staff.deactivated", staff.name)
    assert send(client, f"{page}/active", page, active="yes").location == page
    assert last_event(session)[1:] == ("staff.reactivated", staff.name)


@pytest.mark.usefixtures("administrator")
def test_a_locked_account_is_unlocked(client: FlaskClient, session: Session):
    staff = make_staff(session, Role.OFFICER)
    staff.failures = 4
    session.commit()
    page = f"{ACCOUNTS}/{staff.id}"
    assert send(client, f"{page}/unlock", page).location == page
    session.refresh(staff)
    assert (staff.failures, staff.locked_until) == (0, None)
    assert last_event(session)[1:] == ("staff.unlocked", staff.name)


def test_another_account_is_reset_but_not_the_own(
    client: FlaskClient, session: Session, administrator: Staff
):
    staff = make_staff(session, Role.OFFICER)
    page = f"{ACCOUNTS}/{staff.id}"
    assert 'id="one-time-password"' in send(client, f"{page}/reset", page).text
    assert last_event(session) == (administrator.name, "staff.reset", staff.name)
    own = f"{ACCOUNTS}/{administrator.id}"
    assert send(client, f"{own}/reset", own).status_code == 422


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(("typed", "path"), [("湛河", ZHANHE), ("舟山市", "浙江省/舟山市"), ("", "")])
def test_an_agency_gets_its_region_by_any_clear_name(
    client: FlaskClient, session: Session, typed: str, path: str
):
    agency = make_staff(session, Role.OFFICER, region="河南省").agency
    address = f"{ACCOUNTS}/agencies/{agency.id}/region"
    assert send(client, address, ACCOUNTS, region=typed).status_code == 303
    session.rollback()
    assert session.scalar(select(Agency.region).where(Agency.id == agency.id)) == path
    assert last_event(session)[1:] == ("agency.region_set", AGENCY)


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("typed", ["火星", "鼓楼区", "湛河区、舟山市"])
def test_an_unclear_region_is_refused_and_kept_in_the_field(
    client: FlaskClient, session: Session, typed: str
):
    agency = make_staff(session, Role.OFFICER).agency
    refused = send(client, f"{ACCOUNTS}/agencies/{agency.id}/region", ACCOUNTS, region=typed)
    assert (refused.status_code, list(wrong_fields(refused))) == (422, ["region"])
    assert f'value="{typed}"' in refused.text


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("address", ["/999", f"/{9**30}", "/999/roles", "/999/reset", "/agencies/999/region"])
def test_an_unknown_account_or_agency_is_not_found(client: FlaskClient, address: str):
    answer = (
        client.get(ACCOUNTS + address)
        if address.strip("/").isdigit()
        else send(client, ACCOUNTS + address, ACCOUNTS)
    )
    assert answer.status_code == 404
