"""A portal that was told of no identity service says nothing of one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.applications.numbers import AccessCode
from portal.library.holder import knowledge_holder
from portal.settings import Settings, SettingsError, is_safe_service

from ..applications.cases import make_application
from ..applications.test_pages import choose
from ..small import TinyEmbedder


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    yield app
    app.extensions["rouwen.database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_none_of_its_pages_is_there(client: FlaskClient):
    for method, address in (
        ("GET", "/me"),
        ("GET", "/me/sign-in"),
        ("GET", "/me/callback?state=x&code=y"),
        ("GET", "/me/applications/RW2026-000001"),
        ("POST", "/me/applications/RW2026-000001/keep"),
        ("POST", "/me/sign-out"),
    ):
        assert client.open(address, method=method).status_code == 404, address


def test_no_page_speaks_of_signing_in(client: FlaskClient, session: Session):
    code = AccessCode.make()
    number = make_application(session, code).number
    choose(client)
    pages = [client.get(a).text for a in ("/applications", "/apply/step/who", "/applications?sign_in=down")]
    client.post("/applications", data={"number": number, "code": code.text})
    pages.append(client.get(f"/applications/{number}").text)
    assert all('"/me"' not in page and '"/me/' not in page and "统一身份认证" not in page for page in pages)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000/realms/x", True),
        ("http://[::1]:9000", True),
        ("http://id.example", False),
        ("http://127.0.0.1.example", False),
        ("ftp://localhost", False),
        ("https://", False),
        ("http://[", False),
    ],
)
def test_secrets_go_only_where_they_are_safe(address: str, safe: bool):
    assert is_safe_service(address) is safe


def test_an_issuer_in_the_clear_stops_the_start():
    given = {"ROUWEN_OIDC_ISSUER": "http://id.example", "ROUWEN_OIDC_CLIENT_ID": "a"}
    with pytest.raises(SettingsError, match="ROUWEN_OIDC_ISSUER"):
        Settings.from_env({**given, "ROUWEN_OIDC_CLIENT_SECRET": "b"})
