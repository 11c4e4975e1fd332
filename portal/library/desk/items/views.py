"""Lists item by item on the desk: conduct, effect and typed conditions, and the cases that try them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from knowledge.clause import ClauseRef
from portal.accounts.current import actor
from portal.accounts.forms import Answer
from portal.database import current_session
from portal.errors import NotFound, Problem
from portal.library.record import edition_of
from portal.permissions import Permission, requires

from ..showing import mendable, row_on_desk
from ..views import READERS
from .acts import add_item, edit_item, item_of, new_item, remove_item
from .case_acts import confirm_case, confirm_passing, confirm_untyped, put_aside, write_case
from .case_form import CaseForm
from .form import ItemForm
from .pages import NEW, case_page, item_page, items_page

pages = Blueprint("desk_items", __name__, url_prefix="/staff/knowledge/documents")

CASE_ACTS: dict[str, Callable[..., None]] = {"confirm": confirm_case, "drop": put_aside}


@pages.get("/<instrument>/items")
@requires(*READERS)
def index(instrument: str) -> Answer:
    """Every item of a list, with what its cases still want."""
    return items_page(instrument)


@pages.get("/<instrument>/item")
@requires(*READERS)
def show(instrument: str) -> Answer:
    """One item (``number``), with its conditions and cases."""
    return item_page(ClauseRef(instrument, _number(request.args.get("number", ""))))


@pages.post("/<instrument>/item")
@requires(Permission.KNOWLEDGE_EDIT)
def write(instrument: str) -> Answer:
    """Saves an item, or does what a button of the form asks for without saving anything."""
    place = ClauseRef(instrument, _number(request.form.get("number", "")))
    form, seen = ItemForm.sent(request.form), request.form.get("seen", "")
    act = request.form.get("do", "save")
    if act != "save":
        return item_page(place, form.after(act), seen=seen)
    try:
        edit_item(current_session(), place, form.build, seen, actor=actor())
    except Problem as problem:
        return item_page(place, form, mendable(problem), seen=seen)
    flash("items.saved")
    return _to_item(place)


@pages.get("/<instrument>/items/new")
@requires(Permission.KNOWLEDGE_EDIT)
def new(instrument: str) -> Answer:
    return item_page(ClauseRef(instrument, NEW))


@pages.post("/<instrument>/items/new")
@requires(Permission.KNOWLEDGE_EDIT)
def add(instrument: str) -> Answer:
    form, act = ItemForm.sent(request.form), request.form.get("do", "save")
    if act != "save":
        return item_page(ClauseRef(instrument, NEW), form.after(act))
    try:
        _, row = row_on_desk(instrument)
        item = form.build(new_item(edition_of(row)))
        add_item(current_session(), instrument, item, actor=actor())
    except Problem as problem:
        return item_page(ClauseRef(instrument, NEW), form, mendable(problem))
    flash("items.added")
    return _to_item(item.ref)


@pages.post("/<instrument>/item/remove")
@requires(Permission.KNOWLEDGE_EDIT)
def remove(instrument: str) -> Answer:
    place = ClauseRef(instrument, _number(request.form.get("number", "")))
    try:
        remove_item(current_session(), place, request.form.get("seen", ""), actor=actor())
    except Problem as problem:
        return item_page(place, problem=mendable(problem))
    flash("items.removed")
    return redirect(url_for(".index", instrument=instrument), 303)


@pages.post("/<instrument>/item/cases")
@requires(Permission.KNOWLEDGE_EDIT)
def decide(instrument: str) -> Answer:
    """One click on one case; ``do`` holds the act and the case, such as ``confirm:9f…``, or ``untyped``."""
    place = ClauseRef(instrument, _number(request.form.get("number", "")))
    name, _, key = request.form.get("do", "").partition(":")
    try:
        if name == "untyped":
            confirm_untyped(current_session(), place, actor=actor())
        elif name in CASE_ACTS:
            CASE_ACTS[name](current_session(), place, key, actor=actor())
        else:
            raise NotFound
    except Problem as problem:
        return item_page(place, problem=mendable(problem))
    return _to_item(place, "cases")


@pages.post("/<instrument>/items/confirm-passing")
@requires(Permission.KNOWLEDGE_EDIT)
def confirm_all(instrument: str) -> Answer:
    """Confirms every case of the draft that passes."""
    try:
        confirm_passing(current_session(), instrument, actor=actor())
    except Problem as problem:
        return items_page(instrument, mendable(problem))
    flash("items.confirmed_passing")
    return redirect(url_for(".index", instrument=instrument), 303)


@pages.get("/<instrument>/item/case")
@requires(Permission.KNOWLEDGE_EDIT)
def case(instrument: str) -> Answer:
    place = ClauseRef(instrument, _number(request.args.get("number", "")))
    return case_page(place, request.args.get("case", ""))


@pages.post("/<instrument>/item/case")
@requires(Permission.KNOWLEDGE_EDIT)
def save_case(instrument: str) -> Answer:
    place = ClauseRef(instrument, _number(request.form.get("number", "")))
    key = request.form.get("case", "")
    form = CaseForm.sent(request.form, request.form.getlist("mitigations"))
    _, row = row_on_desk(instrument)
    try:
        written = form.build(item_of(edition_of(row), place.section))
        write_case(current_session(), place, written, key, actor=actor())
    except Problem as problem:
        return case_page(place, key, form, mendable(problem))
    flash("items.case_saved")
    return _to_item(place, "cases")


def _number(text: str) -> str:
    """The number of an item that there may be; NotFound for none at all."""
    if not text:
        raise NotFound
    return text[:200]


def _to_item(place: ClauseRef, anchor: str | None = None) -> Response:
    address = url_for(".show", instrument=place.document, number=place.section, _anchor=anchor)
    return redirect(address, 303)
