"""Answering with a document: the page to be printed, Word, PDF."""

from __future__ import annotations

from datetime import date

from flask import Response, current_app, make_response, render_template

from portal.errors import Problem
from portal.logs import log_failure
from portal.settings import Settings
from portal.uploads.views import attachment

from . import pdf, word
from .issuing import sheet_of
from .layouts import layout_of
from .models import Document
from .sheet import Sheet

FORMATS = ("docx", "pdf")


class PdfNotHere(Problem):
    """No PDF on this machine; the problem says what there is instead."""

    slug = "no_pdf"


def document_response(document: Document, ending: str) -> Response:
    """A document as a file to be saved."""
    settings: Settings = current_app.extensions["rouwen.settings"]
    content = document_content(document, ending, settings)
    return _file(content, f"{sheet_of(document).title} {document.number}", ending)


def document_content(document: Document, ending: str, settings: Settings) -> bytes:
    """A document in Word or as PDF, the same each time; PdfNotHere without a font."""
    if ending == "docx":
        layout = layout_of(settings, sheet_of(document).agency, document.kind)
        return _in_word(document, layout.content)
    return _in_pdf(sheet_of(document), document.number, document.issued_on)


def sheet_response(sheet: Sheet, name: str, on: date, ending: str) -> Response:
    """A sheet that has no number of its own, such as a receipt."""
    content = word.word_of(sheet, "") if ending == "docx" else _in_pdf(sheet, "", on)
    return _file(content, f"{sheet.title} {name}", ending)


def print_page(sheet: Sheet, number: str, **more: object) -> Response:
    """The sheet as a page, to be read and printed."""
    page = render_template("documents/print.html", sheet=sheet, number=number, here="apply", **more)
    return make_response(page)


def _file(content: bytes, name: str, ending: str) -> Response:
    response = Response(content, mimetype={"docx": word.MIME, "pdf": pdf.MIME}[ending])
    response.headers["Content-Disposition"] = attachment(f"{name}.{ending}")
    return response


def _in_pdf(sheet: Sheet, number: str, on: date) -> bytes:
    try:
        return pdf.pdf_of(sheet, number, on)
    except pdf.PdfUnavailable:
        raise PdfNotHere from None


def _in_word(document: Document, layout: bytes | None) -> bytes:
    """In the layout of the agency; in the shipped one where that passed its check and fails all the same."""
    try:
        return word.word(document, layout)
    except word.LayoutError as failed:
        log_failure(failed)
        return word.word(document)
