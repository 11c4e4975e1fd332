"""The pages inside a bundle, to be read in any browser without this portal: the catalogue and the case."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from flask import render_template

from portal import STATIC
from portal.applications.case_page import act_words, by_words, cited_sources, entry_lines, option_words
from portal.applications.case_page import revisions as changes_of
from portal.applications.presentation import event_json
from portal.applications.statement import FIELDS
from portal.documents.pdf import pdf_possible
from portal.journal import JournalEntry
from portal.wording import wording

from .parts import CATALOGUE, FORMAT, Part, Row, bytes_part, json_part
from .record import Record

CATALOGUE_PAGE = "catalogue.html"
CASE_PAGE = "case.html"
_STYLE = "style.css"


class Line(NamedTuple):
    """One event in words, with its place and its hash in the journal."""

    number: int
    at: datetime
    act: str
    by: str
    hash: str


def pages_inside(record: Record, rows: tuple[Row, ...]) -> tuple[Part, ...]:
    """Both pages, their style sheet, and the catalogue as data."""
    at = record.application.touched_at
    told = {
        "format": FORMAT,
        "number": record.application.number,
        "internal": record.internal,
        "rows": [{**asdict(row), "at": row.at.isoformat(), "paths": list(row.paths)} for row in rows],
    }
    return (
        bytes_part(CATALOGUE_PAGE, at, _catalogue(record, rows).encode("utf-8")),
        json_part(CATALOGUE, at, told),
        bytes_part(CASE_PAGE, at, _case(record).encode("utf-8")),
        bytes_part(_STYLE, at, (STATIC / "css" / "bundle.css").read_bytes()),
    )


def _catalogue(record: Record, rows: tuple[Row, ...]) -> str:
    return render_template(
        "bundles/catalogue.html",
        t=wording(record.language),
        application=record.application,
        statement=record.application.current.statement,
        rows=rows,
        internal=record.internal,
        pdf=pdf_possible(),
    )


def _case(record: Record) -> str:
    application, session, language = record.application, record.session, record.language
    words = option_words(session, application, language)
    entries = [e for e in application.entries if e.public or record.internal]
    return render_template(
        "bundles/case.html",
        t=wording(language),
        application=application,
        fields=FIELDS,
        changes={change.number: change.fields for change in changes_of(application, language)},
        entries=[(e, entry_lines(e, language, words)) for e in entries],
        sources=cited_sources(session, application),
        ledger=record.ledger() if record.internal else (),
        complaints=() if record.internal else record.complaints(),
        journal=[_line(record, entry) for entry in record.events()],
        internal=record.internal,
    )


def _line(record: Record, entry: JournalEntry) -> Line:
    if record.internal:
        told = (act_words(entry.act, record.language), by_words(entry.actor, record.language))
    else:
        public = event_json(entry, record.language)
        told = (public["label"], public["by"])
    return Line(entry.number, entry.at, *told, entry.hash)
