"""Applications as they are kept. Names, identifiers, phones and free text are only ever stored encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Agency, Staff
from portal.database import Base, BlindIndex, Moment, SealedJSON, SealedText, now


class ChoiceNotice(Base):
    """That someone was told of the right to choose: what, which version, when, and what they chose.

    It names nobody: the application, where there is one, says whose it is.
    """

    __tablename__ = "choice_notices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    region: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    version: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(4000))
    channel: Mapped[str] = mapped_column(String(8))
    accepted: Mapped[bool]
    chosen_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Origin(StrEnum):
    """Who started the case: the party, or the agency of its own motion (依职权)."""

    APPLICATION = "application"
    OFFER = "offer"


class Application(Base):
    """One application (申请). ``state`` changes only in ``acts``; ``ground`` says on
    what a case ended; ``verdict`` is the pre-check it came from, as it stood; ``version`` catches
    concurrent edits. An offered case has no ``choice`` until the party has made one.

    ``correction_due`` is the day by which something is to be corrected, until it was looked at again;
    ``poorly_rated_on`` the day of a bad rating, until it was answered; ``erased_at`` when the party had
    what it stated deleted.
    """

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(24), index=True)
    region: Mapped[str] = mapped_column(String(200), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    choice_id: Mapped[str | None] = mapped_column(ForeignKey("choice_notices.id"), unique=True)
    origin: Mapped[str] = mapped_column(String(12), default=Origin.APPLICATION.value)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    ground: Mapped[str] = mapped_column(String(30), default="")
    verdict: Mapped[dict[str, object] | None] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    correction_due: Mapped[date | None]
    poorly_rated_on: Mapped[date | None]
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    version: Mapped[int] = mapped_column()

    choice: Mapped[ChoiceNotice | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    officer: Mapped[Staff | None] = relationship()
    revisions: Mapped[list[Revision]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Revision.number"
    )
    messages: Mapped[list[Message]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Message.id"
    )

    entries: Mapped[list[Entry]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Entry.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  as SQLAlchemy wants it

    @property
    def current(self) -> Revision:
        """What the application says now."""
        return self.revisions[-1]

    def of_kind(self, *kinds: str) -> tuple[Entry, ...]:
        """What acts of these kinds left in the case file, the first one first."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)


class Revision(Base):
    """What the party stated, in full (变更). Once submitted it is never changed: a change is a new one."""

    __tablename__ = "application_revisions"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    statement: Mapped[Mapping[str, object]] = mapped_column(SealedJSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

    application: Mapped[Application] = relationship(back_populates="revisions")


class Message(Base):
    """A word from one side to the other; ``author`` is the role that wrote it."""

    __tablename__ = "application_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(SealedText)
    sent_at: Mapped[datetime] = mapped_column(Moment, default=now)

    application: Mapped[Application] = relationship(back_populates="messages")


class Entry(Base):
    """What an act left in the case file beside its event in the journal: a request for a supplement, a
    measure, an opinion, a rating. ``kind`` names the form it was written on, ``public`` says whether the
    party sees it, ``due_on`` a day by which something is to be done."""

    __tablename__ = "case_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(30), index=True)
    author: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    content: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    public: Mapped[bool]
    due_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

    application: Mapped[Application] = relationship(back_populates="entries")
    staff: Mapped[Staff | None] = relationship()


class AskedColleague(Base):
    """That a case waits for the word of a colleague (会商); gone once they have answered."""

    __tablename__ = "asked_colleagues"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Complaint(Base):
    """What a party complains of (投诉), for the supervisor; ``answer`` is what the supervisor said."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(SealedText)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    answer: Mapped[str] = mapped_column(SealedText, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    application: Mapped[Application] = relationship()


class Offence(Base):
    """One line of the first-offence ledger (首次违法台账). ``party`` is a keyed hash of the identifier, so
    that the ledger can be asked about a party and names none."""

    __tablename__ = "offences"
    __table_args__ = (Index("ix_offences_party_matter", "party", "matter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(BlindIndex)
    matter: Mapped[str] = mapped_column(String(140))
    found_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(30))
    region: Mapped[str] = mapped_column(String(200))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

    agency: Mapped[Agency] = relationship()


class AgencyTerms(Base):
    """What an agency promises and how it is reached (本机关承诺). Days are working days; none said, none
    promised."""

    __tablename__ = "agency_terms"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    accept_days: Mapped[int | None]
    conclude_days: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(100), default="")
