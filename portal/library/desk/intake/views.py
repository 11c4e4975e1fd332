"""The pages on which an editor brings a file in: choosing, checking and correcting, saving as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from knowledge.edition import InstrumentKind
from portal.accounts.current import current_staff
from portal.accounts.forms import Answer, form_page
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.library.desk.drafts import at_work
from portal.library.meaning import meaning
from portal.permissions import Permission, requires

from .acts import (
    DraftHeld,
    NothingNew,
    Received,
    Sent,
    correct,
    discard,
    own_import,
    own_imports,
    receive,
    save_draft,
    sweep,
)
from .drafted import values_of
from .fields import DETAILS, KIND, KINDS_OF_TEXT
from .limits import limits
from .models import PendingImport, SavedImport
from .preview import preview
from .reception import sent_files, takes_imports, typed_fields, typed_text
from .saved import saved_import

pages = Blueprint("desk_import", __name__, url_prefix="/staff/knowledge/import")

PASTED = ".txt"


@pages.get("")
@requires(Permission.KNOWLEDGE_EDIT)
def index() -> Answer:
    """Where files and pasted text come in, and what of it still waits with the one who looks."""
    sweep(current_session())
    return _index()


@pages.post("")
@requires(Permission.KNOWLEDGE_EDIT)
@takes_imports
def bring_in() -> Answer:
    """Keeps what can be read; the rest is named with its reason, and pasted text stays in its box."""
    pasted = "\n".join(request.form.get("text", "").split("\r\n"))
    if len(pasted) > limits().pasted:
        error = FieldError("text", "too_long", {"limit": limits().pasted, "length": len(pasted)})
        return _index(errors=[error])
    count = sum(bool(sent.filename) for sent in request.files.getlist("files"))
    if count > limits().files:
        return _index(
            errors=[FieldError("files", "import_too_many", {"limit": limits().files, "count": count})]
        )
    if not pasted.strip() and not count:
        return _index(errors=[FieldError("files", "import_nothing_sent")])
    actor = current_staff().name
    received = receive(current_session(), chain(sent_files(), _pasted(pasted)), actor=actor)
    if received.refused:
        return _index(received)
    if len(received.kept) == 1:
        return redirect(url_for(".show", number=received.kept[0].id), 303)
    flash("bring_in.received")
    return redirect(url_for(".index"), 303)


@pages.get("/<int:number>")
@requires(Permission.KNOWLEDGE_EDIT)
def show(number: int) -> Answer:
    """What was recognised in one import, beside the original, to be checked and corrected; of one that was
    saved, that it was, with the way to its draft."""
    pending = _own(number)
    return _preview(pending) if pending else _saved_page(_saved(number))


@pages.post("/<int:number>")
@requires(Permission.KNOWLEDGE_EDIT)
@takes_imports
def decide(number: int) -> Answer:
    """Keeps what was typed (``do``: ``keep`` or ``look``) and then saves the draft (``draft``) or goes to the
    page of one item (such as ``row:3``)."""
    pending = _own(number)
    if pending is None:
        return _to_saved(number)
    correct(
        current_session(), pending, typed_fields(), request.form.getlist("drop"), actor=current_staff().name
    )
    match request.form.get("do"):
        case "keep":
            return Response(status=204)
        case "draft":
            return _save(pending)
        case str(act) if act.startswith("row:"):
            row = act.removeprefix("row:")
            return redirect(url_for("desk_import_rows.show", number=number, row=row), 303)
        case _:
            return redirect(url_for(".show", number=number), 303)


def _save(pending: PendingImport) -> Answer:
    """To the draft that was made; back to the preview, with everything in it, where none could be made."""
    number, instrument = pending.id, values_of(pending)["instrument"]
    try:
        save_draft(current_session(), pending, actor=current_staff().name)
    except DraftHeld as held:
        if _own(number) is not None:
            return _preview(pending_import(number), held)
        flash("bring_in.drafted")  # the same button was pressed twice, and the other was quicker
    except (FieldErrors, NothingNew) as problem:
        return _preview(pending_import(number), problem)
    else:
        flash("bring_in.drafted")
    return redirect(url_for("desk.document", instrument=instrument), 303)


@pages.post("/<int:number>/discard")
@requires(Permission.KNOWLEDGE_EDIT)
def let_go(number: int) -> Answer:
    discard(current_session(), pending_import(number), actor=current_staff().name)
    flash("bring_in.discarded")
    return redirect(url_for(".index"), 303)


def pending_import(number: int) -> PendingImport:
    """The import of this number that waits with whoever looks; NotFound for any other."""
    pending = _own(number)
    if pending is None:
        raise NotFound
    return pending


def _own(number: int) -> PendingImport | None:
    return own_import(current_session(), number, owner=current_staff().name)


def _saved(number: int) -> SavedImport:
    """What became of one's own import of this number, which waits no longer; NotFound for any other."""
    saved = saved_import(current_session(), number, owner=current_staff().name)
    if saved is None:
        raise NotFound
    return saved


def _to_saved(number: int) -> Answer:
    """Where a form leads whose import was saved meanwhile; what is typed by the way is kept no more."""
    if request.form.get("do") == "keep":
        raise NotFound
    _saved(number)
    return redirect(url_for(".show", number=number), 303)


def _saved_page(saved: SavedImport) -> str:
    held = at_work(current_session(), saved.instrument) is not None
    return render_template("staff/knowledge/import_saved.html", saved=saved, held=held)


def _pasted(text: str) -> Iterator[Sent]:
    if text.strip():
        title = typed_text("title")
        name = "".join(c for c in title if c not in '/\\:*?"<>|')[:60] or "粘贴的文字"
        yield Sent(name + PASTED, text.encode(), {"title": title})


def _index(received: Received | None = None, errors: list[FieldError] | None = None) -> Answer:
    told = received or Received()
    page, status = form_page(
        "staff/knowledge/import.html",
        errors or (),
        received=told,
        imports=own_imports(current_session(), current_staff().name),
        limits=limits(),
        typed=request.form if errors or told.refused else {},
    )
    return page, 422 if told.refused else status


def _preview(pending: PendingImport, problem: Problem | None = None) -> Answer:
    shown = preview(current_session(), pending)
    errors = problem.errors if isinstance(problem, FieldErrors) else shown.fields.errors
    page, _ = form_page(
        "staff/knowledge/import_preview.html",
        errors,
        pending=pending,
        shown=shown,
        details=DETAILS,
        kind_field=KIND,
        kinds=KINDS_OF_TEXT,
        limits=limits(),
        problem=None if isinstance(problem, FieldErrors) else problem,
        is_list=shown.fields.kind is InstrumentKind.LIST,
        meaning=meaning,
    )
    return page, problem.status if problem else 200
