"""Who signed in, and which applications they keep. A party is only ever a keyed hash here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.applications.models import Application
from portal.database import Base, Moment, SealedText, now


class PartySession(Base):
    """One sign-in in one browser, which holds the key whose hash stands here. ``subject`` is a keyed hash
    of the service and its name for the party; ``name`` is for filling in forms, and goes with the session.
    """

    __tablename__ = "party_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(SealedText, default="")
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class KeptApplication(Base):
    """That an application stands in 我的申请 of the party ``subject``; one may stand in those of several,
    as of a business and of who acts for it."""

    __tablename__ = "kept_applications"
    __table_args__ = (UniqueConstraint("subject", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    kept_at: Mapped[datetime] = mapped_column(Moment, default=now)

    application: Mapped[Application] = relationship()


def forget_keepers(session: Session, application: Application) -> None:
    """Takes an application out of everybody's 我的申请, for the erasing act to commit."""
    session.execute(delete(KeptApplication).where(KeptApplication.application_id == application.id))
