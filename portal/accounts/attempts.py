"""Wrong passwords and codes are counted for each account; too many in a row lock it for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, case, literal, null, update
from sqlalchemy.orm import Session

from portal import journal
from portal.database import Moment, now
from portal.policy import policy

from .models import Staff


def admit(session: Session, staff: Staff) -> bool:
    """Counts an attempt before it is looked at, so that guesses made at once cannot outrun the count.

    False while the account is locked. An attempt that turns out right is given back.
    """
    rules, at = policy().staff, now()
    of_staff = update(Staff).where(Staff.id == staff.id).execution_options(synchronize_session=False)
    session.execute(of_staff.where(Staff.locked_until <= at).values(failures=0, locked_until=None))
    until = literal(at + timedelta(minutes=rules.lock_minutes), Moment())
    taken = session.execute(
        of_staff.where(Staff.locked_until.is_(None)).values(
            failures=Staff.failures + 1,
            locked_until=case((Staff.failures + 1 >= rules.failures, until), else_=null()),
        )
    )
    session.commit()
    session.refresh(staff)
    return cast(CursorResult[Any], taken).rowcount == 1


def give_back(staff: Staff) -> None:
    """This attempt was right, though more is still to be shown; those before it stay counted."""
    staff.failures, staff.locked_until = max(0, staff.failures - 1), None


def forgive(staff: Staff) -> None:
    """All is shown: the count starts again."""
    staff.failures, staff.locked_until = 0, None


def fail(session: Session, staff: Staff, what: str) -> None:
    """The attempt was wrong; where it was the last one the journal says that the account is locked."""
    if staff.locked_until is not None:
        journal.append(session, staff.name, "staff.locked", staff.name, {"by": what})
        session.commit()
