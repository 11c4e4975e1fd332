"""Answering with a document: the page to be printed, Word, PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Response, current_app, make_response, render_template

from portal.errors import NotFound, Problem
from portal.logs import log_failure
from portal.settings import Settings
from portal.uploads.views import attachment

from . import pdf, word
from .issuing import sheet_of
from .layouts import Layout, layout_of
from .models import Document
from .sheet import Sheet

FORMATS = ("docx", "pdf")


class PdfNotHere(Problem):
    """No PDF on this machine; the problem says what there is instead."""

    slug = "no_pdf"


def document_response(document: Document, ending: str) -> Response:
    """A document as a file to be saved."""
    sheet = sheet_of(document)
    settings: Settings = current_app.extensions["rouwen.settings"]
    fields: Mapping[str, object] = document.content["fields"]
    layout = layout_of(settings, sheet.agency, document.kind)
    return _file(sheet, document.number, document.issued_on, ending, fields, layout)


def sheet_response(sheet: Sheet, name: str, on: date, ending: str) -> Response:
    """A sheet that has no number of its own, such as a receipt."""
    return _file(sheet, "", on, ending, {}, Layout(), name)


def print_page(sheet: Sheet, number: str, **more: object) -> Response:
    """The sheet as a page, to be read and printed."""
    page = render_template("documents/print.html", sheet=sheet, number=number, here="apply", **more)
    return make_response(page)


def _file(
    sheet: Sheet,
    number: str,
    on: date,
    ending: str,
    fields: Mapping[str, object],
    layout: Layout,
    name: str = "",
) -> Response:
    if ending == "docx":
        content, mime = _in_word(sheet, number, fields, layout), word.MIME
    elif ending == "pdf":
        try:
            content, mime = pdf.pdf_of(sheet, number, on), pdf.MIME
        except pdf.PdfUnavailable:
            raise PdfNotHere from None
    else:
        raise NotFound
    response = Response(content, mimetype=mime)
    called = f"{sheet.title} {number or name}.{ending}"
    response.headers["Content-Disposition"] = attachment(called)
    return response


def _in_word(sheet: Sheet, number: str, fields: Mapping[str, object], layout: Layout) -> bytes:
    """In the layout of the agency; in the shipped one where that passed its check and fails all the same."""
    try:
        return word.word_of(sheet, number, fields, layout.content)
    except word.LayoutError as failed:
        log_failure(failed)
        return word.word_of(sheet, number, fields)
