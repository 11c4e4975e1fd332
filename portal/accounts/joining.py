"""Puts the staff area on the app."""

from __future__ import annotations

from flask import Flask, request

from portal.permissions import Permission

from .cookies import Cookies, in_staff_area
from .current import known_staff
from .navigation import Entry, entries_for_staff, offer


def join_staff(app: Flask) -> None:
    """Sessions of their own for staff, and what the layout of their pages needs."""
    app.session_interface = Cookies()
    offer(
        app,
        Entry("accounts", "staff_accounts.index", (Permission.STAFF_MANAGE,), order=80),
        Entry("account", "staff_account.show", (Permission.STAFF_ACCOUNT,), order=90),
    )

    @app.context_processor
    def staff_layout() -> dict[str, object]:
        return {
            "staff_area": in_staff_area(request.path),
            "known_staff": known_staff,
            "staff_entries": entries_for_staff,
        }
