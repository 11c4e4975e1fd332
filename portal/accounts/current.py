"""Who is signed in at this request."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.database import current_session
from portal.errors import PROBLEM_TYPE, Forbidden
from portal.permissions import Permission

from .cookies import KEY, NEXT, staff_address
from .models import Role, StaffSession
from .roles import permissions_of
from .sessions import Stage, find_entry, stage_of

PAGES = {
    Stage.CODE: "staff.code",
    Stage.NEW_PASSWORD: "staff.new_password",
    Stage.SECOND_FACTOR: "staff.second_factor",
    Stage.READY: "staff.home",
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff as acts and pages need to know it; ``region`` is that of the agency, or empty."""

    id: int
    name: str
    agency_id: int
    agency: str
    region: str
    roles: frozenset[Role]

    def may(self, *permissions: Permission) -> bool:
        """True where the roles grant any of ``permissions``."""
        return not permissions_of(self.roles).isdisjoint(permissions)


def current_entry() -> StaffSession | None:
    """The staff session of this request, finished signing in or not; looked up once."""
    if "staff_entry" not in g:
        key = session.get(KEY)
        g.staff_entry = find_entry(current_session(), key) if isinstance(key, str) else None
    entry: StaffSession | None = g.staff_entry
    return entry


def current_staff() -> SignedIn:
    """Who is signed in; Forbidden where nobody is. Views under ``@requires`` always have someone."""
    entry = current_entry()
    if entry is None or stage_of(entry) is not Stage.READY:
        raise Forbidden
    staff = entry.staff
    agency = staff.agency
    signed_in = SignedIn(staff.id, staff.name, agency.id, agency.name, agency.region, staff.roles)
    g.staff = signed_in
    return signed_in


def known_staff() -> SignedIn | None:
    """Who was found to be signed in earlier in this request; asks no database, for layouts of any page."""
    staff: SignedIn | None = g.get("staff")
    return staff


def keep_key(key: str) -> None:
    """Gives the browser the key of a session; what its cookie held before goes, but for the way back."""
    back = session.get(NEXT)
    session.clear()
    session[KEY] = key
    if back:
        session[NEXT] = back
    for name in ("staff_entry", "staff", "csrf_token"):
        g.pop(name, None)


def hold_off(permissions: tuple[Permission, ...]) -> Response | None:
    """None for who may pass; the way to sign in for who has not; Forbidden for who may not."""
    entry = current_entry()
    if entry is None or stage_of(entry) is not Stage.READY:
        if request.accept_mimetypes.best in ("application/json", PROBLEM_TYPE):
            raise Forbidden
        return redirect(_way_in(entry), 303)
    if not current_staff().may(*permissions):
        raise Forbidden
    return None


def _way_in(entry: StaffSession | None) -> str:
    if entry is not None:
        return url_for(PAGES[stage_of(entry)])
    asked = urlencode(list(request.args.items(multi=True)))
    here = quote(request.path) + (f"?{asked}" if asked else "")
    back = staff_address(here) if request.method == "GET" and here != url_for("staff.home") else None
    return url_for("staff.sign_in", next=back)


def actor() -> str:
    """The name of whoever is signed in, for what they do."""
    return current_staff().name
