"""The items of a list that waits, put right one by one: what was typed is kept, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.exemption import ListItem
from portal import journal
from portal.database import now
from portal.errors import FieldError, FieldErrors, NotFound
from portal.library.desk.items.form import ItemForm
from portal.library.desk.items.form_fields import sent_fields

from .models import PendingImport, PendingRow


@dataclass(frozen=True, slots=True)
class Row:
    """One item: ``read`` is what the file says, ``form`` how it stands, ``item`` what comes in, which is
    ``read`` while the form will not do; ``errors`` say at which fields that is."""

    read: ListItem
    item: ListItem
    form: ItemForm
    errors: tuple[FieldError, ...] = ()

    @property
    def corrected(self) -> bool:
        return bool(self.errors) or self.item != self.read


def row_of(read: ListItem, typed: Mapping[str, str] | None) -> Row:
    """An item as it was read, with what was typed of it since."""
    form = ItemForm.sent(sent_fields(ItemForm.of(read)) if typed is None else typed)
    try:
        return Row(read, read if typed is None else form.build(read), form)
    except FieldErrors as wrong:
        return Row(read, read, form, wrong.errors)


def typed_rows(session: Session, pending: PendingImport) -> dict[str, dict[str, str]]:
    """What was typed of the items of an import, by their numbers."""
    rows = session.scalars(select(PendingRow).where(PendingRow.import_id == pending.id))
    return {row.number: row.typed for row in rows}


def correct_row(session: Session, pending: PendingImport, number: str, form: ItemForm, *, actor: str) -> None:
    """Keeps what an editor typed of one item, right or wrong; NotFound where the import is gone meanwhile."""
    waiting = pending.id
    try:
        _keep(session, pending, number, sent_fields(form), actor)
    except IntegrityError:  # a second window has typed in the same item in this very moment
        session.rollback()
        again = session.get(PendingImport, waiting)
        if again is None:
            raise NotFound from None
        _keep(session, again, number, sent_fields(form), actor)


def _keep(session: Session, pending: PendingImport, number: str, typed: dict[str, str], actor: str) -> None:
    row = session.get(PendingRow, (pending.id, number))
    if row is not None and row.typed == typed:
        return
    session.merge(PendingRow(import_id=pending.id, number=number, typed=typed))
    _told(session, pending, "import.row_corrected", number, actor)


def restore_row(session: Session, pending: PendingImport, number: str, *, actor: str) -> None:
    """Lets go of what was typed of one item, which is then again as it was read."""
    row = session.get(PendingRow, (pending.id, number))
    if row is None:
        return
    session.delete(row)
    _told(session, pending, "import.row_restored", number, actor)


def _told(session: Session, pending: PendingImport, act: str, number: str, actor: str) -> None:
    pending.touched_at = now()
    journal.append(session, actor, act, f"import:{pending.id}", {"row": number})
    session.commit()
