"""The page on which one item of a list that waits is put right, and which leads back to its preview."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.current import actor
from portal.accounts.forms import Answer, form_page
from portal.database import current_session
from portal.errors import FieldError, NotFound
from portal.library.desk.items.form import ItemForm
from portal.library.desk.items.form_fields import as_shown, sent_fields
from portal.library.desk.items.pages import form_choices
from portal.library.desk.items.words import item_lines
from portal.permissions import Permission, requires

from .drafted import Drafted, drafted
from .models import PendingImport
from .rows import Row, correct_row, restore_row
from .views import pending_import

pages = Blueprint("desk_import_rows", __name__, url_prefix="/staff/knowledge/import")


@pages.get("/<int:number>/row")
@requires(Permission.KNOWLEDGE_EDIT)
def show(number: int) -> Answer:
    """One item (``row``) as it stands, to be put right."""
    pending = pending_import(number)
    known = drafted(current_session(), pending)
    name = request.args.get("row", "")
    row = _row(known, name)
    page, _ = _page(pending, known, name, row.form, row.errors)
    return page


@pages.post("/<int:number>/row")
@requires(Permission.KNOWLEDGE_EDIT)
def write(number: int) -> Answer:
    """Keeps what was typed, whatever it is (``do``: ``keep``); ``save`` then leads back to the preview and
    ``next`` to the next item where it will do, ``restore`` makes the item as it was read, and any other act
    gives the form its new shape."""
    session, pending = current_session(), pending_import(number)
    known = drafted(session, pending)
    name, act = request.form.get("number", ""), request.form.get("do", "save")
    before = _row(known, name)
    if act == "restore":
        restore_row(session, pending, name, actor=actor())
        return _to_row(pending, name)
    form = ItemForm.sent(request.form)
    if act in ("keep", "save", "next"):
        if sent_fields(before.form) != sent_fields(form):
            correct_row(session, pending, name, form, actor=actor())
        return _kept(pending, name, act)
    shaped = as_shown(form.after(act))
    correct_row(session, pending, name, shaped, actor=actor())
    return _page(pending, known, name, shaped, ())


def _kept(pending: PendingImport, name: str, act: str) -> Answer:
    """Where the work goes on after something was typed; back to the form where it will not do."""
    if act == "keep":
        return Response(status=204)
    known = drafted(current_session(), pending)
    row = known.rows[name]
    if row.errors:
        return _page(pending, known, name, as_shown(row.form), row.errors)
    following = _next(known, name) if act == "next" else ""
    return _to_row(pending, following) if following else _to_preview(pending, known, name)


def _page(
    pending: PendingImport, known: Drafted, name: str, form: ItemForm, errors: tuple[FieldError, ...]
) -> tuple[str, int]:
    row = known.rows[name]
    return form_page(
        "staff/knowledge/import_row.html",
        errors,
        pending=pending,
        row=row,
        read=tuple(item_lines(row.read)),
        name=name,
        form=form,
        place=list(known.rows).index(name) + 1,
        total=len(known.rows),
        next_row=_next(known, name),
        **form_choices(),
    )


def _row(known: Drafted, name: str) -> Row:
    if name not in known.rows:
        raise NotFound
    return known.rows[name]


def _next(known: Drafted, name: str) -> str:
    names = list(known.rows)
    return next(iter(names[names.index(name) + 1 :]), "")


def _to_row(pending: PendingImport, name: str) -> Response:
    return redirect(url_for(".show", number=pending.id, row=name), 303)


def _to_preview(pending: PendingImport, known: Drafted, name: str) -> Response:
    place = list(known.rows).index(name) + 1
    return redirect(url_for("desk_import.show", number=pending.id, _anchor=f"row-{place}"), 303)
