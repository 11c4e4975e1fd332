"""Bringing the database to the tables that this version of the portal needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from .database import Base, Database
from .keys import Keyring
from .settings import Settings

MIGRATIONS = Path(__file__).with_name("migrations")


def metadata() -> MetaData:
    """Every table of the portal, with the modules loaded that declare them."""
    import portal.accounts.models
    import portal.applications.basis
    import portal.applications.mailing
    import portal.applications.models
    import portal.applications.numbers
    import portal.chat.models
    import portal.documents.models
    import portal.golden.models
    import portal.idempotency
    import portal.journal
    import portal.library.desk.intake.models
    import portal.library.desk.items.models
    import portal.library.desk.jobs.models
    import portal.library.desk.models
    import portal.library.making.models
    import portal.library.models
    import portal.mail.models
    import portal.parties.models
    import portal.rules.models
    import portal.switch
    import portal.uploads.models

    assert portal.accounts.models
    return Base.metadata


def head() -> str:
    """The revision that this version needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def revision(engine: Engine) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, target: str = "head") -> bool:
    """Brings the database up to ``target``; True when anything had to be done."""
    if target == "head" and revision(database.engine) == head():
        return False
    with _exclusive(database.engine) as connection:
        command.upgrade(_config(connection), target)
    return True


def downgrade(database: Database, target: str) -> None:
    with _exclusive(database.engine) as connection:
        command.downgrade(_config(connection), target)


@contextmanager
def connection_from_settings() -> Iterator[Connection]:
    """A connection to the configured database, for Alembic's own command."""
    settings = Settings.from_env(os.environ)
    database = Database(settings.database_url, Keyring.open(settings).cipher())
    with _exclusive(database.engine) as connection:
        yield connection


@contextmanager
def _exclusive(engine: Engine) -> Iterator[Connection]:
    """One transaction for the whole migration; a second one at the same time waits for it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # sqlite3 opens no transaction for DDL by itself; foreign keys can only be switched outside one.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(8412001)"))
        yield connection
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
