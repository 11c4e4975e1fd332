"""What every act has in common: take hold of the case, move its state, record, commit once.

This is the only module that assigns an application's state. An act first takes hold of the
application's row, so that acts upon one application follow each other: each meets the state that the
one before left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import journal
from portal.accounts.models import Agency
from portal.database import now
from portal.journal import JournalEntry

from ..lifecycle import CLOSED, Act, Role, State, WrongStateError, next_state
from ..mailing import tell
from ..models import Application, Entry
from ..problems import CaseConflict, StateConflict

PARTY = "party"

Keep = Callable[[Application], None]
"""Called in the act's own transaction, just before its commit: what must stand or fall with the act."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts for an agency (承办人)."""

    id: int
    name: str
    agency_id: int

    @property
    def actor(self) -> str:
        """How the journal names them."""
        return f"staff:{self.name}"


def hold(session: Session, application_id: int, seen: int | None = None) -> Application:
    """The application as it is now, held until the commit: a write comes first, so that SQLite waits too.

    ``seen`` is the number of the last event that the actor's page showed; where others came since,
    CaseConflict names them.
    """
    touch = update(Application).where(Application.id == application_id).values(touched_at=now())
    session.execute(touch, execution_options={"synchronize_session": False})
    application = fresh(session, application_id)
    if seen is not None and (since := events(session, application, after=seen)):
        last = since[-1].number
        session.rollback()
        raise CaseConflict(State(application.state), tuple(since), last)
    return application


def fresh(session: Session, application_id: int) -> Application:
    session.expire_all()
    return session.get_one(Application, application_id)


def advance(session: Session, application: Application, act: Act, role: Role) -> None:
    """Puts the application in the state that follows; StateConflict, and nothing held, where none does."""
    state = State(application.state)
    try:
        after = next_state(state, act, role)
    except WrongStateError:
        session.rollback()
        raise StateConflict(state, act) from None
    application.state = after.value
    if after in CLOSED and state not in CLOSED:
        application.closed_at = now()


def entry(
    application: Application,
    act: Act,
    content: Mapping[str, Any],
    *,
    officer: Officer | None = None,
    form: str = "",
    public: bool = True,
    due_on: date | None = None,
) -> Entry:
    """What the act leaves in the case file; not yet committed."""
    made = Entry(
        kind=form or act.value,
        author=(Role.OFFICER if officer else Role.PARTY).value,
        staff_id=officer.id if officer else None,
        content=dict(content),
        public=public,
        due_on=due_on,
    )
    application.entries.append(made)
    return made


def done(
    session: Session,
    application: Application,
    act: Act,
    detail: Mapping[str, Any],
    *,
    officer: Officer | None = None,
    keep: Keep | None = None,
) -> Application:
    """Writes the one event of the act, and commits."""
    journal.append(
        session,
        officer.actor if officer else PARTY,
        f"application.{act}",
        subject(application),
        {**detail, "state": application.state},
    )
    if officer is not None:
        tell(session, application, act)
    if keep is not None:
        keep(application)
    session.commit()
    return application


def events(session: Session, application: Application, after: int = 0) -> tuple[JournalEntry, ...]:
    """What happened to an application, the first event first."""
    found = select(JournalEntry).where(
        JournalEntry.subject == subject(application), JournalEntry.number > after
    )
    return tuple(session.scalars(found.order_by(JournalEntry.number)))


def last_event(session: Session, application: Application) -> int:
    """The number of the last event, for a page to say later what it has seen."""
    found = select(func.max(JournalEntry.number)).where(JournalEntry.subject == subject(application))
    return session.scalar(found) or 0


def subject(application: Application) -> str:
    return subject_of(application.number)


def subject_of(number: str) -> str:
    """What the journal calls a case."""
    return f"application:{number}"


def agency_named(session: Session, statement: Mapping[str, object]) -> int | None:
    """The agency of this portal that the party named, where there is one of that name."""
    return session.scalar(select(Agency.id).where(Agency.name == statement["agency"]))
