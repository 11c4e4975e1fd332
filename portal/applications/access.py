"""Who may see an application: load it, or the same 404 whatever was wrong; guessing is slowed and counted."""

from __future__ import annotations

from flask import current_app, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import current_session
from portal.metrics import current_metrics
from portal.policy import policy
from portal.throttle import Throttle

from . import visit
from .models import Application
from .numbers import code_matches, read_number
from .problems import UnknownApplication

HEADER = "X-Access-Code"
GUESSES = "code-guesses"


def application_here(number: str, code: str) -> Application:
    """The application of this request's number and code; UnknownApplication (404) otherwise.

    An address that guessed wrong too often gets that same answer for a while even with the right code:
    nothing tells it whether it is near.
    """
    throttle: Throttle = current_app.extensions["rouwen.throttle"]
    address = request.remote_addr or ""
    limit, minutes = policy().code_guesses, policy().code_guess_minutes
    barred = throttle.spent(GUESSES, address, limit, minutes)
    application = find_application(current_session(), number, code)
    if application is None or barred:
        throttle.count(GUESSES, address, limit, minutes)
        current_metrics().code_guesses.inc()
        raise UnknownApplication(minutes=minutes)
    return application


def opened_application(number: str) -> Application:
    """The application of this number, where this browser has shown its code; the same 404 otherwise."""
    if not visit.is_open_here(number):
        raise UnknownApplication(minutes=policy().code_guess_minutes)
    return current_session().scalars(select(Application).where(Application.number == number)).one()


def find_application(session: Session, number: str, code: str) -> Application | None:
    """The application, if the code is its own; as long in coming whether or not the number exists."""
    known = read_number(number)
    application = session.scalar(select(Application).where(Application.number == known)) if known else None
    matches = code_matches(code, application.code_hash if application else None)
    return application if matches else None
