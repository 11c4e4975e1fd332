"""Signing in to the staff area, and every way in which it is refused."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.accounts import passwords, signing_in
from portal.accounts.acts import add_staff, reset_staff, set_active
from portal.accounts.cookies import staff_address
from portal.accounts.models import Role, Staff, StaffSession
from portal.accounts.passwords import check_password
from portal.journal import JournalEntry
from portal.policy import policy

from .small import everything_stored
from .staff import PASSWORD, age, code_now, send, settled, sign_in_as, signed_in, wrong_fields

SIGN_IN, CODE, HOME = "/staff/sign-in", "/staff/code", "/staff"


def try_password(client: FlaskClient, name: str = "wang.wu", password: str = PASSWORD):
    return send(client, SIGN_IN, name=name, password=password)


def acts(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.number)))


def test_a_first_sign_in_asks_for_a_password_then_a_second_factor_then_lets_in(
    client: FlaskClient, session: Session
):
    made = add_staff(session, "li.si", Role.OFFICER, "湛河区城市管理局")
    assert try_password(client, "li.si", made.password).location == "/staff/new-password"
    assert client.get(HOME).location == "/staff/new-password"
    chosen = send(client, "/staff/new-password", new_password=PASSWORD, again=PASSWORD)
    assert chosen.location == "/staff/second-factor"
    page = client.get("/staff/second-factor").text
    assert "<svg" in page
    secret = re.search(r'id="secret">([^<]+)<', page).group(1).replace(" ", "")
    answer = send(client, "/staff/second-factor", code=code_now(secret))
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)
    assert len(set(codes)) == policy().staff.recovery_codes
    assert client.get("/staff/second-factor").location == "/staff"
    home = client.get(HOME)
    assert (home.status_code, "li.si" in home.text, "湛河区城市管理局" in home.text) == (200, True, True)
    stored = everything_stored(session)
    assert not [word for word in (PASSWORD, secret, made.password, *codes) if word in stored]
    assert acts(session)[-4:] == [
        "staff.added",
        "staff.password_given",
        "staff.password_changed",
        "staff.second_factor_set",
    ]


def test_a_later_sign_in_takes_password_and_code(client: FlaskClient, session: Session):
    _, secret = settled(session, Role.OFFICER)
    assert try_password(client).location == CODE
    assert client.get(HOME).location == CODE
    assert send(client, CODE, code=code_now(secret)).location == HOME
    assert client.get(HOME).status_code == 200
    assert acts(session)[-1] == "staff.signed_in"


def test_a_code_is_taken_once(app: Flask, session: Session):
    _, secret = settled(session, Role.OFFICER)
    code = code_now(secret)
    one, other = app.test_client(), app.test_client()
    try_password(one)
    try_password(other)
    assert send(one, CODE, code=code).location == HOME
    refused = send(other, CODE, code=code)
    assert (refused.status_code, list(wrong_fields(refused))) == (422, ["code"])
    assert send(other, CODE, code=code_now(secret, 1)).location == HOME


def test_a_recovery_code_stands_in_for_the_phone_once(app: Flask, session: Session):
    client = app.test_client()
    made = add_staff(session, "li.si", Role.OFFICER, "湛河区城市管理局")
    try_password(client, "li.si", made.password)
    send(client, "/staff/new-password", new_password=PASSWORD, again=PASSWORD)
    page = client.get("/staff/second-factor").text
    secret = re.search(r'id="secret">([^<]+)<', page).group(1).replace(" ", "")
    answer = send(client, "/staff/second-factor", code=code_now(secret))
    recovery = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)[0]

    later = app.test_client()
    try_password(later, "li.si")
    assert send(later, CODE, code=recovery.upper().replace("-", " ")).location == HOME
    again = app.test_client()
    try_password(again, "li.si")
    assert send(again, CODE, code=recovery).status_code == 422


def test_unknown_wrong_locked_and_stopped_are_one_answer_after_one_verification(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
):
    staff, _ = settled(session, Role.OFFICER)
    stopped, _ = settled(session, Role.OFFICER, name="zhao.liu")
    set_active(session, stopped, active=False, actor="test")
    verified: list[str] = []

    def counted(password_hash: str, password: str) -> bool:
        verified.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return passwords.password_matches(password_hash, password)

    monkeypatch.setattr(signing_in, "password_matches", counted)
    answers = [try_password(client, "nobody"), try_password(client, password="wrong")]
    session.refresh(staff)
    staff.failures, staff.locked_until = 5, journal.now().replace(year=2099)
    session.commit()
    answers += [try_password(client), try_password(client, "zhao.liu")]
    told = {(a.status_code, wrong_fields(a)["name"]) for a in answers}
    assert len(told) == 1
    assert len(verified) == 4
    assert len(set(verified)) == 1  # the same parameters, so the same time


def test_five_misses_lock_the_account_and_time_unlocks_it(client: FlaskClient, session: Session):
    staff, _ = settled(session, Role.OFFICER)
    for _ in range(policy().staff.failures):
        assert try_password(client, password="wrong").status_code == 422
    assert try_password(client).status_code == 422
    assert acts(session).count("staff.locked") == 1
    session.refresh(staff)
    assert staff.locked_until is not None
    staff.locked_until = journal.now()
    session.commit()
    assert try_password(client).location == CODE


def test_a_right_password_does_not_buy_more_guesses_at_the_code(client: FlaskClient, session: Session):
    _, secret = settled(session, Role.OFFICER)
    for _ in range(policy().staff.failures):
        try_password(client)
        send(client, CODE, code="000000")
        send(client, "/staff/sign-out", page=CODE)
    refused = try_password(client)
    assert refused.status_code == 422
    assert acts(session).count("staff.locked") == 1
    assert secret not in refused.text


def test_an_address_that_misses_too_often_is_not_heard_any_more(app: Flask, session: Session):
    settled(session, Role.OFFICER)
    client = app.test_client()
    for number in range(policy().staff.address_failures):
        try_password(client, f"nobody-{number}", "wrong")
    assert try_password(client).status_code == 422
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert try_password(elsewhere).location == CODE


def test_a_session_ends_when_idle_and_after_its_longest_time(client: FlaskClient, session: Session):
    rules = policy().staff
    signed_in(client, Role.OFFICER)
    age(session, idle=rules.idle_minutes - 1, started=60 * rules.session_hours - 5)
    assert client.get(HOME).status_code == 200
    age(session, started=10)
    assert client.get(HOME).location == SIGN_IN
    signed_in(client, Role.OFFICER)
    age(session, idle=rules.idle_minutes)
    assert client.get(HOME).location == SIGN_IN


def test_a_sign_in_that_is_not_finished_ends_soon(client: FlaskClient, session: Session):
    settled(session, Role.OFFICER)
    try_password(client)
    age(session, started=policy().staff.pending_minutes)
    assert client.get(CODE).location == SIGN_IN


def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(app: Flask, session: Session):
    client = app.test_client()
    signed_in(client, Role.OFFICER)
    kept = client.get_cookie("rouwen_staff", path="/staff").value
    assert send(client, "/staff/sign-out", page="/staff/account").location == SIGN_IN
    thief = app.test_client()
    thief.set_cookie("rouwen_staff", kept, path="/staff")
    assert thief.get(HOME).location == SIGN_IN
    assert acts(session)[-1] == "staff.signed_out"


def test_the_key_changes_when_the_sign_in_is_finished(client: FlaskClient, session: Session):
    _, secret = settled(session, Role.OFFICER)
    try_password(client)
    before = client.get_cookie("rouwen_staff", path="/staff").value
    send(client, CODE, code=code_now(secret))
    client.set_cookie("rouwen_staff", before, path="/staff")
    assert client.get(HOME).location == SIGN_IN


def test_the_staff_cookie_stays_in_the_staff_area(client: FlaskClient, session: Session):
    response = client.get(SIGN_IN)
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("rouwen_staff=")
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax", "Path=/staff"))
    signed_in(client, Role.OFFICER)
    public = client.get("/about")
    assert all(not c.startswith("rouwen_staff") for c in public.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example/staff", "/staff//evil", "/staffroom", "/", "/staff\\evil",
     "/staff/../library", "/staff\n", "", "javascript:alert(1)"],
)  # fmt: skip
def test_nobody_is_sent_anywhere_else_after_signing_in(address: str):
    assert staff_address(address) is None


def test_after_signing_in_one_is_where_one_wanted_to_be(client: FlaskClient, session: Session):
    _, secret = settled(session, Role.ADMINISTRATOR)
    way = client.get("/staff/accounts?page=2").location
    assert way == "/staff/sign-in?next=/staff/accounts?page%3D2"
    client.get(way)
    try_password(client)
    assert send(client, CODE, code=code_now(secret)).location == "/staff/accounts?page=2"


def test_a_forged_way_back_is_forgotten(client: FlaskClient, session: Session):
    _, secret = settled(session, Role.OFFICER)
    client.get("/staff/sign-in?next=//evil.example/staff")
    try_password(client)
    assert send(client, CODE, code=code_now(secret)).location == HOME


@pytest.mark.parametrize(
    "address", [SIGN_IN, "/staff/sign-out", "/staff/account/password", "/staff/accounts"]
)
def test_a_form_of_the_staff_area_needs_its_token(client: FlaskClient, address: str):
    signed_in(client, Role.ADMINISTRATOR)
    response = client.post(address, data={"name": "x"}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert client.get(HOME).status_code == 200


def test_the_token_of_the_public_pages_is_worth_nothing_here(client: FlaskClient):
    signed_in(client, Role.ADMINISTRATOR)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/about").text).group(1)
    assert client.post("/staff/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_changed_password_ends_the_sessions_elsewhere(app: Flask, session: Session):
    staff, _ = settled(session, Role.OFFICER)
    here, elsewhere = app.test_client(), app.test_client()
    for client in (here, elsewhere):
        sign_in_as(client, session, staff)
    new = "another Lamp 2027"
    fields = {"password": PASSWORD, "new_password": new, "again": new}
    assert send(here, "/staff/account/password", "/staff/account", **fields).location == "/staff/account"
    assert here.get(HOME).status_code == 200
    assert elsewhere.get(HOME).location == SIGN_IN
    assert try_password(elsewhere, password=new).location == CODE


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (
            {"password": "not this", "new_password": "another Lamp 2027", "again": "another Lamp 2027"},
            "password",
        ),
        ({"password": PASSWORD, "new_password": "another Lamp 2027", "again": "anothr Lamp 2027"}, "again"),
        ({"password": PASSWORD, "new_password": PASSWORD, "again": PASSWORD}, "new_password"),
        ({"password": PASSWORD, "new_password": "short", "again": "short"}, "new_password"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why_at_the_field(
    client: FlaskClient, session: Session, fields: dict[str, str], wrong: str
):
    staff, _ = settled(session, Role.OFFICER)
    sign_in_as(client, session, staff)
    response = send(client, "/staff/account/password", "/staff/account", **fields)
    assert (response.status_code, list(wrong_fields(response))) == (422, [wrong])
    assert not [typed for typed in fields.values() if typed in response.text]


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("", "required"),
        ("Ab3!", "password_short"),
        ("Ab3!" * 40, "too_long"),
        ("Wang.Wu 2026 lamp", "password_name"),
        ("My-Password-2026x", "password_common"),
        ("alllowercaseletters", "password_simple"),
        ("Aa1!Aa1!Aa1!", "password_simple"),
        ("湛河路上的三盏Lamp灯7号楼里", None),
        (PASSWORD, None),
    ],
)
def test_a_password_is_refused_for_what_is_wrong_with_it(password: str, word: str | None):
    found = check_password(password, name="wang.wu")
    assert (found.word if found else None) == word


def test_the_second_factor_is_replaced_only_with_password_and_code(app: Flask, session: Session):
    staff, secret = settled(session, Role.OFFICER)
    client = app.test_client()
    sign_in_as(client, session, staff)
    assert client.get("/staff/second-factor").location == HOME
    address, page = "/staff/account/second-factor", "/staff/account"
    refused = send(client, address, page, password=PASSWORD, code="000000")
    assert (refused.status_code, list(wrong_fields(refused))) == (422, ["code"])
    refused = send(client, address, page, password="wrong", code=code_now(secret))
    assert (refused.status_code, list(wrong_fields(refused))) == (422, ["factor-password"])
    assert (
        send(client, address, page, password=PASSWORD, code=code_now(secret)).location
        == "/staff/second-factor"
    )
    session.refresh(staff)
    assert staff.totp_secret == secret  # until the new one is confirmed
    shown = re.search(r'id="secret">([^<]+)<', client.get("/staff/second-factor").text).group(1)
    new = shown.replace(" ", "")
    assert send(client, "/staff/second-factor", code="000000").status_code == 422
    assert send(client, "/staff/second-factor", code=code_now(new)).status_code == 200
    session.refresh(staff)
    assert staff.totp_secret == new


def test_a_reset_leaves_a_one_time_password_and_nothing_else(client: FlaskClient, session: Session):
    staff, _ = settled(session, Role.OFFICER)
    sign_in_as(client, session, staff)
    made = reset_staff(session, staff, actor="operator")
    assert client.get(HOME).location == SIGN_IN
    assert (staff.totp_secret, staff.must_change_password) == (None, True)
    assert try_password(client).status_code == 422
    assert try_password(client, password=made.password).location == "/staff/new-password"


def test_a_stopped_account_is_signed_out_at_once(client: FlaskClient, session: Session):
    staff, _ = settled(session, Role.OFFICER)
    sign_in_as(client, session, staff)
    set_active(session, staff, active=False, actor="test")
    assert client.get(HOME).location == SIGN_IN
    assert session.scalar(select(StaffSession)) is None
    assert session.get(Staff, staff.id) is not None
