"""Who answers for an instrument, and when it is next reviewed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal import journal
from portal.calendar import today
from portal.errors import FieldError, FieldErrors, NotFound
from portal.library.models import InstrumentRow

from .models import Care
from .rules import making_rules


@dataclass(frozen=True, slots=True)
class CareWords:
    """What is written of an instrument's care; ``version`` is the one that the writer saw, 0 for none."""

    owner_unit: str
    review_due: date | None
    risk_note: str
    version: int = 0


def care_of(session: Session, instrument: str) -> Care | None:
    return session.get(Care, instrument)


def keep_care(session: Session, instrument: str, words: CareWords, *, actor: str) -> Care:
    """Writes who answers for an instrument. StaleDataError where someone else wrote since ``version``."""
    if session.get(InstrumentRow, instrument) is None:
        raise NotFound
    rules = making_rules()
    long = (("owner_unit", words.owner_unit, rules.unit), ("risk_note", words.risk_note, rules.words))
    errors = [
        FieldError(name, "too_long", {"limit": limit, "length": len(text)})
        for name, text, limit in long
        if len(text) > limit
    ]
    if errors:
        raise FieldErrors(errors=errors)
    care = session.get(Care, instrument)
    if words.version != (care.version if care else 0):
        raise StaleDataError
    if care is None:
        care = Care(instrument_id=instrument)
        session.add(care)
    care.owner_unit, care.review_due, care.risk_note = words.owner_unit, words.review_due, words.risk_note
    care.changed_by = actor
    detail = {k: str(v or "") for k, v in asdict(words).items() if k != "version"}
    journal.append(session, actor, "instrument.care", instrument, detail)
    session.commit()
    return care


def reviews_due(session: Session) -> list[Care]:
    """The instruments whose review is due soon or overdue, the earliest first."""
    until = today() + timedelta(days=making_rules().soon_days)
    return list(session.scalars(select(Care).where(Care.review_due <= until).order_by(Care.review_due)))
