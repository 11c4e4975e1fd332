from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from portal import schema
from portal.database import Database
from portal.keys import Keyring

from .small import server_database, small_settings


def make_database(url: str, tmp_path: Path) -> Database:
    return Database(url, Keyring.open(small_settings(tmp_path)).cipher())


def everything(database: Database) -> dict[str, object]:
    """Tables with their columns, keys and indexes, to compare one state of the database with another."""
    found = inspect(database.engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table),
            sorted(map(str, found.get_foreign_keys(table))),
            sorted(map(str, found.get_indexes(table))),
            sorted(map(str, found.get_unique_constraints(table))),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = make_database(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)
    yield database
    database.engine.dispose()


@pytest.fixture
def empty_postgresql(tmp_path: Path) -> Iterator[Database]:
    """A new database on the server that the environment names."""
    with server_database(tmp_path) as name:
        if not name:
            pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
        database = make_database(small_settings(tmp_path).database_url, tmp_path)
        yield database
        database.engine.dispose()


def head_equals_models(database: Database) -> None:
    schema.upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata()) == []


def up_equals_down(database: Database) -> None:
    revisions = [None, *reversed([r.revision for r in _revisions()])]
    states = [everything(database)]
    for revision in revisions[1:]:
        assert revision is not None
        schema.upgrade(database, revision)
        states.append(everything(database))
    for step in range(len(revisions) - 1, 0, -1):
        schema.downgrade(database, revisions[step - 1] or "base")
        assert everything(database) == states[step - 1], f"down from {revisions[step]}"


def _revisions() -> list:
    from alembic.script import ScriptDirectory

    return list(ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions())


def test_the_migrations_lead_to_the_models(empty: Database):
    head_equals_models(empty)


def test_every_migration_can_be_taken_back(empty: Database):
    up_equals_down(empty)


@pytest.mark.services
def test_the_migrations_lead_to_the_models_on_postgresql(empty_postgresql: Database):
    head_equals_models(empty_postgresql)


@pytest.mark.services
def test_every_migration_can_be_taken_back_on_postgresql(empty_postgresql: Database):
    up_equals_down(empty_postgresql)


def test_a_second_upgrade_has_nothing_to_do(empty: Database):
    assert schema.upgrade(empty) is True
    assert schema.upgrade(empty) is False
    assert schema.revision(empty.engine) == schema.head()


def test_a_migration_that_fails_leaves_no_half_made_tables(empty: Database, monkeypatch: pytest.MonkeyPatch):
    from alembic.operations import Operations

    made = Operations.create_table
    monkeypatch.setattr(
        Operations,
        "create_table",
        lambda self, name, *rest, **more: 1 / 0 if name == "journal" else made(self, name, *rest, **more),
    )
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(empty)
    assert inspect(empty.engine).get_table_names() == []
