"""Puts the figures on the app, and their place in the staff area."""

from __future__ import annotations

from flask import Flask

from portal.accounts.navigation import Entry, offer

from . import pages


def join_reports(app: Flask) -> None:
    app.register_blueprint(pages.pages)
    offer(app, Entry("figures", "reports.show", pages.READS, order=15))
