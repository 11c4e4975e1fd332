"""The filing clock: a list that was published is filed with the authority that its notice names (R29)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.edition import InstrumentKind
from portal import journal
from portal.calendar import today
from portal.errors import FieldError, FieldErrors, NotFound
from portal.library.held import Held
from portal.library.issue import is_same_issue
from portal.library.models import EditionRow, EditionState, InstrumentRow, Origin

from .models import Filing
from .rules import making_rules, rule_for
from .steps import issued_before


def start_clocks(session: Session, release: int, came: Iterable[Held]) -> None:
    """Starts a clock for every newly issued list among the editions that a release brings.

    The caller commits.
    """
    for held in came:
        instrument = session.get(InstrumentRow, held.instrument_id)
        if instrument is None or held.summary or held.origin == Origin.STARTER.value:
            continue
        row = session.get_one(EditionRow, held.id)
        rule = rule_for(making_rules().filing, InstrumentKind(instrument.kind), row.region)
        if rule is None:
            continue
        if issued_before(session, row):
            _hand_on(session, row)
            continue
        day = today()
        session.add(
            Filing(
                edition_id=row.id,
                release=release,
                authority=rule.authority,
                basis=str(rule.basis),
                published_on=day,
                due_on=day + timedelta(days=rule.days),
            )
        )


def _hand_on(session: Session, row: EditionRow) -> None:
    """A clock that still runs goes on with the edition that takes the place of the one it began with."""
    waiting = (
        select(Filing)
        .join(Filing.edition)
        .where(
            EditionRow.instrument_id == row.instrument_id,
            Filing.filed_on.is_(None),
        )
    )
    for filing in session.scalars(waiting).all():
        if filing.edition_id != row.id and is_same_issue(filing.edition, row):
            filing.edition_id = row.id


def filings(session: Session, *, waiting: bool = False) -> list[Filing]:
    """Every clock, what is due first; ``waiting`` leaves out what has been filed or is no longer public."""
    chosen = select(Filing).join(Filing.edition).order_by(Filing.filed_on.is_not(None), Filing.due_on)
    if waiting:
        chosen = chosen.where(Filing.filed_on.is_(None), EditionRow.state == EditionState.PUBLISHED.value)
    return list(session.scalars(chosen))


def filing_of(session: Session, edition_id: int) -> Filing | None:
    return session.get(Filing, edition_id)


def record_filing(
    session: Session, edition_id: int, filed_on: date | None, receipt: str, *, actor: str
) -> Filing:
    """Stops the clock: the day on which the list was handed in, and the receipt's number if there is one."""
    filing = session.get(Filing, edition_id)
    if filing is None or filing.filed_on is not None:
        raise NotFound
    errors = []
    if filed_on is None:
        errors.append(FieldError("filed_on", "required"))
    elif filed_on > today():
        errors.append(FieldError("filed_on", "day_past"))
    elif filed_on < filing.published_on:
        errors.append(FieldError("filed_on", "filed_before", {"day": filing.published_on.isoformat()}))
    limit = making_rules().unit
    if len(receipt) > limit:
        errors.append(FieldError("receipt", "too_long", {"limit": limit, "length": len(receipt)}))
    if errors or filed_on is None:
        raise FieldErrors(errors=errors)
    filing.filed_on, filing.receipt, filing.filed_by = filed_on, receipt, actor
    detail = {"filed_on": filed_on.isoformat(), "receipt": receipt, "authority": filing.authority}
    journal.append(session, actor, "list.filed", filing.edition.instrument_id, detail)
    session.commit()
    return filing
