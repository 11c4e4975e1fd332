"""Members of staff for the tests: signed in cheaply, or walked through the pages of signing in."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pyotp
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.acts import add_staff
from portal.accounts.cookies import KEY, STAFF_AREA
from portal.accounts.models import Agency, Role, Staff, StaffRole, StaffSession
from portal.accounts.passwords import hash_password
from portal.accounts.sessions import open_entry
from portal.database import Database, now

AGENCY = "湛河区城市管理局"
PASSWORD = "Zhan-he 2026 lamp"
NO_PASSWORD = "!"

_numbers = itertools.count(1)


def make_staff(
    session: Session, *roles: Role, agency: str = AGENCY, region: str = "", name: str = "", secret: str = ""
) -> Staff:
    """A member of staff who is past the first sign-in but has no password: no hashing, so it is quick."""
    held = session.scalar(select(Agency).where(Agency.name == agency)) or Agency(name=agency)
    held.region = region or held.region or ""
    staff = Staff(
        name=name or f"{roles[0].value}-{next(_numbers)}",
        password_hash=NO_PASSWORD,
        must_change_password=False,
        totp_secret=secret or pyotp.random_base32(),
        agency=held,
        grants=[StaffRole(role=role.value) for role in roles],
    )
    session.add(staff)
    session.commit()
    return staff


def signed_in(client: FlaskClient, *roles: Role, agency: str = AGENCY, region: str = "") -> Staff:
    """Signs ``client`` in as someone new with ``roles`` at ``agency``, without the pages of signing in."""
    database: Database = client.application.extensions["rouwen.database"]
    with database.session() as session:
        staff = make_staff(session, *roles, agency=agency, region=region)
        sign_in_as(client, session, staff)
    return staff


def sign_in_as(client: FlaskClient, session: Session, staff: Staff) -> None:
    """Gives ``client`` a finished session of ``staff``."""
    key = open_entry(session, staff)
    entry = session.scalars(select(StaffSession).order_by(StaffSession.id.desc())).first()
    assert entry is not None
    entry.proven = True
    session.commit()
    with client.session_transaction(STAFF_AREA) as cookie:
        cookie.clear()
        cookie[KEY] = key


def send(client: FlaskClient, address: str, page: str = "", **fields: Any) -> TestResponse:
    """Posts a form of the staff area with the token that the page ``page`` (or the address) carries."""
    shown = client.get(page or address)
    token = BeautifulSoup(shown.text, "html.parser").select_one("[name=csrf_token]")
    assert token is not None, f"{page or address} is no page with a form: {shown.status}"
    return client.post(address, data={"csrf_token": token["value"], **fields})


def wrong_fields(response: TestResponse) -> dict[str, str]:
    """What a page says is wrong, by the field it stands at."""
    page = BeautifulSoup(response.text, "html.parser")
    return {
        str(told["id"]).removesuffix("-wrong"): told.get_text(strip=True)
        for told in page.select(".wrong[id]")
    }


def code_now(secret: str, ahead: int = 0) -> str:
    """The code that an authenticator shows now, or ``ahead`` steps from now."""
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=30 * ahead))


def settled(session: Session, *roles: Role, name: str = "wang.wu", agency: str = AGENCY) -> tuple[Staff, str]:
    """Someone with PASSWORD and a second factor, and the secret of that."""
    staff = add_staff(session, name, roles[0], agency, further=roles[1:]).staff
    staff.password_hash, staff.must_change_password = hash_password(PASSWORD), False
    staff.totp_secret = pyotp.random_base32()
    session.commit()
    return staff, staff.totp_secret


def age(session: Session, *, idle: int = 0, started: int = 0) -> None:
    """Makes every session older: ``idle`` minutes since its last use, ``started`` minutes since its start."""
    for entry in session.scalars(select(StaffSession)):
        entry.seen_at -= timedelta(minutes=idle)
        entry.started_at -= timedelta(minutes=started)
    session.commit()
