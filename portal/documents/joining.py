"""Joins documents and uploads to the portal."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

from portal.settings import Settings
from portal.uploads import views as upload_pages
from portal.uploads.reception import exempt_from_early_check, join_uploads

from . import officer, party


def join_documents(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Adds their pages and the store of files; called when the pages that take files are there."""
    join_uploads(app, settings)
    for pages in (upload_pages.pages, party.pages, officer.pages):
        app.register_blueprint(pages)
    exempt_from_early_check(app, csrf)
