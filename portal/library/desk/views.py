"""The desk: all documents, one document with its clauses, and one clause with all its ways of asking."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from knowledge.clause import ClauseRef
from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, field_lines
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.library.addresses import section_anchor
from portal.library.making.due import due_now
from portal.permissions import Permission, requires
from portal.policy import policy

from . import annotating
from .annotating import Annotation, annotate, confirm_above
from .drafts import discard_draft, draft_of, open_draft, renew_draft
from .models import Draft
from .page import document_rows
from .part import PlainWords
from .review import approve, send_back, submit, take_back, writers
from .showing import difference_page, document_page, mendable, part_page
from .topic_changes import asking_errors, find_topic, lines_of, open_changes, topics_on_desk

pages = Blueprint("desk", __name__, url_prefix="/staff/knowledge")

READERS = (Permission.KNOWLEDGE_EDIT, Permission.KNOWLEDGE_REVIEW, Permission.KNOWLEDGE_PUBLISH)
ONE_CLICK: dict[str, Callable[[str], Annotation]] = {
    "confirm-topic": annotating.confirm_topic,
    "reject-topic": annotating.reject_topic,
    "remove-topic": annotating.remove_topic,
    "confirm-asking": annotating.confirm_asking,
    "reject-asking": annotating.reject_asking,
    "remove-asking": annotating.remove_asking,
    "confirm-all": lambda _nothing: annotating.confirm_all(),
}
PLAIN = 500


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    """Every document with its state, and what waits for whoever looks."""
    rows = document_rows(current_session())
    query = request.args.get("q", "").strip()[:100]
    found = [
        row for row in rows if not query or any(query in w for w in (row.title, row.instrument, row.region))
    ]
    return render_template(
        "staff/knowledge/index.html",
        rows=found,
        query=query,
        me=current_staff(),
        may=current_staff().may,
        permissions=Permission,
        drafts=[row for row in rows if row.draft],
        imports=[row for row in rows if row.state == "waiting"],
        changes=open_changes(current_session()),
        due=due_now(current_session()),
        writers=writers,
    )


@pages.get("/documents/<instrument>")
@requires(*READERS)
def document(instrument: str) -> Answer:
    return document_page(instrument)


@pages.get("/documents/<instrument>/part")
@requires(*READERS)
def part(instrument: str) -> Answer:
    """One clause or item (``section``), with everything that stands beside it."""
    return part_page(instrument, request.args.get("section", ""))


@pages.get("/documents/<instrument>/difference")
@requires(*READERS)
def changes(instrument: str) -> Answer:
    """What the draft changes for the public, for the reviewer."""
    return difference_page(instrument)


@pages.post("/documents/<instrument>/open")
@requires(Permission.KNOWLEDGE_EDIT)
def open_document(instrument: str) -> Answer:
    withdrawn = request.form.get("withdrawn") == "yes"
    open_draft(current_session(), instrument, actor=actor(), withdrawn=withdrawn)
    return _to_document(instrument)


@pages.post("/documents/<instrument>/discard")
@requires(Permission.KNOWLEDGE_EDIT)
def discard(instrument: str) -> Answer:
    discard_draft(current_session(), instrument, actor=actor())
    flash("desk.discarded")
    return redirect(url_for(".index"), 303)


@pages.post("/documents/<instrument>/renew")
@requires(Permission.KNOWLEDGE_EDIT)
def renew(instrument: str) -> Answer:
    renew_draft(current_session(), instrument, actor=actor())
    flash("desk.renewed")
    return _to_document(instrument)


@pages.post("/documents/<instrument>/above")
@requires(Permission.KNOWLEDGE_EDIT)
def above(instrument: str) -> Answer:
    """Confirms what is proposed with at least the certainty of the button."""
    bars = {str(bar): bar for bar in policy().certainty_bars}
    bar = bars.get(request.form.get("certainty", ""))
    if bar is None:
        raise FieldErrors(errors=[FieldError("certainty", "choice", {"choices": list(bars)})])
    confirm_above(current_session(), instrument, bar, actor=actor())
    flash("desk.confirmed_above")
    return _to_document(instrument)


@pages.post("/documents/<instrument>/part")
@requires(Permission.KNOWLEDGE_EDIT)
def decide(instrument: str) -> Answer:
    """One click on one proposal; ``do`` holds the act and its value, such as ``confirm-topic:withdrawal``."""
    act, _, value = request.form.get("do", "").partition(":")
    section = request.form.get("section", "")
    if act not in ONE_CLICK:
        raise NotFound
    try:
        annotate(current_session(), ClauseRef(instrument, section), ONE_CLICK[act](value), actor=actor())
    except Problem as problem:
        return document_page(instrument, mendable(problem))
    if request.form.get("back") == "part":
        return redirect(url_for(".part", instrument=instrument, section=section), 303)
    return _to_document(instrument, section)


@pages.post("/documents/<instrument>/topic")
@requires(Permission.KNOWLEDGE_EDIT)
def add_topic(instrument: str) -> Answer:
    def annotation() -> Annotation:
        words = request.form.get("topic", "")[:100]
        return annotating.add_topic(find_topic(topics_on_desk(current_session()), words))

    return _write(instrument, annotation)


@pages.post("/documents/<instrument>/askings")
@requires(Permission.KNOWLEDGE_EDIT)
def write_askings(instrument: str) -> Answer:
    def annotation() -> Annotation:
        questions = lines_of(request.form.get("askings", ""))
        errors = asking_errors(questions, "askings") if questions else [FieldError("askings", "required")]
        if errors:
            raise FieldErrors(errors=errors)
        return annotating.write_askings(questions)

    return _write(instrument, annotation)


@pages.post("/documents/<instrument>/plain")
@requires(Permission.KNOWLEDGE_EDIT)
def write_plain(instrument: str) -> Answer:
    def annotation() -> Annotation:
        words = PlainWords(field_lines("plain"), field_lines("plain_en"))
        limits = (("plain", words.chinese, PLAIN), ("plain_en", words.english, PLAIN * 3))
        errors = [
            FieldError(name, "too_long", {"limit": limit, "length": len(text)})
            for name, text, limit in limits
            if len(text) > limit
        ]
        if errors:
            raise FieldErrors(errors=errors)
        return annotating.write_plain(
            words, PlainWords(field_lines("seen_plain"), field_lines("seen_plain_en"))
        )

    return _write(instrument, annotation)


@pages.post("/documents/<instrument>/submit")
@requires(Permission.KNOWLEDGE_EDIT)
def hand_in(instrument: str) -> Answer:
    return _review(instrument, lambda draft: submit(current_session(), draft, actor=actor()), "submitted")


@pages.post("/documents/<instrument>/take-back")
@requires(Permission.KNOWLEDGE_EDIT)
def take(instrument: str) -> Answer:
    return _review(instrument, lambda draft: take_back(current_session(), draft, actor=actor()), "taken_back")


@pages.post("/documents/<instrument>/approve")
@requires(Permission.KNOWLEDGE_REVIEW)
def approve_draft(instrument: str) -> Answer:
    seen = request.form.get("seen", "")
    return _review(
        instrument, lambda draft: approve(current_session(), draft, actor=actor(), seen=seen), "approved"
    )


@pages.post("/documents/<instrument>/return")
@requires(Permission.KNOWLEDGE_REVIEW)
def return_draft(instrument: str) -> Answer:
    def act(draft: Draft) -> Draft:
        remarks = request.form.get("remarks", "")
        return send_back(current_session(), draft, remarks, actor=actor())

    return _review(instrument, act, "returned")


def _review(instrument: str, act: Callable[[Draft], Draft], done: str) -> Answer:
    draft = draft_of(current_session(), instrument)
    if draft is None:
        raise NotFound
    try:
        act(draft)
    except FieldErrors as wrong:
        return difference_page(instrument, wrong)
    except Problem as problem:
        current_session().rollback()
        return difference_page(instrument, problem)
    flash(f"desk.{done}")
    if done in ("submitted", "taken_back"):
        return _to_document(instrument)
    return redirect(url_for(".index"), 303)


def _write(instrument: str, annotation: Callable[[], Annotation]) -> Answer:
    """Writes beside one clause; what was typed comes back with what is wrong, or with what changed."""
    section = request.form.get("section", "")
    try:
        annotate(current_session(), ClauseRef(instrument, section), annotation(), actor=actor())
    except Problem as problem:
        return part_page(instrument, section, mendable(problem))
    flash("desk.saved")
    return redirect(url_for(".part", instrument=instrument, section=section), 303)


def _to_document(instrument: str, section: str = "") -> Response:
    show = request.form.get("show") or None
    anchor = section_anchor(section) if section else None
    return redirect(url_for(".document", instrument=instrument, show=show, _anchor=anchor), 303)
