"""Answering with a document: the page to be printed, Word, PDF."""

from __future__ import annotations

from collections.abc import Mapping
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
    sheet, number = sheet_of(document), document.number
    if ending == "docx":
        settings: Settings = current_app.extensions["rouwen.settings"]
        layout = layout_of(settings, sheet.agency, document.kind)
        content = _in_word(sheet, number, document.content["fields"], layout.content)
    else:
        content = _in_pdf(sheet, number, document.issued_on)
    return _file(content, f"{sheet.title} {number}", ending)


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


def _in_word(sheet: Sheet, number: str, fields: Mapping[str, object], layout: bytes | None) -> bytes:
    """In the layout of the agency; in the shipped one where that passed its check and fails all the same."""
    try:
        return word.word_of(sheet, number, fields, layout)
    except word.LayoutError as failed:
        log_failure(failed)
        return word.word_of(sheet, number, fields)
