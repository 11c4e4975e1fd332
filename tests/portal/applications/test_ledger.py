"""The first-offence ledger: by party and matter, within the window of the list, naming nobody."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.predicate import AllOf, FirstOffence, Lookback, Scope
from portal.applications import acts, ledger
from portal.applications.acts import Officer
from portal.applications.ledger import Window, window
from portal.applications.models import Offence

from ..small import everything_stored
from .cases import CODE, NAME, PHONE, make_application, make_values
from .desk import DAY, content, make_officer


@pytest.fixture
def officer(session: Session) -> Officer:
    return make_officer(session)


def item(*predicates: object) -> ListItem:
    conditions = tuple(Condition("条件", p) for p in predicates)  # type: ignore[arg-type]
    return ListItem("list-one", "1", "占道", ListOutcome.FIRST_OFFENCE_EXEMPT, conditions)


def concluded(session: Session, officer: Officer, found_on: str = DAY, **changes: object) -> None:
    application = make_application(session, **changes)
    acts.accept(session, application.id, content("accept"), officer)
    said = content("conclude", violation="yes", matter="占道堆放", found_on=found_on)
    acts.conclude(session, application.id, said, officer)


def test_a_violation_that_was_found_is_on_record_and_the_party_is_not_named(
    session: Session, officer: Officer
):
    concluded(session, officer)
    line = session.scalars(select(Offence)).one()
    assert (line.matter, line.outcome) == ("占道堆放", "guided")
    stored = "".join(str(v) for v in session.execute(text("SELECT party, matter FROM offences")).one())
    assert all(word not in stored for word in (CODE, NAME, PHONE))
    assert all(word not in everything_stored(session) for word in (CODE, NAME, PHONE))
    assert len(session.execute(text("SELECT party FROM offences")).scalar_one()) == 64


def test_the_party_is_found_again_by_its_code_and_nobody_else_is(session: Session, officer: Officer):
    concluded(session, officer)
    again = make_values(party_name="换了名字")
    other = make_values(credit_code="914403001922038216")
    assert len(ledger.earlier(session, again, Window())) == 1
    assert ledger.earlier(session, other, Window()) == ()


def test_no_violation_leaves_no_line(session: Session, officer: Officer):
    application = make_application(session)
    acts.accept(session, application.id, content("accept"), officer)
    acts.conclude(session, application.id, content("conclude"), officer)
    assert session.scalars(select(Offence)).all() == []


def test_only_the_window_counts_and_only_the_same_matter_where_the_list_says_so(
    session: Session, officer: Officer
):
    concluded(session, officer, "2024-01-10", item_list="list-one", item_number="1")
    concluded(session, officer, "2026-06-10", item_list="list-one", item_number="2")
    now = make_values(item_list="list-one", item_number="1")
    two_years = Window(date(2024, 11, 24), told=True, same_matter=False)
    assert [o.found_on for o in ledger.earlier(session, now, two_years)] == [date(2026, 6, 10)]
    same = Window(date(2023, 1, 1), told=True, same_matter=True)
    assert [o.found_on for o in ledger.earlier(session, now, same)] == [date(2024, 1, 10)]
    assert len(ledger.earlier(session, now, Window())) == 2


def test_a_case_does_not_count_against_itself(session: Session, officer: Officer):
    concluded(session, officer)
    own = session.scalars(select(Offence)).one().application_id
    assert ledger.earlier(session, make_values(), Window(), but_not=own) == ()


def test_the_window_is_that_of_the_item():
    on = date(2026, 11, 24)
    assert window(None, None, on) == Window()
    assert window(item(), None, on) == Window()
    year = window(item(FirstOffence(window_months=12)), None, on)
    assert (year.since, year.months, year.same_matter, year.told) == (date(2025, 11, 24), 12, True, True)
    nested = window(item(AllOf((FirstOffence(window_months=24, scope=Scope.SAME_SECTOR),))), None, on)
    assert (nested.since, nested.same_matter) == (date(2024, 11, 24), False)
    since_list = window(item(FirstOffence(since_list=True)), date(2023, 5, 1), on)
    assert since_list.since == date(2023, 5, 1)
    both = window(item(FirstOffence(window_months=12, since_list=True)), date(2026, 5, 1), on)
    assert both.since == date(2026, 5, 1)
    assert window(item(Lookback(36)), None, on).since == date(2023, 11, 24)
    assert window(item(FirstOffence()), None, on).since is None


def test_a_person_is_found_by_name_and_telephone():
    person = make_values(party_kind="person", party_name="张三", credit_code="")
    assert ledger.identifier(person) == f"person:张三|{PHONE}"
    assert ledger.identifier(make_values()) == f"code:{CODE}"
