"""The pages of signing in, and the start page of the staff area."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.database import current_session
from portal.errors import FieldErrors
from portal.permissions import Permission, public, requires
from portal.policy import policy
from portal.throttle import Throttle

from . import signing_in, totp
from .cookies import NEXT, staff_address
from .current import PAGES, current_entry, current_staff, keep_key
from .forms import Answer, field_text, form_page, secret_text
from .models import StaffSession
from .sessions import Stage, stage_of

pages = Blueprint("staff", __name__, url_prefix="/staff")


def at(*stages: Stage) -> Callable[[Callable[[StaffSession], Answer]], Callable[[], Answer]]:
    """Gives a view the sign-in under way when it is at one of ``stages``; else sends to where it is."""

    def declare(view: Callable[[StaffSession], Answer]) -> Callable[[], Answer]:
        @wraps(view)
        def guarded() -> Answer:
            entry = current_entry()
            if entry is None:
                return redirect(url_for("staff.sign_in"), 303)
            stage = stage_of(entry)
            replacing = stage is Stage.READY and entry.new_secret is not None
            if stage in stages or (replacing and Stage.SECOND_FACTOR in stages):
                return view(entry)
            return _onward(entry)

        return public(guarded)

    return declare


@pages.get("")
@requires(Permission.STAFF_ACCOUNT)
def home() -> str:
    return render_template("staff/home.html")


@pages.get("/sign-in")
@public
def sign_in() -> Answer:
    entry = current_entry()
    if entry is not None:
        return _onward(entry)
    back = staff_address(request.args.get("next", ""))
    if back:
        session[NEXT] = back
    return form_page("staff/sign_in.html", name="")


@pages.post("/sign-in")
@public
def try_sign_in() -> Answer:
    name = field_text("name", 60)
    key = signing_in.sign_in(current_session(), name, secret_text("password"), heard=_may_try())
    if key is None:
        _count_failure()
        return form_page("staff/sign_in.html", [signing_in.wrong("name", "staff_sign_in")], name=name)
    keep_key(key)
    return _onward(current_entry())


@pages.get("/code")
@at(Stage.CODE)
def code(_entry: StaffSession) -> Answer:
    return form_page("staff/code.html")


@pages.post("/code")
@at(Stage.CODE)
def try_code(entry: StaffSession) -> Answer:
    key = signing_in.give_code(current_session(), entry, secret_text("code")) if _may_try() else None
    if key is None:
        _count_failure()
        return form_page("staff/code.html", [signing_in.wrong("code", "staff_code")])
    keep_key(key)
    return _onward(current_entry())


@pages.get("/new-password")
@at(Stage.NEW_PASSWORD)
def new_password(entry: StaffSession) -> Answer:
    return form_page("staff/new_password.html", rules=policy().staff, name=entry.staff.name)


@pages.post("/new-password")
@at(Stage.NEW_PASSWORD)
def choose_password(entry: StaffSession) -> Answer:
    new, again = secret_text("new_password"), secret_text("again")
    try:
        key = signing_in.choose_password(current_session(), entry, new, again)
    except FieldErrors as wrong:
        return form_page("staff/new_password.html", wrong.errors, rules=policy().staff, name=entry.staff.name)
    keep_key(key)
    return _onward(current_entry())


@pages.get("/second-factor")
@at(Stage.SECOND_FACTOR)
def second_factor(entry: StaffSession) -> Answer:
    return _second_factor_page(entry)


@pages.post("/second-factor")
@at(Stage.SECOND_FACTOR)
def confirm_second_factor(entry: StaffSession) -> Answer:
    """The recovery codes stand on the answer itself, since nothing keeps them to be shown later."""
    confirmed = signing_in.confirm_second_factor(current_session(), entry, secret_text("code"))
    if confirmed is None:
        return _second_factor_page(entry, wrong=True)
    key, codes = confirmed
    keep_key(key)
    current_staff()
    return render_template(
        "staff/recovery_codes.html", codes=codes, onward=session.pop(NEXT, url_for("staff.home"))
    )


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    entry = current_entry()
    if entry is not None:
        signing_in.sign_out(current_session(), entry)
    session.clear()
    return redirect(url_for("staff.sign_in"), 303)


def _second_factor_page(entry: StaffSession, *, wrong: bool = False) -> Answer:
    secret = signing_in.begin_second_factor(current_session(), entry)
    errors = [signing_in.wrong("code", "staff_confirm_code")] if wrong else []
    return form_page(
        "staff/second_factor.html",
        errors,
        drawing=Markup(totp.qr_code(totp.setup_address(secret, entry.staff.name))),  # noqa: S704  our own
        secret=totp.spaced(secret),
        replacing=stage_of(entry) is Stage.READY,
    )


def _onward(entry: StaffSession | None) -> Response:
    """To the page that the sign-in waits at; once it is done, to where it came from."""
    if entry is None:
        return redirect(url_for("staff.sign_in"), 303)
    stage = stage_of(entry)
    back = staff_address(str(session.pop(NEXT, ""))) if stage is Stage.READY else None
    return redirect(back or url_for(PAGES[stage]), 303)


def _throttle() -> Throttle:
    throttle: Throttle = current_app.extensions["rouwen.throttle"]
    return throttle


def _may_try() -> bool:
    rules = policy().staff
    address = request.remote_addr or ""
    return not _throttle().spent("staff-sign-in", address, rules.address_failures, rules.address_minutes)


def _count_failure() -> None:
    rules = policy().staff
    address = request.remote_addr or ""
    _throttle().count("staff-sign-in", address, rules.address_failures, rules.address_minutes)
