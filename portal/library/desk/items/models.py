"""The test cases of list items, kept beside the edition whose items they try."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, Moment, now


class CaseState(StrEnum):
    CONFIRMED = "confirmed"
    PUT_ASIDE = "put_aside"


class ItemCaseRow(Base):
    """A case that someone confirmed or put aside; what is merely proposed is not stored.

    ``meaning`` is the fingerprint of the item's conditions and effect when it was confirmed: a case counts
    as long as they are the same. Cases stand beside the edition and are no part of its digest, so that
    confirming one changes nothing for the public.
    """

    __tablename__ = "item_cases"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    standing: Mapped[str] = mapped_column(String(10))
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    meaning: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[datetime] = mapped_column(Moment, default=now)
