"""The portal on a small library: built once, copied for every test that may change it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import Database
from portal.library.holder import KnowledgeHolder, knowledge_holder
from portal.library.shelving import Shelving
from portal.settings import Settings

from .small import (
    ScriptedAssistant,
    TinyEmbedder,
    build_library,
    open_database,
    small_settings,
    small_shelving,
)


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small library as release 1; never changed."""
    folder = tmp_path_factory.mktemp("library")
    build_library(small_settings(folder))
    return folder


@pytest.fixture
def settings(library_folder: Path, tmp_path: Path) -> Settings:
    """The small library in a folder of the test's own."""
    shutil.copytree(library_folder, tmp_path / "data")
    return small_settings(tmp_path / "data")


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
