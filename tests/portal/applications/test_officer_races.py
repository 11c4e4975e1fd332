"""Party and officer, or two officers, at the same moment: one wins, the other is told what changed."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts import Officer, events, last_event
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.applications.papers import papers_of
from portal.database import Database
from portal.settings import Settings

from .cases import make_application
from .desk import bring_to, content, make_officer
from .racing import Race, Step, in_processes, in_threads

ROUNDS = {"threads": 6, "processes": 2}


@pytest.fixture(params=list(ROUNDS))
def race(request: pytest.FixtureRequest, database: Database, settings: Settings) -> tuple[Race, range]:
    run = partial(in_threads, database) if request.param == "threads" else partial(in_processes, settings)
    return run, range(ROUNDS[request.param])


@pytest.fixture
def officer(session: Session) -> Officer:
    return make_officer(session)


def step(name: str, officer: Officer, seen: int, **changes: object) -> Step:
    return {
        "act": name,
        "content": content(name, **changes),
        "officer": (officer.id, officer.name, officer.agency_id),
        "seen": seen,
    }


def settled(session: Session, application: Application) -> list[str]:
    """What happened, once all is over; the journal is whole."""
    session.rollback()
    session.expire_all()
    journal.verify(session)
    return [e.act.rpartition(".")[2] for e in events(session, application)]


def test_a_withdrawal_is_never_refused_because_of_an_acceptance(
    session: Session, officer: Officer, race: tuple[Race, range]
):
    run, rounds = race
    for _ in rounds:
        application = make_application(session)
        seen = last_event(session, application)
        accepting, withdrawing = run(application, step("accept", officer, seen), {"act": "withdraw"})
        assert withdrawing == "done"
        assert accepting in ("done", "conflict withdraw")
        done = settled(session, application)
        assert application.state == State.WITHDRAWN
        assert done == ["submit", *["accept"] * (accepting == "done"), "withdraw"]
        kinds = [p.document.kind for p in papers_of(session, application)]
        assert kinds == [*["acceptance"] * (accepting == "done"), "withdrawal"]


def test_of_a_change_and_an_opinion_one_wins_and_the_other_is_told(
    session: Session, officer: Officer, race: tuple[Race, range]
):
    run, rounds = race
    for _ in rounds:
        application = bring_to(session, State.ACCEPTED, officer)
        seen = last_event(session, application)
        changing = {"act": "change", "values": {"place": "别处"}, "seen": seen}
        issued, changed = run(application, step("issue_opinion", officer, seen), changing)
        assert sorted([issued, changed]) in (
            ["conflict change", "done"],
            ["conflict issue_opinion", "done"],
        )
        done = settled(session, application)
        assert done == ["submit", "accept", "issue_opinion" if issued == "done" else "change"]
        assert len(application.revisions) == 1 + (changed == "done")
        assert len(application.of_kind("issue_opinion")) == (issued == "done")


def test_of_two_officers_one_decides_and_the_other_is_told(
    session: Session, officer: Officer, race: tuple[Race, range]
):
    run, rounds = race
    for _ in rounds:
        application = make_application(session)
        seen = last_event(session, application)
        colleague = make_officer(session)
        results = run(application, step("accept", officer, seen), step("refuse", colleague, seen))
        winner = "accept" if results[0] == "done" else "refuse"
        assert sorted(results) == [f"conflict {winner}", "done"]
        assert settled(session, application) == ["submit", winner]
        assert application.officer_id == (officer if winner == "accept" else colleague).id


def test_the_same_act_from_two_windows_is_done_once(
    session: Session, officer: Officer, race: tuple[Race, range]
):
    run, rounds = race
    for _ in rounds:
        application = bring_to(session, State.ACCEPTED, officer)
        seen = last_event(session, application)
        results = run(application, *[step("conclude", officer, seen)] * 2)
        assert sorted(results) == ["conflict conclude", "done"]
        assert settled(session, application) == ["submit", "accept", "conclude"]


def test_words_added_to_the_file_never_get_in_each_others_way(
    session: Session, officer: Officer, race: tuple[Race, range]
):
    run, _ = race
    application = bring_to(session, State.ACCEPTED, officer)
    results = run(application, *[step("note", officer, 0)] * 3, step("message", officer, 0))
    assert results == ["done"] * 4
    assert sorted(settled(session, application)[2:]) == ["message", "note", "note", "note"]
