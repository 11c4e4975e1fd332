"""Acts on the items of a draft list: changing, adding and removing one, one commit and one event each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from knowledge import record
from knowledge.clause import ClauseRef
from knowledge.edition import Edition, InstrumentKind
from knowledge.exemption import ListItem, ListOutcome
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.library.record import edition_of

from ..acting import Entry, act_on_draft
from ..annotating import LONGEST_SUBJECT
from ..drafts import write_edition
from ..models import Draft
from ..part import with_part
from .case_rows import drop_cases
from .cases import bare

MOST_ITEMS = 2000


class ItemChanged(Problem):
    """Someone else has changed the item meanwhile; what was typed is kept."""

    slug = "item_changed"


def item_digest(item: ListItem) -> str:
    """What an editor had before the eyes; topics and ways of asking do not count."""
    return record.digest(bare(item))


def item_of(edition: Edition, number: str) -> ListItem:
    """The item of that number; NotFound where there is none."""
    found = next((item for item in edition.items if item.number == number), None)
    if found is None:
        raise NotFound
    return found


def new_item(edition: Edition) -> ListItem:
    """What a new item of a list begins with."""
    return ListItem(edition.instrument, "", "", ListOutcome.FIRST_OFFENCE_EXEMPT, region=edition.region)


def edit_item(
    session: Session, place: ClauseRef, write: Callable[[ListItem], ListItem], seen: str, *, actor: str
) -> None:
    """Writes one item; ItemChanged where it is no longer what the writer had seen.

    ``write`` makes the new item of the one that stands, so that topics and ways of asking stay.
    """

    def act(draft: Draft) -> Entry | None:
        edition = edition_of(draft.edition)
        before = item_of(edition, place.section)
        after = replace(write(before), number=before.number)
        if after == before:
            return None
        if item_digest(before) != seen:
            raise ItemChanged
        write_edition(draft, with_part(edition, after))
        detail = {"before": record.to_json(bare(before)), "after": record.to_json(bare(after))}
        return Entry("item.changed", str(place)[:LONGEST_SUBJECT], detail)

    act_on_draft(session, place.document, act, actor=actor)


def add_item(session: Session, instrument: str, item: ListItem, *, actor: str) -> None:
    """Adds an item at the end of the list; FieldErrors where its number is taken."""

    def act(draft: Draft) -> Entry:
        edition = edition_of(draft.edition)
        if edition.kind is not InstrumentKind.LIST:
            raise NotFound
        if any(held.number == item.number for held in edition.items):
            raise FieldErrors(errors=[FieldError("number", "item_number_taken")])
        if len(edition.items) >= MOST_ITEMS:
            raise FieldErrors(errors=[FieldError("number", "item_list_full", {"limit": MOST_ITEMS})])
        write_edition(draft, replace(edition, items=(*edition.items, item)))
        return Entry("item.added", str(item.ref)[:LONGEST_SUBJECT], {"item": record.to_json(item)})

    act_on_draft(session, instrument, act, actor=actor)


def remove_item(session: Session, place: ClauseRef, seen: str, *, actor: str) -> None:
    """Takes an item out of the list, with its cases; ItemChanged where it is not what was seen."""

    def act(draft: Draft) -> Entry:
        edition = edition_of(draft.edition)
        gone = item_of(edition, place.section)
        if item_digest(gone) != seen:
            raise ItemChanged
        write_edition(draft, replace(edition, items=tuple(i for i in edition.items if i != gone)))
        drop_cases(session, draft.edition_id, gone.number)
        return Entry("item.removed", str(place)[:LONGEST_SUBJECT], {"item": record.to_json(gone)})

    act_on_draft(session, place.document, act, actor=actor)
