"""The portal on a small library: built once, copied for every test that may change it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import Database
from portal.jobs import job_queue
from portal.library.holder import KnowledgeHolder, knowledge_holder
from portal.library.shelving import Shelving
from portal.settings import Settings

from .small import (
    ScriptedAssistant,
    TinyEmbedder,
    build_library,
    open_database,
    server_database,
    small_settings,
    small_shelving,
)


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    """Where the tests share a Redis, each starts with no questions counted."""
    if url := os.environ.get("TEST_REDIS_URL"):
        Redis.from_url(url).flushdb()


@pytest.fixture(scope="session")
def library_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A data folder with the small library as release 1, and its database where a server keeps it."""
    folder = tmp_path_factory.mktemp("library")
    with server_database(folder) as name:
        build_library(small_settings(folder))
        yield folder, name


@pytest.fixture
def settings(library_template: tuple[Path, str], tmp_path: Path) -> Iterator[Settings]:
    """The small library in a folder, and database, of the test's own."""
    folder, name = library_template
    shutil.copytree(folder, tmp_path / "data")
    with server_database(tmp_path / "data", name):
        yield small_settings(tmp_path / "data")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = open_database(settings)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as session:
        yield session


@pytest.fixture
def shelving(settings: Settings) -> Shelving:
    return small_shelving(settings)


@pytest.fixture
def holder(shelving: Shelving) -> KnowledgeHolder:
    return KnowledgeHolder(shelving)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    job_queue(app).at_once = True
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    yield app
    app.extensions["rouwen.database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> ScriptedAssistant:
    """In place of ``bot.answer``."""
    scripted = ScriptedAssistant()
    monkeypatch.setattr("bot.answer", scripted.answer)
    return scripted
