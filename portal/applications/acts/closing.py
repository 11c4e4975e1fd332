"""How an officer ends a case, and what is done with it afterwards."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from .. import ledger, papers
from ..lifecycle import Act, Role
from ..models import Application
from .case import Officer, advance, done, entry, hold
from .officer import Content


def conclude(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Ends the case with its outcome; a violation that was found goes into the first-offence ledger."""
    application = _end(session, application_id, Act.CONCLUDE, officer, seen)
    application.correction_due = None
    if content["violation"] == "yes":
        ledger.record(
            session,
            application,
            matter=content["matter"],
            found_on=date.fromisoformat(content["found_on"]),
            outcome=content["outcome"],
        )
    entry(application, Act.CONCLUDE, content, officer=officer)
    return done(session, application, Act.CONCLUDE, {"outcome": content["outcome"]}, officer=officer)


def terminate(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Ends soft enforcement on a typed ground; the matter goes on by other procedures."""
    application = _end(session, application_id, Act.TERMINATE, officer, seen)
    application.ground = content["ground"]
    number = papers.termination(session, application, content, officer)
    entry(application, Act.TERMINATE, {**content, "document": number}, officer=officer)
    return done(session, application, Act.TERMINATE, {"ground": content["ground"]}, officer=officer)


def hand_over(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Hands a suspected crime over (移送); to whom and why is not shown to the party."""
    application = _end(session, application_id, Act.HAND_OVER, officer, seen)
    application.ground = "crime"
    entry(application, Act.HAND_OVER, content, officer=officer, public=False)
    return done(session, application, Act.HAND_OVER, {"ground": "crime"}, officer=officer)


def follow_up(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Records a follow-up visit or call; it also answers a bad rating."""
    application = hold(session, application_id, seen)
    advance(session, application, Act.FOLLOW_UP, Role.OFFICER)
    application.poorly_rated_on = None
    entry(application, Act.FOLLOW_UP, content, officer=officer)
    detail = {"way": content["way"], "corrected": content["corrected"]}
    return done(session, application, Act.FOLLOW_UP, detail, officer=officer)


def archive(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Puts the closed case in the archive; nothing is done to it afterwards."""
    application = hold(session, application_id, seen)
    advance(session, application, Act.ARCHIVE, Role.OFFICER)
    entry(application, Act.ARCHIVE, content, officer=officer)
    return done(session, application, Act.ARCHIVE, {}, officer=officer)


def _end(session: Session, application_id: int, act: Act, officer: Officer, seen: int | None) -> Application:
    application = hold(session, application_id, seen)
    advance(session, application, act, Role.OFFICER)
    application.officer_id = application.officer_id or officer.id
    return application
