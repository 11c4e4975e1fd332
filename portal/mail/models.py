"""The outbox. Whom a letter goes to and what it says is only ever stored encrypted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, Moment, SealedJSON, SealedText, now


class Letter(Base):
    """One letter that waits: ``template`` names its words, ``values`` fill them, ``about`` is what it is on.

    A letter that was sent is gone. One that failed for good stays with ``given_up_at``, until someone looks.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(100), index=True)
    recipient: Mapped[str] = mapped_column(SealedText)
    language: Mapped[str] = mapped_column(String(2))
    template: Mapped[str] = mapped_column(String(30))
    values: Mapped[dict[str, str]] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    given_up_at: Mapped[datetime | None] = mapped_column(Moment)
