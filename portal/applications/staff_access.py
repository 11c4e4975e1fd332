"""Which cases a member of staff may see or handle: load it, or the same 404 as for one that is not there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from portal.accounts.current import SignedIn
from portal.errors import NotFound
from portal.permissions import Permission

from .acts import Officer
from .lifecycle import State
from .models import Application, Origin
from .numbers import read_number


def officer_of(staff: SignedIn) -> Officer:
    """Someone signed in, as the acts need to know them."""
    return Officer(staff.id, staff.name, staff.agency_id)


def readable(staff: SignedIn) -> ColumnElement[bool]:
    """An officer sees the cases of their agency, a supervisor those of their region; nobody sees a draft."""
    allowed: list[ColumnElement[bool]] = [false()]
    if staff.may(Permission.CASES_HANDLE):
        allowed.append(Application.agency_id == staff.agency_id)
    if staff.may(Permission.CASES_READ):
        allowed.append(_within(staff.region) if staff.region else Application.agency_id == staff.agency_id)
    return and_(_handed_in(), or_(*allowed))


def unclaimed(staff: SignedIn) -> ColumnElement[bool]:
    """Open applications of the region that name an authority which the portal does not know."""
    waiting = (State.SUBMITTED.value, State.SUPPLEMENT_REQUESTED.value)
    if not staff.region or not staff.may(Permission.CASES_HANDLE):
        return false()
    return and_(
        _handed_in(),
        Application.agency_id.is_(None),
        Application.state.in_(waiting),
        _within(staff.region),
    )


def case_to_read(session: Session, staff: SignedIn, number: str) -> Application:
    return _load(session, number, readable(staff))


def case_to_handle(session: Session, staff: SignedIn, number: str) -> Application:
    return _load(session, number, and_(_handed_in(), Application.agency_id == staff.agency_id))


def case_again(session: Session, staff: SignedIn, number: str) -> Application:
    """The case as it stands now, after an act upon it was refused; nothing of the refused act is kept."""
    session.rollback()
    session.expire_all()
    return case_to_handle(session, staff, number)


def case_to_claim(session: Session, staff: SignedIn, number: str) -> Application:
    return _load(session, number, unclaimed(staff))


def _load(session: Session, number: str, allowed: ColumnElement[bool]) -> Application:
    known = read_number(number)
    found = session.scalar(select(Application).where(Application.number == known, allowed)) if known else None
    if found is None:
        raise NotFound
    return found


def _handed_in() -> ColumnElement[bool]:
    return or_(Application.submitted_at.is_not(None), Application.origin == Origin.OFFER.value)


def _within(region: str) -> ColumnElement[bool]:
    if region == "全国":
        return Application.region != ""
    return or_(Application.region == region, Application.region.startswith(f"{region}/", autoescape=True))
