"""The off switch: an operator stops the answering, everywhere or for one region, saying why.

Reading the library, applying and following an application go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.region import NATION, ancestors

from . import journal
from .database import Base, Moment, now
from .errors import FieldError, FieldErrors, SwitchedOff

REASON = 200
EVERYWHERE = ""
"""In place of a region: the whole assistant."""


class ServiceSwitch(Base):
    """The one row that says whether questions are answered, and who last said so for which reason."""

    __tablename__ = "service_switch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answering: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(REASON), default="")
    changed_by: Mapped[str] = mapped_column(String(100), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Moment)


class RegionSwitch(Base):
    """The same for one region and all that lies in it; a region without a row is answered for."""

    __tablename__ = "region_switches"

    region: Mapped[str] = mapped_column(String(200), primary_key=True)
    answering: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(REASON), default="")
    changed_by: Mapped[str] = mapped_column(String(100), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Moment)


def is_answering(session: Session) -> bool:
    """False while the whole assistant is stopped."""
    return bool(session.scalar(select(ServiceSwitch.answering)))


def stopped_regions(session: Session) -> tuple[str, ...]:
    """The regions for which the answering is stopped, in order; those within them are too."""
    stopped = select(RegionSwitch.region).where(RegionSwitch.answering.is_(False))
    return tuple(session.scalars(stopped.order_by(RegionSwitch.region)))


def stopping(stopped: Iterable[str], region: str | None) -> str:
    """Which of the stopped regions is this one or holds it, the narrowest; empty for none."""
    path = ancestors(region) if region else ()
    return max((held for held in stopped if held in path), key=len, default="")


def require_answering(session: Session, regions: Iterable[str] = ()) -> None:
    """Raises SwitchedOff while the answering is stopped, for all or for one of ``regions``."""
    if not is_answering(session):
        raise SwitchedOff
    stopped = stopped_regions(session)
    for region in regions:
        if held := stopping(stopped, region):
            raise SwitchedOff(region=held)


def switch(session: Session, *, answering: bool, reason: str, actor: str, region: str = EVERYWHERE) -> None:
    """Stops or resumes the answering, at once and for every worker.

    Raises FieldErrors where it is stopped without a reason, or the reason is too long.
    """
    reason = reason.strip()
    if not reason and not answering:
        raise FieldErrors(errors=[FieldError("reason", "required")])
    if len(reason) > REASON:
        values = {"limit": REASON, "length": len(reason)}
        raise FieldErrors(errors=[FieldError("reason", "too_long", values)])
    region = EVERYWHERE if region == NATION else region
    act = "service.switched_on" if answering else "service.switched_off"
    subject = f"questions:{region}"[:200] if region else "questions"
    journal.append(session, actor, act, subject, {"reason": reason})  # first: it puts writers in line
    row = _row(session, region)
    row.answering, row.reason, row.changed_by, row.changed_at = answering, reason, actor, now()
    session.commit()


def _row(session: Session, region: str) -> ServiceSwitch | RegionSwitch:
    if not region:
        return session.scalars(select(ServiceSwitch)).one()
    row = session.get(RegionSwitch, region)
    if row is None:
        row = RegionSwitch(region=region)
        session.add(row)
    return row
