"""The pages of making and care: one for each document, and one of all filings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from knowledge.edition import Edition, InstrumentKind
from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, field_lines, field_text, problem_page, typed_form
from portal.bodies import typed_day
from portal.calendar import today
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound, Problem, problem_of
from portal.library.addresses import library_url
from portal.library.desk.difference import PartChange, difference
from portal.library.desk.drafts import at_work, draft_of
from portal.library.desk.intake.reception import clean_name, takes_imports
from portal.library.desk.views import READERS
from portal.library.models import EditionRow, InstrumentRow
from portal.library.record import edition_of
from portal.permissions import Permission, requires
from portal.uploads.views import attachment

from .care import CareWords, care_of, keep_care
from .comments import comments_of, sections_of, settle_comment, write_comment
from .copying import changes_above, original_of
from .filings import filing_of, filings, record_filing
from .models import Step
from .papers import Paper, media_type
from .rules import StepKind, making_rules
from .steps import add_step, basis_of_steps, missing_steps, steps_of, strike_step

pages = Blueprint("making", __name__, url_prefix="/staff/knowledge")

KEEPERS = (Permission.KNOWLEDGE_EDIT, Permission.KNOWLEDGE_PUBLISH)


@pages.get("/documents/<instrument>/making")
@requires(*READERS)
def show(instrument: str) -> Answer:
    """How the edition at work, else the public one, was made; who answers for it; what is due."""
    return _page(instrument)


@pages.post("/documents/<instrument>/care")
@requires(*KEEPERS)
def write_care(instrument: str) -> Answer:
    def act(_row: EditionRow) -> object:
        words = CareWords(
            field_text("owner_unit", 1000),
            _day("review_due"),
            field_lines("risk_note"),
            _number("seen_version"),
        )
        return keep_care(current_session(), instrument, words, actor=actor())

    return _do(instrument, act, "care", "care_kept")


@pages.post("/documents/<instrument>/steps")
@requires(*READERS)
@takes_imports
def put_step(instrument: str) -> Answer:
    def act(row: EditionRow) -> object:
        kind, words = request.form.get("kind", ""), field_lines("step_words")
        sent = request.files.get("paper")
        paper = Paper(clean_name(sent.filename), sent.stream.read()) if sent and sent.filename else None
        return add_step(current_session(), row, kind, _day("held_on"), words, actor=actor(), paper=paper)

    return _do(instrument, act, "steps", "step_added")


@pages.get("/documents/<instrument>/steps/<int:step_id>/paper")
@requires(*READERS)
def paper(instrument: str, step_id: int) -> Answer:
    """The paper of a step, to be saved and never shown in place."""
    step = current_session().get(Step, step_id)
    if step is None or step.paper is None or step.edition_id != _row(instrument).id:
        raise NotFound
    response = Response(step.paper, mimetype=media_type(step.paper_kind))
    response.headers["Content-Disposition"] = attachment(step.paper_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@pages.post("/documents/<instrument>/steps/<int:step_id>/strike")
@requires(*READERS)
def strike(instrument: str, step_id: int) -> Answer:
    def act(row: EditionRow) -> object:
        why = field_lines("struck_why")
        return strike_step(current_session(), row, step_id, why, actor=actor())

    return _do(instrument, act, "steps", "step_struck", struck=step_id)


@pages.post("/documents/<instrument>/comments")
@requires(*READERS)
def comment(instrument: str) -> Answer:
    def act(row: EditionRow) -> object:
        section, words = request.form.get("section", "").strip(), field_lines("words")
        return write_comment(current_session(), row, edition_of(row), section, words, actor=actor())

    return _do(instrument, act, "comments", "commented")


@pages.post("/documents/<instrument>/comments/<int:comment_id>/settle")
@requires(*READERS)
def settle(instrument: str, comment_id: int) -> Answer:
    def act(row: EditionRow) -> object:
        return settle_comment(current_session(), row, comment_id, actor=actor())

    return _do(instrument, act, "comments", "settled")


@pages.get("/filings")
@requires(*READERS)
def all_filings() -> Answer:
    return _filings()


@pages.post("/filings/<int:edition_id>")
@requires(*KEEPERS)
def file(edition_id: int) -> Answer:
    """Records that a list was handed in to be filed."""
    try:
        receipt = field_text("receipt", 1000)
        record_filing(current_session(), edition_id, _day("filed_on"), receipt, actor=actor())
    except FieldErrors as wrong:
        current_session().rollback()
        return _filings(wrong, edition_id)
    flash("making.filed")
    return redirect(url_for(".all_filings"), 303)


def _do(
    instrument: str, act: Callable[[EditionRow], object], place: str, done: str, struck: int = 0
) -> Answer:
    """One act on the edition that the page shows; what was typed comes back with what is wrong."""
    row = _row(instrument)
    try:
        act(row)
    except (FieldErrors, StaleDataError) as error:
        problem = problem_of(error)
        current_session().rollback()
        return _page(instrument, problem, struck)
    flash(f"making.{done}")
    return redirect(url_for(".show", instrument=instrument, _anchor=place), 303)


def _page(instrument: str, problem: Problem | None = None, struck: int = 0) -> tuple[str, int]:
    session, staff, row = current_session(), current_staff(), _row(instrument)
    edition, kind = edition_of(row), InstrumentKind(session.get_one(InstrumentRow, instrument).kind)
    basis = basis_of_steps(row, kind)
    return problem_page(
        "staff/knowledge/making.html",
        problem,
        instrument=instrument,
        row=row,
        kinds=[kind.value for kind in StepKind],
        care=care_of(session, instrument),
        steps=steps_of(session, row.id),
        missing=missing_steps(session, row, kind),
        asked_by=library_url(basis.document, basis.section) if basis else "",
        comments=comments_of(session, row.id),
        sections=sections_of(edition),
        filing=filing_of(session, row.id),
        **_above(session, instrument, edition),
        rules=making_rules(),
        today=today(),
        may_keep=staff.may(*KEEPERS),
        struck=struck,
        typed=request.form if request.method == "POST" else request.args,
    )


def _above(session: Session, instrument: str, edition: Edition) -> dict[str, object]:
    """Of a copied list: its original, and what following it would change."""
    original = original_of(session, instrument)
    above = changes_above(original, edition) if original else None
    parts: tuple[PartChange, ...] = ()
    if original and original.now and above:
        found = difference(edition_of(original.followed), edition_of(original.now))
        parts = tuple(part for part in found.parts if part.section in above.changed)
    draft = draft_of(session, instrument)
    may_edit = current_staff().may(Permission.KNOWLEDGE_EDIT)
    return {
        "original": original,
        "above": above,
        "above_parts": parts,
        "draft": draft,
        "may_edit": may_edit,
    }


def _filings(problem: Problem | None = None, wrong: int = 0) -> tuple[str, int]:
    return problem_page(
        "staff/knowledge/filings.html",
        problem,
        filings=filings(current_session()),
        library_url=library_url,
        today=today(),
        may_keep=current_staff().may(*KEEPERS),
        wrong_id=wrong,
        typed=typed_form(),
    )


def _row(instrument: str) -> EditionRow:
    row = at_work(current_session(), instrument)
    if row is None:
        raise NotFound
    return row


def _day(name: str) -> date | None:
    return typed_day(request.form.get(name), name)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not text.isdecimal():
        raise FieldErrors(errors=[FieldError(name, "required")])
    return int(text)
