"""What is due at the desk beside drafts: lists to file, and texts to review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calendar import today
from portal.library.models import EditionRow

from .care import reviews_due
from .copying import copies_behind
from .filings import filings


@dataclass(frozen=True, slots=True)
class Due:
    """``what`` is ``filing``, ``review`` or ``original`` (which changed); ``who`` the authority to file with,
    or the unit that reviews."""

    what: str
    instrument: str
    title: str
    who: str
    on: date
    overdue: bool


def due_now(session: Session) -> tuple[Due, ...]:
    """What is due soon or overdue, the earliest first."""
    day = today()
    found = [
        Due("filing", f.edition.instrument_id, f.edition.title, f.authority, f.due_on, f.due_on < day)
        for f in filings(session, waiting=True)
    ]
    cares = reviews_due(session)
    titles = _titles(session, [care.instrument_id for care in cares])
    found += [
        Due(
            "review",
            care.instrument_id,
            titles.get(care.instrument_id, care.instrument_id),
            care.owner_unit,
            care.review_due,
            care.review_due < day,
        )
        for care in cares
        if care.review_due is not None
    ]
    behind = copies_behind(session)
    titles = _titles(session, [copy.instrument_id for copy in behind])
    found += [
        Due("original", c.instrument_id, titles[c.instrument_id], titles[c.instrument_id], day, overdue=False)
        for c in behind
    ]
    return tuple(sorted(found, key=lambda due: (due.on, due.title)))


def _titles(session: Session, instruments: list[str]) -> dict[str, str]:
    rows = session.execute(
        select(EditionRow.instrument_id, EditionRow.title)
        .where(EditionRow.instrument_id.in_(instruments))
        .order_by(EditionRow.id)
    )
    return {row.instrument_id: row.title for row in rows}
