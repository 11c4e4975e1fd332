"""The portal: people and records. ``create_app`` is the one place where its parts are joined.

Importing this package loads nothing of it, so that the command line and the server's configuration
start at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

    from .settings import Settings

STATIC = Path(__file__).resolve().parent.parent / "static"


def create_app(settings: Settings) -> Flask:
    """The portal for these settings. It opens no connection, model or index: that is for after the fork."""
    from flask import Flask

    from .permissions import check_routes

    app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["rouwen.settings"] = settings
    csrf = _join_services(app, settings)
    _join_public(app, csrf)
    _join_staff_areas(app, settings, csrf)
    check_routes(app)
    return app


def _join_services(app: Flask, settings: Settings) -> CSRFProtect:
    """What every page rests on."""
    from .accounts.joining import join_staff
    from .chat import assistant
    from .database import Database, join_database
    from .errors import join_errors
    from .keys import Keyring
    from .library.holder import join_knowledge
    from .logs import join_logs
    from .look import join_look
    from .metrics import join_metrics
    from .parties.joining import join_identity
    from .security import join_security
    from .throttle import join_throttle
    from .watchers import join_watchers

    keyring = Keyring.open(settings)
    app.extensions["rouwen.keyring"] = keyring
    join_logs(app)
    join_metrics(app)
    csrf = join_security(app, settings, keyring)
    join_staff(app)
    join_errors(app)
    join_look(app)
    join_database(app, join_watchers(Database(settings.database_url, keyring.cipher())))
    join_throttle(app, settings, keyring)
    join_knowledge(app, settings)
    join_identity(app, settings)
    assistant.join_model(app, settings)
    return csrf


def _join_public(app: Flask, csrf: CSRFProtect) -> None:
    """What anyone may call."""
    from . import description, health
    from . import pages as site_pages
    from .applications import api as applications_api
    from .applications import apply, mail_views, party, party_acts
    from .chat import api as chat_api
    from .chat import views as chat_pages
    from .library import api as library_api
    from .library import pages as library_pages
    from .library import topics as library_topics
    from .parties import views as party_pages

    for api in (chat_api.api, library_api.api, applications_api.api, description.api):
        csrf.exempt(api)
        app.register_blueprint(api)
    for pages in (
        health.health,
        site_pages.pages,
        chat_pages.pages,
        library_topics.topics,
        library_pages.pages,
        apply.pages,
        party.pages,
        party_acts.pages,
        mail_views.pages,
        party_pages.pages,
    ):
        app.register_blueprint(pages)


def _join_staff_areas(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Sign-in, the editors' desk and the officers' cases."""
    from .accounts import account, administration
    from .accounts import views as sign_in_pages
    from .agencies import views as agency_pages
    from .applications import basis_page, complaints, offers, officer, paper_pages
    from .applications.staff_pages import join_cases
    from .bundles import pages as bundle_pages
    from .chat.joining import join_questions
    from .documents.joining import join_documents
    from .library.desk.joining import join_desk
    from .reports.joining import join_reports
    from .switching import join_switching

    for pages in (sign_in_pages.pages, account.pages, administration.pages, agency_pages.pages):
        app.register_blueprint(pages)
    join_desk(app)
    join_questions(app)
    join_switching(app)
    for pages in (
        officer.pages,
        paper_pages.pages,
        complaints.pages,
        offers.pages,
        basis_page.pages,
        bundle_pages.pages,
    ):
        app.register_blueprint(pages)
    join_cases(app, settings)
    join_reports(app)
    join_documents(app, settings, csrf)
