"""What a case rests on (依据), and what of it has changed since its officer last looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from knowledge.clause import ClauseRef
from knowledge.programme import load_programmes
from knowledge.region import ancestors
from portal.accounts.models import Staff
from portal.database import Base, Moment, SealedJSON, now
from portal.library.touch import Touch, touch_from, touch_json

from .choice import told_rules
from .lifecycle import OPEN, State
from .models import Application

AFFECTED = tuple(state for state in OPEN if state is not State.DRAFT)
"""The states of a case that is under way: a draft is its writer's own, and a closed case is done."""


class BasisChange(Base):
    """That what a case rests on has changed (依据变化): ``parts`` is what differs between release
    ``against`` and release ``release``.

    ``open_for`` is the case until the change is settled, so that a case has one at a time: what comes on top
    becomes part of it. ``settled_by`` is the officer who looked at it; nobody, where a later release
    brought everything back.
    """

    __tablename__ = "basis_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    open_for: Mapped[int | None] = mapped_column(unique=True)
    against: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    release: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    officer: Mapped[Staff | None] = relationship()

    @property
    def touches(self) -> tuple[Touch, ...]:
        return tuple(touch_from(part) for part in self.parts)

    @property
    def is_restated(self) -> bool:
        """True where nothing more happened than that a digest and the official text of one issue took each
        other's place: nobody is asked to look at that."""
        return bool(self.parts) and all(touch.is_restated for touch in self.touches)

    def take(self, touches: Iterable[Touch], release: int) -> None:
        """From now on this is what differs, up to this release."""
        self.parts, self.release, self.made_at = [touch_json(touch) for touch in touches], release, now()

    def settle(self, officer: int | None) -> None:
        self.open_for, self.settled_at, self.settled_by = None, now(), officer


def rests_on(application: Application) -> frozenset[ClauseRef]:
    """The clauses and list items that a case rests on: the item it names, what its pre-check cites, and
    what the notice of the right to choose took from the region's own notice."""
    return frozenset(
        (
            *_named(application.current.statement),
            *_cited(application.verdict or {}),
            *_told(application.region),
        )
    )


def open_change(session: Session, application: Application) -> BasisChange | None:
    """What its officer has still to look at; None for a case that is not under way."""
    if application.state not in AFFECTED:
        return None
    return session.scalar(select(BasisChange).where(BasisChange.open_for == application.id))


def restated_last(session: Session, application: Application) -> BasisChange | None:
    """The latest time that a digest which a case rests on gave way to the official text, to be read."""
    found = (change for change in reversed(changes_of(session, application)) if change.is_restated)
    return next(found, None)


def changes_of(session: Session, application: Application) -> tuple[BasisChange, ...]:
    """Everything that changed under a case, the first one first."""
    found = select(BasisChange).where(BasisChange.application_id == application.id).order_by(BasisChange.id)
    return tuple(session.scalars(found))


def forget_changes(session: Session, application: Application) -> None:
    """Deletes what tells on what a case rested; the caller commits."""
    session.execute(delete(BasisChange).where(BasisChange.application_id == application.id))


def _named(statement: Mapping[str, object]) -> Iterator[ClauseRef]:
    if statement.get("item_list") and statement.get("item_number"):
        yield ClauseRef(str(statement["item_list"]), str(statement["item_number"]))


def _cited(pre_check: Mapping[str, Any]) -> Iterator[ClauseRef]:
    for citation in pre_check.get("citations", ()):
        yield ClauseRef(citation["document"], citation["section"])
    if item := (pre_check.get("verdict") or {}).get("item"):
        yield ClauseRef(item["list"], str(item["number"]))


def _told(region: str) -> Iterator[ClauseRef]:
    programmes = load_programmes()
    own = [programmes[r] for r in ancestors(region) if r in programmes] if region else []
    for rule in told_rules(region) if own else ():
        clause = getattr(own[-1], rule, None)
        if isinstance(clause, ClauseRef):
            yield clause
