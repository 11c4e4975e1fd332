"""Which editions a release shows, told by their columns: what they say stays in the database.

A publication goes by these, so that it reads the content of what changed and of nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, overload

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from knowledge import record
from knowledge.edition import Edition, regions_of
from portal.database import Base

from .models import EditionRow, ReleaseEdition, ReleasePointer, ReleaseShelf

BATCH = 500
"""A database limits how many values one statement may name."""


class Held(NamedTuple):
    """One edition as its columns tell it."""

    id: int
    instrument_id: str
    state: str
    origin: str
    title: str
    region: str
    issued_on: date | None
    in_force_from: date | None
    summary: bool
    digest: str


Placed = EditionRow | Held
"""An edition of a release, its content at hand or not."""
_COLUMNS = tuple(getattr(EditionRow, name) for name in Held._fields)


def held_of(row: Placed) -> Held:
    """An edition by its columns as they are now, whatever happens to the row afterwards."""
    return Held(*(getattr(row, name) for name in Held._fields))


def held_by_release(session: Session, number: int) -> list[Held]:
    """The editions of a release, the oldest first."""
    rows = session.execute(
        select(*_COLUMNS)
        .join(ReleaseEdition, ReleaseEdition.edition_id == EditionRow.id)
        .where(ReleaseEdition.release == number)
        .order_by(EditionRow.id)
    )
    return [Held(*row) for row in rows]


def held_now(session: Session) -> list[Held]:
    """The editions of the release that the public sees; none before the first."""
    number = session.scalar(select(ReleasePointer.release))
    return [] if number is None else held_by_release(session, number)


def held_besides(session: Session, number: int, other: int | None) -> list[Held]:
    """The editions of a release that another one does not have."""
    others = select(ReleaseEdition.edition_id).where(ReleaseEdition.release == other)
    rows = session.execute(
        select(*_COLUMNS)
        .join(ReleaseEdition, ReleaseEdition.edition_id == EditionRow.id)
        .where(ReleaseEdition.release == number, ReleaseEdition.edition_id.not_in(others))
        .order_by(EditionRow.id)
    )
    return [Held(*row) for row in rows]


def by_region(rows: Iterable[Placed]) -> dict[str, list[Placed]]:
    """The editions of each region's shelf; one of several regions stands on each of theirs."""
    shelves: dict[str, list[Placed]] = {}
    for row in rows:
        for region in regions_of(row.region):
            shelves.setdefault(region, []).append(row)
    return dict(sorted(shelves.items()))


def contents(session: Session, rows: Iterable[Placed]) -> list[Edition]:
    """The whole editions: as they are at hand, else read from the database."""
    held = list(rows)
    at_hand = [row.content for row in held if isinstance(row, EditionRow)]
    stored = (
        content
        for batch in batches([row.id for row in held if isinstance(row, Held)])
        for content in session.scalars(select(EditionRow.content).where(EditionRow.id.in_(batch)))
    )
    return [record.edition_from_json(content) for content in (*at_hand, *stored)]


@overload
def compose(base: Iterable[EditionRow], new: Iterable[EditionRow]) -> list[EditionRow]: ...
@overload
def compose(base: Iterable[Placed], new: Iterable[Placed]) -> list[Placed]: ...
def compose(base: Iterable[Placed], new: Iterable[Placed]) -> Sequence[Placed]:
    """The editions of the next release.

    An edition replaces the one of the same instrument and kind of text (official or summary) with the
    same first day; an official text also replaces every summary that does not begin before it. Other
    dated editions stay: they answer for their own days.
    """
    chosen: dict[tuple[str, bool, date | None], Placed] = {}
    for row in (*base, *new):
        chosen[row.instrument_id, row.summary, _begins(row)] = row
    official: dict[str, date] = {}
    for instrument, summary, begins in chosen:
        if not summary:
            official[instrument] = min(official.get(instrument, date.max), begins or date.min)
    kept = (
        row
        for (instrument, summary, begins), row in chosen.items()
        if not summary or official.get(instrument, date.max) > (begins or date.min)
    )
    return sorted(kept, key=lambda row: row.id)


def _begins(row: Placed) -> date | None:
    return row.in_force_from or row.issued_on


def keep_parts(session: Session, number: int, editions: Collection[int], shelves: Mapping[str, str]) -> None:
    """Writes which editions and shelves a release has, in one statement each."""
    members = [{"release": number, "edition_id": edition} for edition in editions]
    standing = [{"release": number, "region": r, "digest": digest} for r, digest in shelves.items()]
    tables = Base.metadata.tables  # the mapped classes would take each row in hand
    if members:
        session.execute(insert(tables[ReleaseEdition.__tablename__]), members)
    if standing:
        session.execute(insert(tables[ReleaseShelf.__tablename__]), standing)


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
