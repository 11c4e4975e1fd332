"""Test cases in the database: reading, keeping, and carrying them from one edition to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge import record
from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.item_case import ItemCase, case_key, meaning_digest
from portal.database import now
from portal.library.annotations import overlap
from portal.library.models import EditionRow
from portal.library.record import edition_of
from portal.policy import policy

from .models import CaseState, ItemCaseRow

Rows = Mapping[str, tuple[ItemCaseRow, ...]]


def rows_of(session: Session, edition_id: int) -> Rows:
    """The cases of an edition by item number, the oldest first."""
    held: dict[str, list[ItemCaseRow]] = {}
    for row in session.scalars(
        select(ItemCaseRow)
        .where(ItemCaseRow.edition_id == edition_id)
        .order_by(ItemCaseRow.decided_at, ItemCaseRow.key)
    ):
        held.setdefault(row.number, []).append(row)
    return {number: tuple(rows) for number, rows in held.items()}


def case_of(row: ItemCaseRow) -> ItemCase:
    return cast(ItemCase, record.from_json(ItemCase, row.content))


@dataclass(frozen=True, slots=True)
class Decision:
    """What ``actor`` decides about a case of an item as it stands now."""

    item: ListItem
    case: ItemCase
    actor: str
    standing: CaseState = CaseState.CONFIRMED


def keep_case(session: Session, edition_id: int, decision: Decision) -> None:
    """Stores a decision, in the place of an earlier one about the same case; the caller commits."""
    item, case = decision.item, decision.case
    name = (edition_id, item.number, case_key(case))
    row = session.get(ItemCaseRow, name)
    if row is None:
        row = ItemCaseRow(edition_id=edition_id, number=item.number, key=name[-1])
        session.add(row)
    row.standing, row.content = decision.standing.value, record.to_json(case)
    row.meaning, row.decided_by, row.decided_at = meaning_digest(item), decision.actor, now()


def drop_cases(session: Session, edition_id: int, number: str) -> None:
    """Forgets the cases of an item that is no more."""
    session.execute(
        delete(ItemCaseRow).where(ItemCaseRow.edition_id == edition_id, ItemCaseRow.number == number)
    )


def carry_cases(session: Session, before: EditionRow, after: EditionRow) -> None:
    """Gives the items of ``after`` the cases of the same items of ``before``, where they have none.

    Each keeps who confirmed it and what for: where conditions or effect have changed since, it has to be
    confirmed again.
    """
    carried = rows_of(session, before.id)
    if not carried:
        return
    own, old = rows_of(session, after.id), _by_number(edition_of(before))
    for item in edition_of(after).items:
        if item.number in own or not _is_same(item, old.get(item.number)):
            continue
        for row in carried.get(item.number, ()):
            session.add(
                ItemCaseRow(
                    edition_id=after.id,
                    number=row.number,
                    key=row.key,
                    standing=row.standing,
                    content=row.content,
                    meaning=row.meaning,
                    decided_by=row.decided_by,
                    decided_at=row.decided_at,
                )
            )
    session.flush()


def _by_number(edition: Edition) -> dict[str, ListItem]:
    return {item.number: item for item in edition.items}


def _is_same(item: ListItem, before: ListItem | None) -> bool:
    return before is not None and overlap(before.matter, item.matter) >= policy().same_clause_overlap
