"""The documents and files of a case as its officers read them; another agency's case is the same 404."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from portal.accounts.current import current_staff
from portal.applications.models import Application
from portal.applications.staff_access import case_to_read
from portal.database import current_session
from portal.errors import NotFound
from portal.permissions import Permission, requires
from portal.uploads.files import upload_of
from portal.uploads.views import file_response

from .formats import FORMATS, document_response, print_page
from .issuing import Filed, documents_of, sheet_of
from .pdf import pdf_possible

pages = Blueprint("case_documents", __name__, url_prefix="/staff/cases/<number>")


@pages.get("/documents/<int:document_id>")
@requires(Permission.CASES_HANDLE, Permission.CASES_READ)
def show(number: str, document_id: int) -> Response:
    """A document on the screen, to be printed."""
    filed = _document(_case(number), document_id)
    endings = FORMATS if pdf_possible() else ("docx",)
    return print_page(
        sheet_of(filed.document),
        filed.document.number,
        replaced_by=filed.replaced_by,
        addresses={
            ending: url_for("case_documents.download", number=number, document_id=document_id, ending=ending)
            for ending in endings
        },
    )


@pages.get("/documents/<int:document_id>.<ending>")
@requires(Permission.CASES_HANDLE, Permission.CASES_READ)
def download(number: str, document_id: int, ending: str) -> Response:
    """A document in Word or as PDF."""
    if ending not in FORMATS:
        raise NotFound
    return document_response(_document(_case(number), document_id).document, ending)


@pages.get("/evidence/<token>")
@requires(Permission.CASES_HANDLE, Permission.CASES_READ)
def evidence(number: str, token: str) -> Response:
    """A file that the party handed in."""
    upload = upload_of(current_session(), _case(number), token)
    if upload is None:
        raise NotFound
    return file_response(upload)


def _case(number: str) -> Application:
    """A case that the one signed in may read."""
    return case_to_read(current_session(), current_staff(), number)


def _document(case: Application, document_id: int) -> Filed:
    found = documents_of(current_session(), case, internal=True)
    filed = next((f for f in found if f.document.id == document_id), None)
    if filed is None:
        raise NotFound
    return filed
