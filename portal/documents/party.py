"""The documents of an application as its party reads them. The first opening of each is recorded."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import journal
from portal.applications.access import opened_application
from portal.applications.forms import error_words
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.calendar import CHINA, today
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound
from portal.language import caller_language
from portal.permissions import public
from portal.throttle import limit_questions
from portal.uploads.files import uploads_of
from portal.uploads.limits import limits
from portal.uploads.models import Purpose
from portal.uploads.reception import hand_in_files, takes_files

from .delivery import (
    confirm_electronic_delivery,
    confirmation_of,
    confirmation_text,
    end_electronic_delivery,
    record_opening,
)
from .formats import FORMATS, document_response, print_page, sheet_response
from .issuing import Filed, documents_of, receipt_of, sheet_of
from .models import Document
from .pdf import pdf_possible
from .sheet import Sheet

pages = Blueprint("documents", __name__, url_prefix="/applications/<number>")

Page = AnyResponse | str | tuple[str, int]


@pages.get("/documents/<int:document_id>")
@public
def show(number: str, document_id: int) -> Response:
    """A document on the screen, to be printed."""
    application = opened_application(number)
    filed = _opened(application, document_id)
    return print_page(
        sheet_of(filed.document),
        filed.document.number,
        replaced_by=filed.replaced_by,
        back=url_for("applications.status", number=application.number),
        addresses=addresses(application, filed.document),
    )


@pages.get("/documents/<int:document_id>.<ending>")
@public
def download(number: str, document_id: int, ending: str) -> Response:
    """A document in Word or as PDF."""
    if ending not in FORMATS:
        raise NotFound
    filed = _opened(opened_application(number), document_id)
    return document_response(filed.document, ending)


@pages.get("/receipt")
@public
def receipt(number: str) -> Response:
    """The receipt on the screen; it does not hold the access code."""
    application = _submitted(number)
    back = url_for("applications.status", number=application.number)
    return print_page(_receipt(application), "", back=back, addresses=receipt_addresses(application))


@pages.get("/receipt.<ending>")
@public
def receipt_file(number: str, ending: str) -> Response:
    """The receipt in Word or as PDF."""
    if ending not in FORMATS:
        raise NotFound
    application = _submitted(number)
    assert application.submitted_at is not None
    on = application.submitted_at.astimezone(CHINA).date()
    return sheet_response(_receipt(application), application.number, on, ending)


@pages.route("/delivery", methods=["GET", "POST"])
@public
@limit_questions
@takes_files
def delivery(number: str) -> Page:
    """The confirmation of electronic delivery: what it means, and the signature."""
    application = opened_application(number)
    if application.state == State.DRAFT:
        raise NotFound
    if request.method == "GET":
        return _delivery(application, {"signed_on": today().isoformat()})
    typed = {name: request.form.get(name, "")[:200] for name in ("name", "address", "signed_on")}
    session = current_session()
    handed = hand_in_files(application, "scan", Purpose.SIGNATURE)
    scans = [u for u in uploads_of(session, application) if u.purpose == Purpose.SIGNATURE]
    try:
        if handed.refused:
            told = [refused.error for refused in handed.refused]
            raise FieldErrors(errors=[FieldError("scan", error.word, error.values) for error in told])
        confirm_electronic_delivery(
            session,
            application,
            name=typed["name"],
            signed_on=typed["signed_on"],
            address=typed["address"],
            scan=(handed.kept or tuple(scans) or (None,))[-1],
        )
    except FieldErrors as wrong:
        session.rollback()
        return _delivery(application, typed, wrong), 422
    _record(application, "delivery_confirmed")
    return redirect(url_for("documents.delivery", number=number), 303)


@pages.post("/delivery/end")
@public
def end_delivery(number: str) -> AnyResponse:
    """Ends electronic delivery, at once."""
    application = opened_application(number)
    if end_electronic_delivery(current_session(), application):
        _record(application, "delivery_ended")
    return redirect(url_for("documents.delivery", number=number), 303)


def addresses(application: Application, document: Document) -> dict[str, str]:
    """Where a document is had as a file, by its ending; without PDF where this machine makes none."""
    return {
        ending: url_for(
            "documents.download", number=application.number, document_id=document.id, ending=ending
        )
        for ending in _endings()
    }


def receipt_addresses(application: Application) -> dict[str, str]:
    """The same for the receipt."""
    return {
        ending: url_for("documents.receipt_file", number=application.number, ending=ending)
        for ending in _endings()
    }


@pages.app_context_processor
def documents() -> dict[str, object]:
    """What the pages of an application say of its documents."""

    def documents_here(application: Application) -> tuple[Filed, ...]:
        return documents_of(current_session(), application)

    return {
        "documents_here": documents_here,
        "document_addresses": addresses,
        "receipt_addresses": receipt_addresses,
        "pdf_possible": pdf_possible,
        "delivery_confirmation": lambda application: confirmation_of(current_session(), application),
    }


def _opened(application: Application, document_id: int) -> Filed:
    """The document, if it is this application's to read; its first opening is recorded."""
    session = current_session()
    found = next((f for f in documents_of(session, application) if f.document.id == document_id), None)
    if found is None:
        raise NotFound
    if found.opened_at is None and record_opening(session, found.document):
        journal.append(session, "party", "document.opened", f"document:{found.document.number}")
    session.commit()
    return found


def _submitted(number: str) -> Application:
    application = opened_application(number)
    if application.submitted_at is None:
        raise NotFound
    return application


def _receipt(application: Application) -> Sheet:
    """As it stood when the application was handed in."""
    submitted = application.submitted_at
    assert submitted is not None
    found = uploads_of(current_session(), application)
    evidence = (u.name for u in found if u.purpose == Purpose.EVIDENCE and u.made_at <= submitted)
    return receipt_of(application, tuple(evidence))


def _endings() -> tuple[str, ...]:
    return FORMATS if pdf_possible() else ("docx",)


def _record(application: Application, what: str) -> None:
    """The one event of the act, and its commit."""
    session = current_session()
    detail = {"state": application.state}
    journal.append(session, "party", f"application.{what}", f"application:{application.number}", detail)
    session.commit()


def _delivery(
    application: Application,
    typed: dict[str, str],
    wrong: FieldErrors | None = None,
) -> str:
    language = caller_language()
    return render_template(
        "documents/delivery.html",
        application=application,
        typed=typed,
        errors=error_words(wrong.errors, language) if wrong else {},
        text=confirmation_text(language),
        confirmation=confirmation_of(current_session(), application),
        scans=[u for u in uploads_of(current_session(), application) if u.purpose == Purpose.SIGNATURE],
        limits=limits(),
        here="apply",
    )
