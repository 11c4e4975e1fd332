"""The pages of copied lists: making a copy, and taking over what the original changed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for

from knowledge.edition import InstrumentKind
from portal.accounts.current import actor
from portal.accounts.forms import Answer, form_page, typed_form
from portal.database import current_session
from portal.errors import FieldErrors, NotFound
from portal.library.desk.drafts import shown_edition
from portal.library.desk.intake.fields import DETAILS, read_fields
from portal.library.desk.intake.reception import typed_text
from portal.library.record import edition_of
from portal.permissions import Permission, requires

from .copying import copy_list, follow_original

pages = Blueprint("copies", __name__, url_prefix="/staff/knowledge/documents")


@pages.get("/<instrument>/copy")
@requires(Permission.KNOWLEDGE_EDIT)
def begin(instrument: str) -> Answer:
    """What the copy of a public list is to be called, and where it holds."""
    return _page(instrument)


@pages.post("/<instrument>/copy")
@requires(Permission.KNOWLEDGE_EDIT)
def copy(instrument: str) -> Answer:
    """Makes the copy, as a draft."""
    fields = read_fields({name: typed_text(name) for name in DETAILS}, is_list=True)
    try:
        if fields.errors:
            raise FieldErrors(errors=[*fields.errors, *fields.missing])
        made = copy_list(current_session(), instrument, fields.details, actor=actor())
    except FieldErrors as wrong:
        current_session().rollback()
        return _page(instrument, wrong)
    flash("making.copied")
    return redirect(url_for("desk.document", instrument=made), 303)


@pages.post("/<instrument>/follow")
@requires(Permission.KNOWLEDGE_EDIT)
def follow(instrument: str) -> Answer:
    """Takes over into the open draft what the original changed."""
    follow_original(current_session(), instrument, actor=actor())
    flash("making.followed")
    return redirect(url_for("making.show", instrument=instrument, _anchor="original"), 303)


def _page(instrument: str, wrong: FieldErrors | None = None) -> tuple[str, int]:
    row = shown_edition(current_session(), instrument)
    if row is None or edition_of(row).kind is not InstrumentKind.LIST:
        raise NotFound
    return form_page(
        "staff/knowledge/copy.html",
        wrong.errors if wrong else (),
        instrument=instrument,
        row=row,
        items=len(edition_of(row).items),
        details=DETAILS,
        typed=typed_form(),
    )
