"""An agency starts a case of its own motion (依职权): it offers, the party accepts or declines."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.calendar import today

from ..lifecycle import Act, Role, next_state
from ..models import Application, Origin, Revision
from ..numbers import AccessCode, next_number
from ..statement import check_statement
from .case import Officer, advance, done, hold


def offer(
    session: Session,
    region: str,
    values: Mapping[str, object],
    officer: Officer,
    *,
    code: AccessCode,
) -> Application:
    """A new case that waits for the party's answer; ``code`` is the secret of the link it gets."""
    statement = check_statement(values)
    kept = code.hash()
    application = Application(
        number=next_number(session, today().year),
        code_hash=kept,
        state=next_state(None, Act.OFFER, Role.OFFICER).value,
        region=region,
        agency_id=officer.agency_id,
        officer_id=officer.id,
        origin=Origin.OFFER.value,
        revisions=[Revision(number=1, statement=statement)],
    )
    session.add(application)
    session.flush()
    return done(session, application, Act.OFFER, {"revision": 1}, officer=officer)


def renew_offer(session: Session, application_id: int, officer: Officer, *, code: AccessCode) -> Application:
    """A new link for an offer that waits for its answer; the link before is void."""
    kept = code.hash()
    application = hold(session, application_id)
    advance(session, application, Act.OFFER, Role.OFFICER)
    application.code_hash = kept
    return done(session, application, Act.OFFER, {"link": "new"}, officer=officer)
