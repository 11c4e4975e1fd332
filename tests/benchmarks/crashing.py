"""Processes that are killed without warning, again and again, and workers that answer while releases come
and go: how much is lost, half done or mixed up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal import schema
from portal.database import Database
from portal.keys import Keyring
from portal.library import publication
from portal.library.status import status_of
from portal.settings import Settings
from tests.portal.applications.crashing import check_whole, crash_many_times
from tests.portal.firing import check_every_answer, publish_and_roll_back, under_fire
from tests.portal.killing import kill_many_times, publish_what_was_interrupted
from tests.portal.small import build_library, open_database, small_settings, small_shelving

from .answering import Row

TIMES = 100
PUBLICATIONS = 50


def rows() -> list[Row]:
    """One row a trial; raises where anything is lost, half done or mixed up."""
    return [_acts(), _publishers(), _answers()]


def _acts() -> Row:
    """Kills a process that submits and withdraws TIMES times."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"ROUWEN_DATA": folder})
        database = Database(settings.database_url, Keyring.open(settings).cipher())
        schema.upgrade(database)
        told = crash_many_times(settings, TIMES)
        with database.session() as session:
            check_whole(session, told)
        database.engine.dispose()
        acts = len(told.submitted) + len(told.withdrawn)
    return (f"acts acknowledged before {TIMES} kills, lost", f"0 of {acts}", "0.00 of them")


def _publishers() -> Row:
    """Kills a publisher PUBLICATIONS times."""
    with _small_library() as settings:
        database, shelving = open_database(settings), small_shelving(settings)
        with database.session() as session:
            kill_many_times(settings, session, shelving, PUBLICATIONS)
            publish_what_was_interrupted(session, shelving)
            publication.sweep(session, shelving)
            status = status_of(session, shelving)
            assert (status.servable, status.drafts, status.strays) == (True, (), ())
            assert status.journal
        database.engine.dispose()
    return ("publishers killed, neither the old nor the new release", f"0 of {PUBLICATIONS}", "0.00 of them")


def _answers() -> Row:
    """Lets four workers answer while PUBLICATIONS publications and rollbacks run."""
    with _small_library() as settings:
        database, shelving = open_database(settings), small_shelving(settings)
        with database.session() as session:
            with under_fire(settings.data) as told:
                publish_and_roll_back(session, shelving, PUBLICATIONS)
            check_every_answer(session, told.answers)
        database.engine.dispose()
    name = f"answers during {PUBLICATIONS} publications and rollbacks, failed or mixed"
    return (name, f"0 of {len(told.answers)}", "0.00 of them")


@contextmanager
def _small_library() -> Iterator[Settings]:
    with tempfile.TemporaryDirectory() as folder:
        settings = small_settings(Path(folder))
        build_library(settings)
        yield settings
