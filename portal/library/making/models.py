"""What is kept beside an edition of its making, and beside an instrument of its care."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.database import Base, Moment, now
from portal.library.models import EditionRow


class Care(Base):
    """Who answers for an instrument (认领, 黔江 五（二）; R86), its next review (R31), and what to mind."""

    __tablename__ = "instrument_care"

    instrument_id: Mapped[str] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    owner_unit: Mapped[str] = mapped_column(Text, default="")
    review_due: Mapped[date | None]
    risk_note: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Step(Base):
    """One step in the making of an edition. It is never deleted: struck with a reason, it stays."""

    __tablename__ = "making_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    held_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    paper_name: Mapped[str] = mapped_column(Text, default="")
    paper_kind: Mapped[str] = mapped_column(String(8), default="")
    paper_digest: Mapped[str] = mapped_column(String(64), default="")
    paper: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    added_by: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    struck_by: Mapped[str] = mapped_column(String(100), default="")
    struck_why: Mapped[str] = mapped_column(Text, default="")


class Comment(Base):
    """A remark of one of the people at the desk on a draft, or on one ``section`` of it."""

    __tablename__ = "draft_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    section: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(100))
    written_at: Mapped[datetime] = mapped_column(Moment, default=now)
    settled_by: Mapped[str] = mapped_column(String(100), default="")


class ListCopy(Base):
    """A list that was copied from another's. ``edition_id`` is the edition of the original that it followed,
    ``next_id`` the one that it follows from its own edition ``followed_in`` on: that one may yet be discarded
    or rolled back."""

    __tablename__ = "list_copies"

    instrument_id: Mapped[str] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    original_id: Mapped[str] = mapped_column(ForeignKey("instruments.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    next_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    followed_in: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    followed_by: Mapped[str] = mapped_column(String(100))
    followed_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)


class Filing(Base):
    """The clock of one list that was published and has to be filed with an authority (R29)."""

    __tablename__ = "filings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    release: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    authority: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(300))
    published_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    filed_on: Mapped[date | None]
    receipt: Mapped[str] = mapped_column(Text, default="")
    filed_by: Mapped[str] = mapped_column(String(100), default="")

    edition: Mapped[EditionRow] = relationship(lazy="joined")
