"""Signing in through a real identity service on loopback: the way in, and everything that proves nobody."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.database import now
from portal.journal import JournalEntry
from portal.parties import keeping, provider
from portal.parties.models import PartySession
from portal.policy import policy

from ..small import everything_stored
from .conftest import Enter
from .identity import CLIENT, NAME, SECRET, SUBJECT, Identity, unsigned


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def trouble(client: FlaskClient, answer: TestResponse) -> str:
    """The sentence before number and code, which are still asked for there."""
    assert answer.status_code == 303
    assert answer.location.startswith("/applications?sign_in="), answer.location
    page = page_of(client.get(answer.location))
    assert page.select_one("form[action='/applications'] #code") is not None
    return page.select_one("#sign-in-trouble").get_text(strip=True)


def comes_back(client: FlaskClient, identity: Identity, **more: str) -> TestResponse:
    return client.get(identity.agree(client.get("/me/sign-in").location, **more))


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_a_party_signs_in_and_out(client: FlaskClient, identity: Identity, session: Session):
    asked = client.get("/me/sign-in?next=/apply")
    query = parse_qs(urlsplit(asked.location).query)
    assert asked.location.startswith(f"{identity.address}/authorize?")
    assert query["redirect_uri"] == ["http://localhost/me/callback"]
    assert client.get(identity.agree(asked.location)).location == "/apply"
    assert is_signed_in(client)
    assert client.get("/me/sign-in").location == "/me"
    page = page_of(client.post("/me/sign-out"))
    assert page.select_one("main a.button")["href"].startswith(f"{identity.address}/end?client_id={CLIENT}")
    assert not is_signed_in(client)
    assert session.scalars(select(PartySession)).all() == []
    acts = session.scalars(select(JournalEntry.act).where(JournalEntry.act.startswith("party."))).all()
    assert acts == ["party.signed_in", "party.signed_out"]


def test_what_names_the_party_is_stored_nowhere_in_the_clear(
    client: FlaskClient, enter: Enter, session: Session
):
    enter(client)
    held = everything_stored(session)
    assert SUBJECT not in held
    assert NAME not in held
    assert session.scalars(select(PartySession)).one().name == NAME


def test_the_cookie_shows_neither_verifier_nor_nonce(client: FlaskClient, identity: Identity):
    sent = parse_qs(urlsplit(client.get("/me/sign-in").location).query)
    with client.session_transaction() as cookie:
        held = str(dict(cookie))
    assert sent["nonce"][0] not in held
    assert sent["state"][0] not in held


def spoiled(**changes: Any):
    """A change of claims: a value, or None to leave the claim out."""

    def change(claims: dict[str, Any]) -> None:
        for name, value in changes.items():
            claims[name] = value(claims) if callable(value) else value
            if value is None:
                del claims[name]

    return change


@pytest.mark.parametrize(
    "change",
    [
        spoiled(nonce="another"),
        spoiled(nonce=None),
        spoiled(aud="another-client"),
        spoiled(aud=["another-client", "third"]),
        spoiled(aud=[CLIENT, "another-client"]),  # of two audiences the one it was made for must be named
        spoiled(aud=[CLIENT, "another-client"], azp="another-client"),
        spoiled(aud=None),
        spoiled(iss="https://id.example"),
        spoiled(iss=None),
        spoiled(exp=int(time.time()) - 3600),
        spoiled(exp=None),
        spoiled(exp="tomorrow"),
        spoiled(nbf=int(time.time()) + 3600),
        spoiled(iat=None),
        spoiled(sub=None),
        spoiled(sub=""),
        spoiled(sub=7),
        spoiled(sub="x" * 300),
        spoiled(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    ],
)
def test_a_token_with_a_wrong_claim_proves_nobody(client: FlaskClient, identity: Identity, change):
    identity.change = change
    assert "没有登录成功" in trouble(client, comes_back(client, identity))
    assert not is_signed_in(client)


def by_another(claims: dict[str, Any]) -> str:
    other = ECKey.generate_key("P-256", {"kid": "one"})
    return jwt.encode({"alg": "ES256", "kid": "one"}, claims, other)


def by_the_secret(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET.ljust(32, "-")))


@pytest.mark.parametrize(
    "sign",
    [unsigned, by_another, by_the_secret, lambda claims: "no.token.at-all", lambda claims: None],
)
def test_a_token_that_the_service_did_not_sign_proves_nobody(client: FlaskClient, identity: Identity, sign):
    identity.sign = sign
    assert "没有登录成功" in trouble(client, comes_back(client, identity))
    assert not is_signed_in(client)


def test_keys_that_changed_are_asked_for_again(
    client: FlaskClient, identity: Identity, enter: Enter, monkeypatch: pytest.MonkeyPatch
):
    enter(client)
    client.post("/me/sign-out")
    monkeypatch.setattr(provider, "KEYS_AGAIN_SECONDS", 0)
    identity.key = ECKey.generate_key("P-256", {"kid": "two"})
    enter(client)
    assert is_signed_in(client)


@pytest.mark.parametrize("state", ["", "another", "x" * 5000])
def test_a_wrong_state_is_refused_before_anything_is_asked(
    client: FlaskClient, identity: Identity, state: str
):
    client.get("/me/sign-in")
    before = list(identity.asked)
    assert "已经失效" in trouble(
        client, client.get("/me/callback", query_string={"code": "c", "state": state})
    )
    assert identity.asked == before


def test_a_state_begun_in_another_browser_is_worth_nothing(
    app: Flask, client: FlaskClient, identity: Identity
):
    """What someone else began cannot be finished here: nobody is signed in as another unawares."""
    attackers = app.test_client()
    way_back = identity.agree(attackers.get("/me/sign-in").location)
    assert "已经失效" in trouble(client, client.get(way_back))
    assert not is_signed_in(client)


def test_a_way_back_is_good_once(client: FlaskClient, identity: Identity):
    way_back = identity.agree(client.get("/me/sign-in").location)
    assert client.get(way_back).location == "/me"
    client.post("/me/sign-out")
    assert "已经失效" in trouble(client, client.get(way_back))


def test_a_code_that_was_used_is_refused_by_the_service(client: FlaskClient, identity: Identity):
    sent = client.get("/me/sign-in").location
    way_back = identity.agree(sent)
    identity.codes.clear()
    assert "没有登录成功" in trouble(client, client.get(way_back))


def test_a_sign_in_that_took_too_long_is_begun_again(
    client: FlaskClient, identity: Identity, monkeypatch: pytest.MonkeyPatch
):
    way_back = identity.agree(client.get("/me/sign-in").location)
    later = now() + timedelta(minutes=policy().party_pending_minutes + 1)
    monkeypatch.setattr("portal.parties.current.now", lambda: later)
    assert "已经失效" in trouble(client, client.get(way_back))


def test_two_windows_may_sign_in_at_once(client: FlaskClient, identity: Identity):
    first, second = (client.get("/me/sign-in").location for _ in range(2))
    assert client.get(identity.agree(first)).location == "/me"
    assert is_signed_in(client)
    assert client.get(identity.agree(second)).location.startswith("/applications?sign_in=")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("error", "said"),
    [("access_denied", "没有完成登录"), ("server_error", "没有登录成功"), ("<b>", "没有登录")],
)
def test_an_error_of_the_service_is_told_in_a_sentence(
    client: FlaskClient, identity: Identity, error: str, said: str
):
    state = parse_qs(urlsplit(client.get("/me/sign-in").location).query)["state"][0]
    answer = client.get("/me/callback", query_string={"error": error, "state": state})
    assert said in trouble(client, answer)


@pytest.mark.parametrize(
    "answer",
    [(500, b""), (200, b"<html>"), (200, b"[]"), (404, b"{}"), (302, b"{}"), (200, b'{"issuer": "other"}')],
)
def test_a_service_that_is_down_is_told_and_the_code_still_opens(
    client: FlaskClient, identity: Identity, answer: tuple[int, bytes]
):
    identity.answers["/.well-known/openid-configuration"] = answer
    assert "暂时没有应答" in trouble(client, client.get("/me/sign-in"))


def test_a_service_that_goes_down_on_the_way_is_told(client: FlaskClient, identity: Identity):
    for path, answer in (("/token", (503, b"")), ("/token", (200, b"[]"))):
        identity.answers[path] = answer
        assert "暂时没有应答" in trouble(client, comes_back(client, identity))
    assert not is_signed_in(client)


def test_a_service_that_is_down_is_not_asked_by_everybody(
    client: FlaskClient, identity: Identity, monkeypatch: pytest.MonkeyPatch
):
    identity.answers["/.well-known/openid-configuration"] = (500, b"")
    for _ in range(5):
        client.get("/me/sign-in")
    assert len(identity.asked) == 1
    monkeypatch.setattr(keeping, "FAILED_SECONDS", 0)
    identity.answers.clear()
    assert client.get("/me/sign-in").location.startswith(identity.address)


def test_an_endpoint_that_is_not_encrypted_is_not_used(client: FlaskClient, identity: Identity):
    identity.about = {"token_endpoint": "http://id.example/token"}
    assert "暂时没有应答" in trouble(client, client.get("/me/sign-in"))


def test_a_service_that_names_itself_must_be_the_one(client: FlaskClient, identity: Identity):
    identity.about = {"authorization_response_iss_parameter_supported": True}
    assert "没有登录成功" in trouble(client, comes_back(client, identity))
    assert "没有登录成功" in trouble(client, comes_back(client, identity, iss="https://id.example"))
    assert comes_back(client, identity, iss=identity.address).location == "/me"


def test_a_service_that_wants_the_secret_in_the_form_gets_it_there(
    client: FlaskClient, identity: Identity, enter: Enter
):
    identity.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert is_signed_in(enter(client))


@pytest.mark.parametrize(
    ("userinfo", "name"),
    [({"name": "李某"}, "李某"), ({"name": "李某", "sub": "someone-else"}, ""), ({}, ""), ({"name": 7}, "")],
)
def test_the_name_may_come_from_the_userinfo_of_the_same_person(
    client: FlaskClient, identity: Identity, enter: Enter, session: Session, userinfo, name: str
):
    identity.claims, identity.userinfo = {}, userinfo
    enter(client)
    assert session.scalars(select(PartySession)).one().name == name


def test_nobody_is_sent_off_this_site_after_signing_in(client: FlaskClient, identity: Identity):
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        sent = client.get("/me/sign-in", query_string={"next": elsewhere})
        assert client.get(identity.agree(sent.location)).location == "/"
        client.post("/me/sign-out")


def test_signing_in_leaves_nothing_of_who_used_the_browser_before(
    client: FlaskClient, identity: Identity, enter: Enter
):
    """Neither the form token nor what someone had open: a session that was planted gains nothing."""
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "planted"
        cookie["opened"] = {"RW2026-000001": now().timestamp()}
    enter(client)
    with client.session_transaction() as cookie:
        assert "opened" not in cookie
        assert cookie.get("csrf_token") != "planted"
        key = cookie["party"]
    client.post("/me/sign-out")
    with client.session_transaction() as cookie:
        cookie["party"] = key
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "changes",
    [
        {"seen_at": lambda: now() - timedelta(minutes=policy().party_session_minutes + 1)},
        {"started_at": lambda: now() - timedelta(hours=policy().party_sign_in_hours, minutes=1)},
    ],
)
def test_a_sign_in_ends_by_itself(client: FlaskClient, enter: Enter, session: Session, changes):
    enter(client)
    session.execute(update(PartySession).values({name: at() for name, at in changes.items()}))
    session.commit()
    assert "没有登录" in trouble(client, client.get("/me"))


def test_signing_out_needs_the_token_of_the_page(app: Flask, client: FlaskClient, enter: Enter):
    enter(client)
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/me/sign-out").status_code == 400
    token = page_of(client.get("/me")).select_one("[name=csrf_token]")["value"]
    assert client.post("/me/sign-out", data={"csrf_token": token}).status_code == 200


def test_leaving_a_shared_computer_signs_out_too(client: FlaskClient, enter: Enter):
    enter(client)
    client.post("/applications/leave")
    assert not is_signed_in(client)
