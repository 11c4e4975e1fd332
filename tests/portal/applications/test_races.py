"""Acts upon one application at the same time, with real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts import (
    change,
    events,
    record_choice,
    save_draft,
    submit,
    withdraw,
)
from portal.applications.choice import notice
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.applications.problems import EditConflict, StateConflict
from portal.database import Database
from portal.wording import Language

from ..small import ZHANHE
from .cases import URL, make_application, make_body, make_values


def at_once(database: Database, *acts: Callable[[Session], object]) -> list[object]:
    """What each act returned or raised, all begun together, each with a session of its own."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[Session], object]) -> None:
        with database.session() as own:
            barrier.wait()
            try:
                results[place] = act(own)
            except Exception as error:
                results[place] = error

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def acts_of(session: Session, application: Application) -> list[str]:
    session.rollback()
    return [event.act.removeprefix("application.") for event in events(session, application)]


@pytest.mark.parametrize("run", range(5))
def test_a_withdrawal_is_never_refused_because_of_a_change(database: Database, session: Session, run: int):
    application = make_application(session)
    changes = [lambda s, n=n: change(s, application.id, {"place": f"第 {n} 处"}) for n in range(3)]
    results = at_once(database, *changes, lambda s: withdraw(s, application.id))
    assert isinstance(results[-1], Application), results[-1]
    assert all(isinstance(r, Application | StateConflict) for r in results[:-1])
    session.expire_all()
    made = sum(isinstance(r, Application) for r in results[:-1])
    assert (application.state, len(application.revisions)) == (State.WITHDRAWN, 1 + made)
    assert acts_of(session, application) == ["submit", *["change"] * made, "withdraw"]


def test_of_many_withdrawals_one_happens(database: Database, session: Session):
    application = make_application(session)
    results = at_once(database, *[lambda s: withdraw(s, application.id)] * 6)
    assert sum(isinstance(r, Application) for r in results) == 1
    assert sum(isinstance(r, StateConflict) for r in results) == 5
    assert acts_of(session, application) == ["submit", "withdraw"]


def test_of_two_changes_from_the_same_revision_one_wins_and_the_other_is_told(
    database: Database, session: Session
):
    application = make_application(session)
    change_to = [lambda s, n=n: change(s, application.id, {"place": f"{n} 号"}, revision=1) for n in range(4)]
    results = at_once(database, *change_to)
    assert sum(isinstance(r, Application) for r in results) == 1
    assert [r.changed for r in results if isinstance(r, EditConflict)] == [("place",)] * 3
    assert acts_of(session, application) == ["submit", "change"]


def test_a_draft_submitted_from_many_clicks_is_submitted_once(database: Database, session: Session):
    chosen = record_choice(session, notice(ZHANHE, Language.CHINESE), accepted=True, channel="page")
    draft = save_draft(session, chosen.id, make_values(), code=AccessCode.make())
    results = at_once(database, *[lambda s: submit(s, draft.id)] * 6)
    assert all(isinstance(r, Application) for r in results), results
    assert acts_of(session, draft) == ["save", "submit"]


def test_the_first_step_sent_twice_makes_one_draft(database: Database, session: Session):
    chosen = record_choice(session, notice(ZHANHE, Language.CHINESE), accepted=True, channel="page")
    code = AccessCode.make()
    results = at_once(database, *[lambda s: save_draft(s, chosen.id, make_values(), code=code)] * 4)
    assert all(isinstance(r, Application) for r in results), results
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_many_at_once_get_numbers_without_gap_and_one_unbroken_journal(database: Database, session: Session):
    results = at_once(database, *[make_application] * 8)
    numbers = sorted(int(r.number[-6:]) for r in results if isinstance(r, Application))
    assert numbers == list(range(1, 9))
    session.rollback()
    assert journal.verify(session)


def test_one_key_sent_many_times_at_once_makes_one_application(app: Flask, session: Session):
    responses: list[tuple[int, str]] = []
    barrier = threading.Barrier(6)

    def send() -> None:
        client = app.test_client()
        barrier.wait()
        response = client.post(URL, json=make_body(), headers={"Idempotency-Key": "key-1"})
        responses.append((response.status_code, str(response.get_json().get("number"))))

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert {status for status, _ in responses} <= {201, 409}
    assert len({number for status, number in responses if status == 201}) == 1
    assert session.scalar(select(func.count()).select_from(Application)) == 1
