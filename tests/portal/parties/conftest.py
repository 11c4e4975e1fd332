from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.library.holder import knowledge_holder
from portal.settings import Oidc, Settings

from ..small import TinyEmbedder
from .identity import CLIENT, SECRET, Identity, serving

Enter = Callable[[FlaskClient], FlaskClient]


@pytest.fixture
def identity() -> Iterator[Identity]:
    with serving() as service:
        yield service


@pytest.fixture
def app(settings: Settings, identity: Identity) -> Iterator[Flask]:
    """The small portal with the identity service of the test."""
    app = create_app(dataclasses.replace(settings, oidc=Oidc(identity.address, CLIENT, SECRET)))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    yield app
    app.extensions["rouwen.database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


@pytest.fixture
def enter(identity: Identity) -> Enter:
    """Signs a browser in."""

    def signed_in(client: FlaskClient) -> FlaskClient:
        sent = client.get("/me/sign-in")
        assert client.get(identity.agree(sent.location)).location == "/me"
        return client

    return signed_in
