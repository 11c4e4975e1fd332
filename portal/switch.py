"""The off switch: an operator stops the answering, saying why; reading the library goes on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import journal
from .database import Base, Moment, now
from .errors import SwitchedOff


class ServiceSwitch(Base):
    """The one row that says whether questions are answered, and who last said so for which reason."""

    __tablename__ = "service_switch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answering: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[str] = mapped_column(String(100), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Moment)


def require_answering(session: Session) -> None:
    """Raises SwitchedOff while an operator has stopped the answering."""
    if not session.scalar(select(ServiceSwitch.answering)):
        raise SwitchedOff


def switch(session: Session, *, answering: bool, reason: str, actor: str) -> None:
    """Stops or resumes the answering, at once and for every worker."""
    row = session.scalars(select(ServiceSwitch)).one()
    row.answering, row.reason, row.changed_by, row.changed_at = answering, reason, actor, now()
    act = "service.switched_on" if answering else "service.switched_off"
    journal.append(session, actor, act, "questions", {"reason": reason})
    session.commit()
