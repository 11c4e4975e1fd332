"""Two cookies, one for the public pages and one for the staff area: neither reaches the other's pages."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface, SessionMixin

STAFF_AREA = "/staff"
STAFF_COOKIE = "rouwen_staff"
KEY, NEXT = "key", "next"


class _StaffCookie(SecureCookieSessionInterface):
    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002
        return STAFF_COOKIE

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        return STAFF_AREA


class Cookies(SessionInterface):
    """Flask's ``session`` is the staff cookie in the staff area and the visitor's cookie elsewhere."""

    def __init__(self) -> None:
        self._public = SecureCookieSessionInterface()
        self._staff = _StaffCookie()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return self._of(request.path).open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        self._of(request.path).save_session(app, session, response)

    def _of(self, path: str) -> SecureCookieSessionInterface:
        return self._staff if in_staff_area(path) else self._public


def in_staff_area(path: str) -> bool:
    return path == STAFF_AREA or path.startswith(STAFF_AREA + "/")


def staff_address(address: str) -> str | None:
    """``address`` when it is a page of the staff area that one may be sent to, else None."""
    path = address.partition("?")[0]
    plain = address.isprintable() and not any(c in address for c in "\\#") and "//" not in path
    return address if plain and in_staff_area(path) and ".." not in path else None
