"""A release and acts upon the cases that it touches, at the same moment: nothing is missed, nothing hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from knowledge.exemption import ListOutcome
from portal import journal
from portal.applications import acts
from portal.applications.acts import Officer
from portal.applications.basis import changes_of
from portal.applications.flagging import CaseWatcher
from portal.applications.lifecycle import State
from portal.database import Database
from portal.library import publication
from portal.library.models import Origin
from portal.library.record import keep_edition
from portal.library.shelving import Shelving
from portal.library.watch import Step

from ..small import make_list
from .desk import bring_to, content, make_officer

ITEM = {"item_list": "list-one", "item_number": "1"}
OUTCOMES = (ListOutcome.MAY_BE_EXEMPT, ListOutcome.LIGHTER, ListOutcome.MITIGATED)


@pytest.fixture
def officer(session: Session) -> Officer:
    return make_officer(session)


def drafted(session: Session, outcome: ListOutcome) -> None:
    listed = make_list()
    changed = replace(listed, items=(replace(listed.items[0], outcome=outcome),))
    keep_edition(session, changed, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()


def together(database: Database, *jobs: Callable[[Session], object]) -> list[BaseException]:
    """Does all of it at once, each job in a session of its own; what went wrong."""
    barrier = threading.Barrier(len(jobs))
    failures: list[BaseException] = []

    def run(job: Callable[[Session], object]) -> None:
        with database.session() as own:
            barrier.wait()
            try:
                job(own)
            except Exception as failure:
                failures.append(failure)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def noting(ids: Sequence[int], officer: Officer) -> Callable[[Session], object]:
    return lambda own: [acts.note(own, case_id, content("note"), officer) for case_id in ids]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_release_and_acts_upon_many_cases_get_past_each_other(
    session: Session, database: Database, shelving: Shelving, officer: Officer, outcome: ListOutcome
):
    cases = [bring_to(session, State.ACCEPTED, officer, **ITEM) for _ in range(6)]
    ids = [case.id for case in cases]
    drafted(session, outcome)
    failures = together(
        database,
        lambda own: publication.publish(own, shelving, actor="operator"),
        *(noting(order, officer) for order in (ids, ids[::-1], ids[3:])),
    )
    assert failures == []
    session.rollback()
    session.expire_all()
    journal.verify(session)
    assert [len(changes_of(session, case)) for case in cases] == [1] * len(cases)


def test_a_case_that_comes_to_rest_on_the_text_while_the_release_is_made_is_flagged_too(
    session: Session,
    database: Database,
    shelving: Shelving,
    officer: Officer,
    monkeypatch: pytest.MonkeyPatch,
):
    """Another names the item after the cases were looked through and before the release is in line."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets nobody write in between")
    case = bring_to(session, State.ACCEPTED, officer)
    other = bring_to(session, State.ACCEPTED, officer, **ITEM)
    drafted(session, ListOutcome.LIGHTER)
    in_line = journal.stand_in_line

    def meanwhile(own: Session) -> None:
        with database.session() as elsewhere:
            acts.change(elsewhere, case.id, ITEM)
        in_line(own)

    monkeypatch.setattr(journal, "stand_in_line", meanwhile)
    publication.publish(session, shelving, actor="operator")
    session.expire_all()
    assert len(changes_of(session, case)) == 1
    assert len(changes_of(session, other)) == 1


def test_a_step_that_touches_no_case_leaves_no_trace(session: Session, officer: Officer):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    assert CaseWatcher().released(Step(session, 1, 1)) == {}
    assert changes_of(session, case) == ()
