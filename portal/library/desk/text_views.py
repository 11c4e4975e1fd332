"""Writing on the desk: the details of a document, and the text of its clauses."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for

from knowledge.clause import ClauseRef
from knowledge.edition import Edition, InstrumentKind
from portal.accounts.current import actor
from portal.accounts.forms import Answer, field_lines, problem_page, typed_form
from portal.database import current_session
from portal.errors import FieldErrors, NotFound, Problem
from portal.library.addresses import section_anchor
from portal.library.record import edition_of
from portal.permissions import Permission, requires

from .drafts import needed_draft
from .intake.fields import DETAILS, read_fields
from .intake.reception import takes_imports, typed_text
from .showing import mendable, row_on_desk
from .text_acts import (
    ClauseWords,
    add_clause,
    details_of,
    digest_of_clause,
    digest_of_details,
    edit_clause,
    edit_details,
    remove_clause,
)

pages = Blueprint("desk_text", __name__, url_prefix="/staff/knowledge/documents")

WRITTEN = tuple(name for name in DETAILS if name != "instrument")
NEEDED = ("title", "region")


@pages.get("/<instrument>/details")
@requires(Permission.KNOWLEDGE_EDIT)
def details(instrument: str) -> Answer:
    return _details(instrument)


@pages.post("/<instrument>/details")
@requires(Permission.KNOWLEDGE_EDIT)
def write_details(instrument: str) -> Answer:
    """Writes what the document is called, where and when it holds."""
    edition = _edition(instrument)
    values = {**{name: typed_text(name) for name in WRITTEN}, "instrument": instrument}
    fields = read_fields(values, is_list=edition.kind is InstrumentKind.LIST)

    try:
        if fields.errors or fields.missing:
            raise FieldErrors(errors=[*fields.errors, *fields.missing])
        seen = request.form.get("seen", "")
        edit_details(current_session(), instrument, fields.details, seen, actor=actor())
    except Problem as problem:
        return _details(instrument, mendable(problem))
    flash("desk.saved")
    return redirect(url_for("desk.document", instrument=instrument), 303)


@pages.get("/<instrument>/text")
@requires(Permission.KNOWLEDGE_EDIT)
def text(instrument: str) -> Answer:
    """The text of one clause (``section``), to be written."""
    return _text(ClauseRef(instrument, request.args.get("section", "")))


@pages.post("/<instrument>/text")
@requires(Permission.KNOWLEDGE_EDIT)
@takes_imports
def write_text(instrument: str) -> Answer:
    place, seen = ClauseRef(instrument, request.form.get("section", "")), request.form.get("seen", "")
    remove = request.form.get("do") == "remove"
    try:
        if remove:
            remove_clause(current_session(), place, seen, actor=actor())
        else:
            edit_clause(current_session(), place, _words(), seen, actor=actor())
    except Problem as problem:
        return _text(place, mendable(problem))
    flash("desk_text.removed" if remove else "desk.saved")
    if remove:
        return redirect(url_for("desk.document", instrument=instrument), 303)
    return redirect(url_for("desk.part", instrument=instrument, section=place.section), 303)


@pages.get("/<instrument>/text/new")
@requires(Permission.KNOWLEDGE_EDIT)
def new(instrument: str) -> Answer:
    return _new(instrument)


@pages.post("/<instrument>/text/new")
@requires(Permission.KNOWLEDGE_EDIT)
@takes_imports
def add(instrument: str) -> Answer:
    place = ClauseRef(instrument, typed_text("section"))
    try:
        add_clause(current_session(), place, _words(), actor=actor())
    except Problem as problem:
        return _new(instrument, mendable(problem))
    flash("desk_text.added")
    anchor = section_anchor(place.section)
    return redirect(url_for("desk.document", instrument=instrument, _anchor=anchor), 303)


def _words() -> ClauseWords:
    return ClauseWords(typed_text("heading"), field_lines("text"))


def _details(instrument: str, problem: Problem | None = None) -> Answer:
    edition = _edition(instrument, problem)
    now = details_of(edition)
    return _form(
        "staff/knowledge/details.html",
        problem,
        instrument=instrument,
        edition=edition,
        names=WRITTEN,
        needed=NEEDED,
        values={name: getattr(now, name) or "" for name in WRITTEN},
        seen=digest_of_details(edition),
    )


def _text(place: ClauseRef, problem: Problem | None = None) -> Answer:
    edition = _edition(place.document, problem)
    clause = edition.clause(place.section)
    if clause is None:
        raise NotFound
    return _form(
        "staff/knowledge/text.html",
        problem,
        instrument=place.document,
        edition=edition,
        clause=clause,
        below=len(edition.children(place.section)),
        seen=digest_of_clause(clause),
    )


def _new(instrument: str, problem: Problem | None = None) -> Answer:
    edition = _edition(instrument, problem)
    under = request.args.get("under", "")
    return _form(
        "staff/knowledge/text.html",
        problem,
        instrument=instrument,
        edition=edition,
        clause=None,
        under=f"{under}/" if edition.clause(under) else "",
        seen="",
    )


def _edition(instrument: str, problem: Problem | None = None) -> Edition:
    """The text to be written. Where an act was just refused, also one that was handed in meanwhile: what
    was typed is not thrown away over that."""
    if problem is not None or request.method == "POST":
        return edition_of(row_on_desk(instrument)[1])
    return edition_of(needed_draft(current_session(), instrument).edition)


def _form(template: str, problem: Problem | None, **values: object) -> Answer:
    """A form with what was typed in it, and what stands there now where another was quicker."""
    return problem_page(template, problem, typed=typed_form(), **values)
