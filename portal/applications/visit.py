"""What a party's browser holds, in its signed session: the application being written, and those it opened."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask import current_app, session
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import now
from portal.keys import Keyring
from portal.policy import policy

from .models import Application
from .numbers import AccessCode

_WRITING = "writing"
_OPENED = "opened"
_DECLINED = "declined"
_ANSWERED = "answered"
MAX_OPENED = 8


@dataclass(frozen=True, slots=True)
class Writing:
    """An application on its way: the choice before it, its access code, and its number once it is a draft.

    ``answer`` is the answer of the assistant that it started from. Where ``code_known`` is false the draft
    was made elsewhere by the party signed in here: its code was said there, and ``code`` is not it.
    """

    choice: str
    code: AccessCode
    region: str
    answer: str = ""
    number: str = ""
    code_known: bool = True


def begin(choice: str, region: str, answer: str) -> None:
    _keep(Writing(choice, AccessCode.make(), region, answer))


def resume(choice: str, region: str, number: str, code: str) -> None:
    """Goes on with a draft that was opened by number and code."""
    _keep(Writing(choice, AccessCode(code), region, number=number))


def resume_without_code(choice: str, region: str, number: str) -> None:
    """Goes on with a draft of the party signed in here."""
    _keep(Writing(choice, AccessCode.make(), region, number=number, code_known=False))


def writing() -> Writing | None:
    """The application being written in this browser, if any."""
    kept = session.get(_WRITING)
    if not kept:
        return None
    code = AccessCode(_keyring().cipher().unseal(kept["code"]))
    return Writing(**{**kept, "code": code})


def numbered(number: str) -> None:
    """The application being written has become a draft of this number."""
    kept = writing()
    if kept is not None and kept.number != number:
        _keep(replace(kept, number=number, code_known=True))  # a draft made anew has the code held here


def open_here(number: str) -> None:
    """Lets this browser see the application for a while without its code."""
    opened = {**session.get(_OPENED, {}), number: now().timestamp()}
    session[_OPENED] = dict(sorted(opened.items(), key=lambda item: item[1])[-MAX_OPENED:])


def is_open_here(number: str) -> bool:
    """True while the browser may see it; each look keeps it open longer."""
    since = session.get(_OPENED, {}).get(number, 0)
    if now().timestamp() - since > timedelta(minutes=policy().party_session_minutes).total_seconds():
        return False
    open_here(number)
    return True


def opened_here() -> tuple[str, ...]:
    """The applications that this browser may see, the last one opened first."""
    return tuple(number for number in reversed(session.get(_OPENED, {})) if is_open_here(number))


def opened(database: Session, number: str) -> Application:
    """The application, of a number that this browser may see."""
    return database.scalars(select(Application).where(Application.number == number)).one()


def answer(number: str, code: AccessCode) -> None:
    """Keeps the code of an offer that was answered here, for its receipt."""
    session[_ANSWERED] = {"number": number, "code": _keyring().cipher().seal(code.text)}


def answered() -> tuple[str, AccessCode] | None:
    """Number and code of the offer that was last answered in this browser."""
    kept = session.get(_ANSWERED)
    return (kept["number"], AccessCode(_keyring().cipher().unseal(kept["code"]))) if kept else None


def decline(choice: str) -> None:
    session.pop(_WRITING, None)
    session[_DECLINED] = choice


def declined() -> str:
    """The record of the last choice not to apply."""
    return str(session.get(_DECLINED, ""))


def only_writing() -> None:
    """Forgets everything but the application being written."""
    for name in (_OPENED, _DECLINED, _ANSWERED):
        session.pop(name, None)


def leave() -> None:
    """Forgets everything, as on a computer that others use too."""
    for name in (_WRITING, _OPENED, _DECLINED, _ANSWERED):
        session.pop(name, None)


def _keep(kept: Writing) -> None:
    session[_WRITING] = {**asdict(kept), "code": _keyring().cipher().seal(kept.code.text)}


def _keyring() -> Keyring:
    keyring: Keyring = current_app.extensions["rouwen.keyring"]
    return keyring
