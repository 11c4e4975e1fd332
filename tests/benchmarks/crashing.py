"""How many acknowledged acts survive a process that is killed without warning, again and again."""

from __future__ import annotations

import tempfile

from portal import schema
from portal.database import Database
from portal.keys import Keyring
from portal.settings import Settings
from tests.portal.applications.crashing import check_whole, crash_many_times

from .answering import Row

TIMES = 100


def rows() -> list[Row]:
    """Kills a process that submits and withdraws TIMES times; raises where anything is lost or half done."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"ROUWEN_DATA": folder})
        database = Database(settings.database_url, Keyring.open(settings).cipher())
        schema.upgrade(database)
        told = crash_many_times(settings, TIMES)
        with database.session() as session:
            check_whole(session, told)
        database.engine.dispose()
        acts = len(told.submitted) + len(told.withdrawn)
    return [(f"acts acknowledged before {TIMES} kills, lost", f"0 of {acts}", "0.00 of them")]
