"""Who gets an application: the party wrote a name, and whether anybody here answers to it must be said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from knowledge.region import ancestors
from portal.accounts.models import Agency, Role, Staff, StaffRole

from .acts.case import agency_named
from .lifecycle import State
from .models import Application

WAITING = (State.DRAFT, State.SUBMITTED, State.SUPPLEMENT_REQUESTED)


class Reach(StrEnum):
    """``claim``: no agency of that name is known here, officers of the region can claim the case;
    ``nobody``: no officer here would read it, neither of the agency nor of the region."""

    CLAIM = "claim"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Unreached:
    """What the party is told before and after handing in; ``agencies`` of the region have officers here."""

    reach: Reach
    agencies: tuple[str, ...] = ()


def agencies_in(session: Session, region: str) -> tuple[str, ...]:
    """The names that are offered where a party names its authority: of those with officers."""
    return tuple(session.scalars(_with_officers(Agency.region == region)))


def unreached(session: Session, application: Application) -> Unreached | None:
    """None where officers of the agency named get the application, or where it is past being taken up."""
    if application.state not in WAITING:
        return None
    named = application.agency_id
    if application.state == State.DRAFT:
        named = agency_named(session, application.current.statement)
    if named is not None:
        return None if session.scalar(_with_officers(Agency.id == named)) else Unreached(Reach.NOBODY)
    found = session.execute(_with_officers(Agency.region.in_(ancestors(application.region)))).all()
    if not found:
        return Unreached(Reach.NOBODY)
    return Unreached(Reach.CLAIM, tuple(name for name, region in found if region == application.region))


def has_officers() -> ColumnElement[bool]:
    """Of an agency: whether an active officer belongs to it."""
    return (
        select(Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.agency_id == Agency.id, Staff.active, StaffRole.role == Role.OFFICER.value)
        .exists()
    )


def _with_officers(which: ColumnElement[bool]) -> Select[str, str]:
    """Name and region of the agencies that have an active officer."""
    return select(Agency.name, Agency.region).where(which, has_officers()).order_by(Agency.name)
