"""Files that a party handed in. They lie encrypted outside the database, under names that say nothing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, Moment, SealedText, now


class Purpose(StrEnum):
    EVIDENCE = "evidence"
    SIGNATURE = "signature"


class Upload(Base):
    """One file. ``token`` is random and also its name on disk; ``name`` is what the party called it,
    ``key`` what its content is encrypted with, ``digest`` that of the content."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    scanned: Mapped[bool]
    name: Mapped[str] = mapped_column(SealedText)
    key: Mapped[str] = mapped_column(SealedText)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
