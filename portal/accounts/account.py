"""The own account: another password, another second factor."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.database import current_session
from portal.errors import FieldError, FieldErrors
from portal.permissions import Permission, requires
from portal.policy import policy

from . import signing_in
from .current import current_entry, keep_key
from .forms import form_page, secret_text

pages = Blueprint("staff_account", __name__, url_prefix="/staff/account")


@pages.get("")
@requires(Permission.STAFF_ACCOUNT)
def show() -> tuple[str, int]:
    return _account_page()


@pages.post("/password")
@requires(Permission.STAFF_ACCOUNT)
def change_password() -> Response | tuple[str, int]:
    entry = current_entry()
    assert entry is not None
    given = [secret_text(name) for name in ("password", "new_password", "again")]
    try:
        key = signing_in.change_password(current_session(), entry, *given)
    except FieldErrors as wrong:
        return _account_page(wrong.errors, form="password")
    keep_key(key)
    flash("staff.account.password_changed")
    return redirect(url_for(".show"), 303)


@pages.post("/second-factor")
@requires(Permission.STAFF_ACCOUNT)
def replace_second_factor() -> Response | tuple[str, int]:
    entry = current_entry()
    assert entry is not None
    try:
        signing_in.replace_second_factor(
            current_session(), entry, secret_text("password"), secret_text("code")
        )
    except FieldErrors as wrong:
        return _account_page(wrong.errors, form="second_factor")
    return redirect(url_for("staff.second_factor"), 303)


def _account_page(errors: Iterable[FieldError] = (), form: str = "") -> tuple[str, int]:
    entry = current_entry()
    assert entry is not None
    return form_page(
        "staff/account.html",
        errors,
        form=form,
        rules=policy().staff,
        member=entry.staff,
        codes_left=signing_in.recovery_codes_left(current_session(), entry.staff_id),
    )
