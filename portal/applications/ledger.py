"""The first-offence ledger (首次违法台账): has this party done this before, within the window that counts?

A party is known only by a keyed hash of its identifier. What counts as a first offence is different in
every list, so the definition of the item that applies goes along; where none applies, every entry is shown
and the officer judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from knowledge.exemption import ListItem
from knowledge.predicate import FirstOffence, Lookback, Predicate, Scope, leaves

from .models import Application, Offence
from .retention import add_months
from .statement import PartyKind


@dataclass(frozen=True, slots=True)
class Window:
    """From which day an earlier offence counts; ``since`` None means ever. ``told`` says whether a list
    sets it, ``same_matter`` whether only the same matter counts."""

    since: date | None = None
    same_matter: bool = True
    told: bool = False
    months: int | None = None


def identifier(statement: Mapping[str, object]) -> str:
    """What a party is found by: the code of a business, else name and telephone."""
    if statement.get("party_kind") == PartyKind.BUSINESS and statement.get("credit_code"):
        return f"code:{statement['credit_code']}"
    return f"person:{statement.get('party_name')}|{statement.get('phone')}"


def matter_of(statement: Mapping[str, object]) -> str:
    """The matter of a case as the ledger names it: the item of the list, where there is one."""
    if statement.get("item_list") and statement.get("item_number"):
        return f"{statement['item_list']}#{statement['item_number']}"
    return ""


def window(item: ListItem | None, in_force_from: date | None, on: date) -> Window:
    """The window by the definition of the item; without one there is none."""
    for part in _predicates(item):
        if isinstance(part, FirstOffence):
            since = add_months(on, -part.window_months) if part.window_months else None
            if part.since_list and in_force_from:
                since = max(since, in_force_from) if since else in_force_from
            return Window(since, part.scope is Scope.SAME_MATTER, True, part.window_months)
        if isinstance(part, Lookback):
            return Window(add_months(on, -part.months), part.scope is Scope.SAME_MATTER, True, part.months)
    return Window()


def record(
    session: Session, application: Application, *, matter: str, found_on: date, outcome: str
) -> Offence:
    """One line of the ledger, in the transaction of the act that found it."""
    assert application.agency_id is not None
    statement = application.current.statement
    line = Offence(
        party=identifier(statement),
        matter=matter_of(statement) or matter,
        found_on=found_on,
        outcome=outcome,
        region=application.region,
        agency_id=application.agency_id,
        application_id=application.id,
    )
    session.add(line)
    return line


def earlier(
    session: Session, statement: Mapping[str, object], within: Window, *, but_not: int | None = None
) -> tuple[Offence, ...]:
    """What the ledger holds of this party within the window, the latest first."""
    found = (
        select(Offence)
        .where(Offence.party == identifier(statement))
        .options(joinedload(Offence.agency))
        .order_by(Offence.found_on.desc())
    )
    if but_not is not None:
        found = found.where(Offence.application_id.is_distinct_from(but_not))
    if within.since is not None:
        found = found.where(Offence.found_on >= within.since)
    if within.told and within.same_matter and (matter := matter_of(statement)):
        found = found.where(Offence.matter == matter)
    return tuple(session.scalars(found))


def _predicates(item: ListItem | None) -> Iterator[Predicate]:
    for condition in item.conditions if item else ():
        if condition.predicate is not None:
            yield from leaves(condition.predicate)
