"""Where a case is taken out in one file: by the agency that handles it, and by the party itself."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import Session

from portal.accounts.current import SignedIn, current_staff
from portal.applications.access import opened_application
from portal.applications.acts.case import PARTY
from portal.applications.models import Application
from portal.applications.staff_access import case_to_read, officer_of
from portal.database import current_session
from portal.errors import NotFound
from portal.journal import JournalEntry
from portal.language import caller_language
from portal.permissions import Permission, public, requires
from portal.throttle import limit_questions
from portal.uploads.reception import current_store
from portal.uploads.views import attachment

from .acts import Bundle, export, last_export
from .parts import blocks

pages = Blueprint("bundles", __name__)

MIME = "application/zip"


@pages.post("/staff/cases/<number>/bundle")
@requires(Permission.CASES_HANDLE, Permission.CASES_READ)
def full_file(number: str) -> Response:
    """The full file, for the staff of the handling agency alone; to others it is the same 404."""
    staff, session = current_staff(), current_session()
    application = case_to_read(session, staff, number)
    if not takes_out(staff, application):
        raise NotFound
    return _response(_made(session, application, officer_of(staff).actor, internal=True))


@pages.post("/applications/<number>/bundle")
@public
@limit_questions
def own_data(number: str) -> Response:
    """Everything held about the party's application, without what is internal."""
    application = opened_application(number)
    return _response(_made(current_session(), application, PARTY, internal=False))


def takes_out(staff: SignedIn, application: Application) -> bool:
    """Reading a region's cases is not enough: the full file stays with the agency whose case it is."""
    return application.agency_id is not None and application.agency_id == staff.agency_id


@pages.app_context_processor
def bundle_words() -> dict[str, object]:
    """What the page of a case says of its file."""

    def exported(application: Application) -> JournalEntry | None:
        return last_export(current_session(), application)

    return {"takes_out": lambda application: takes_out(current_staff(), application), "exported": exported}


def _made(session: Session, application: Application, actor: str, *, internal: bool) -> Bundle:
    return export(
        session,
        application,
        current_store(),
        current_app.extensions["rouwen.settings"],
        caller_language(),
        actor=actor,
        internal=internal,
    )


def _response(bundle: Bundle) -> Response:
    """The file as it is decrypted; it is gone from the disk when the answer has been sent."""
    response = Response(blocks(bundle.file.reader()), mimetype=MIME)
    response.content_length = bundle.file.size
    response.headers["Content-Disposition"] = attachment(bundle.name)
    response.call_on_close(bundle.file.close)
    return response
