"""Acts upon one application at the same time, in threads or in processes of their own."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Mapping
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy.orm import Session

from portal.applications import acts
from portal.applications.acts import Officer
from portal.applications.lifecycle import Act
from portal.applications.models import Application
from portal.applications.problems import CaseConflict, EditConflict, StateConflict
from portal.database import Database
from portal.errors import FieldErrors
from portal.keys import Keyring
from portal.settings import Settings

Step = Mapping[str, Any]
"""An act as plain values: ``act`` by name, ``seen``, and the officer where it is one's."""


def take(session: Session, application_id: int, step: Step) -> str:
    """Does one act; what it came to: ``done``, or the acts that a conflict named."""
    try:
        match step["act"]:
            case "withdraw":
                acts.withdraw(session, application_id)
            case "change":
                acts.change(session, application_id, step["values"], seen=step.get("seen"), act=Act.CHANGE)
            case name:
                officer = Officer(*step["officer"])
                acts.BY_FORM[name](session, application_id, step["content"], officer, seen=step.get("seen"))
    except CaseConflict as conflict:
        return "conflict " + " ".join(conflict.acts)
    except StateConflict as conflict:
        return f"state {conflict.found}"
    except EditConflict as conflict:
        return "edit " + " ".join(conflict.changed)
    except FieldErrors as wrong:
        return f"fields {wrong.errors[0].word}"
    return "done"


def in_threads(database: Database, application: Application, *steps: Step) -> list[str]:
    """What each act came to, all begun together, each in a session of its own."""
    barrier = threading.Barrier(len(steps))
    results = [""] * len(steps)

    def run(place: int) -> None:
        with database.session() as own:
            barrier.wait()
            results[place] = take(own, application.id, steps[place])

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def in_processes(settings: Settings, application: Application, *steps: Step) -> list[str]:
    """The same in processes that share nothing but the database."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(len(steps)), context.Queue()
    processes = [
        context.Process(target=_run, args=(settings, application.id, n, step, barrier, results))
        for n, step in enumerate(steps)
    ]
    for process in processes:
        process.start()
    found = dict(results.get(timeout=240) for _ in processes)
    for process in processes:
        process.join()
    return [found[n] for n in range(len(steps))]


def _run(
    settings: Settings, application_id: int, place: int, step: Step, barrier: Barrier, results: Any
) -> None:
    database = Database(settings.database_url, Keyring.open(settings).cipher())
    with database.session() as session:
        barrier.wait()
        results.put((place, take(session, application_id, step)))
    database.engine.dispose()


Race = Callable[..., list[str]]
