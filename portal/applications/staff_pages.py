"""Puts the pages of cases on the app: their places in the staff area, the working days, one-time tokens."""

from __future__ import annotations

import secrets

from flask import Flask

from portal.accounts.navigation import Entry, offer
from portal.permissions import Permission
from portal.settings import Settings

from .deadlines import FILE_NAME
from .workday_file import WorkdayFile


def join_cases(app: Flask, settings: Settings) -> None:
    """A file of working days that cannot be read stops the start with one clear sentence."""
    app.extensions["rouwen.workdays"] = WorkdayFile(settings.data / FILE_NAME)
    offer(
        app,
        Entry("cases", "cases.queue", (Permission.CASES_HANDLE, Permission.CASES_READ), order=10),
        Entry("complaints", "complaints.index", (Permission.CASES_READ,), order=20),
    )

    @app.context_processor
    def tokens() -> dict[str, object]:
        return {"once": lambda: secrets.token_urlsafe(16)}
