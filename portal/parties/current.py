"""Who is signed in in this browser, and what its session holds of a sign-in on its way."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, g, session

from portal.applications import visit
from portal.applications.models import Application
from portal.database import current_session, now
from portal.keys import Cipher, Keyring
from portal.policy import policy

from . import acts
from .identity import Identity, Pending
from .models import PartySession
from .provider import IdentityService

_KEY, _PENDING = "party", "signing_in"
_FORM_TOKEN = "csrf_token"  # noqa: S105  where Flask-WTF keeps it
MAX_PENDING = 3


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in on its way, and the page of this site to come back to."""

    pending: Pending
    back: str


def identity_service() -> IdentityService | None:
    """The service that this portal was told of; None where it was told of none."""
    service: IdentityService | None = current_app.extensions.get("rouwen.identity")
    return service


def signed_in() -> PartySession | None:
    """The session of the party in this browser, if it is signed in."""
    if "party" not in g:
        key = session.get(_KEY) if identity_service() is not None else None
        g.party = acts.find_session(current_session(), str(key)) if key else None
    entry: PartySession | None = g.party
    return entry


def name_here() -> str:
    """The name to fill in for the party signed in here; empty where there is none. It may be changed."""
    entry = signed_in()
    return entry.name if entry is not None else ""


def keep_here(application: Application) -> None:
    """Keeps an application that was made in this browser for the party signed in here, if one is."""
    if (entry := signed_in()) is not None:
        acts.keep(current_session(), entry.subject, application)


def begin(back: str) -> Pending:
    """Remembers a sign-in on its way, sealed, for the few minutes that it may take."""
    pending = Pending.make()
    started = {**asdict(pending), "back": back, "at": now().timestamp()}
    session[_PENDING] = [*session.get(_PENDING, [])[1 - MAX_PENDING :], _cipher().seal(json.dumps(started))]
    return pending


def take(state: str) -> Started | None:
    """The sign-in that this state belongs to, once; None where there is none, or it took too long."""
    held: list[tuple[str, dict[str, Any]]] = [
        (sealed, json.loads(_cipher().unseal(sealed))) for sealed in session.get(_PENDING, [])
    ]
    found = next((h for h in held if state and hmac.compare_digest(h[1]["state"], state)), None)
    if found is None:
        return None
    session[_PENDING] = [sealed for sealed, _ in held if sealed != found[0]]
    told = found[1]
    if now().timestamp() - told["at"] > timedelta(minutes=policy().party_pending_minutes).total_seconds():
        return None
    return Started(Pending(told["state"], told["nonce"], told["verifier"]), told["back"])


def enter(identity: Identity) -> None:
    """Signs the party in here. Of what this browser held before only the form being written is left: neither
    the form token nor an application that someone else opened outlives a sign-in."""
    service = identity_service()
    assert service is not None
    if (before := signed_in()) is not None:
        acts.sign_out(current_session(), before)
    subject = _cipher().blind(f"oidc|{service.issuer}|{identity.subject}")
    key = acts.sign_in(current_session(), subject, identity.name)
    visit.only_writing()
    for name in (_PENDING, _FORM_TOKEN):
        session.pop(name, None)
    session[_KEY] = key
    g.pop("party", None)


def leave() -> None:
    """Signs out, and closes everything in this browser."""
    if (entry := signed_in()) is not None:
        acts.sign_out(current_session(), entry)
    visit.leave()
    for name in (_KEY, _PENDING, _FORM_TOKEN):
        session.pop(name, None)
    g.pop("party", None)


def _cipher() -> Cipher:
    keyring: Keyring = current_app.extensions["rouwen.keyring"]
    return keyring.cipher()
