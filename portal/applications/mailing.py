"""Mail to a party: that something moved, never what. The address is the party's to give and to take back."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import journal
from portal.database import Base, BlindIndex, Moment, SealedText, now
from portal.errors import FieldError, FieldErrors
from portal.mail import outbox
from portal.mail.rules import mail_rules
from portal.wording import Language

from .handling import handling
from .lifecycle import Act
from .models import Application

_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
TEMPLATE = "moved"
PARTY = "party"


class MailAddress(Base):
    """Where a party wants to be told that its application moved; ``token`` is what a letter's own link to
    stop carries, ``token_index`` what it is found by."""

    __tablename__ = "mail_addresses"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(SealedText)
    language: Mapped[str] = mapped_column(String(2))
    token: Mapped[str] = mapped_column(SealedText)
    token_index: Mapped[str] = mapped_column(BlindIndex, unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


def address_of(session: Session, application: Application) -> str:
    """The address that was given; empty for none."""
    held = session.get(MailAddress, application.id)
    return held.address if held else ""


def masked_address(session: Session, application: Application) -> str:
    """The address as it is shown: its first letter and its domain; empty for none."""
    name, at, domain = address_of(session, application).partition("@")
    return f"{name[:1]}***@{domain}" if at else ""


def keep_address(session: Session, application: Application, address: str, language: Language) -> None:
    """Tells this address of what moves from now on; FieldErrors for what is none."""
    address = address.strip()
    longest = mail_rules().longest_address
    if len(address) > longest:
        values = {"limit": longest, "length": len(address)}
        raise FieldErrors(errors=[FieldError("mail_address", "too_long", values)])
    if not _ADDRESS.fullmatch(address):
        raise FieldErrors(errors=[FieldError("mail_address", "mail_address")])
    outbox.take_back(session, _about(application))
    session.execute(delete(MailAddress).where(MailAddress.application_id == application.id))
    token = secrets.token_urlsafe(24)
    session.add(
        MailAddress(
            application_id=application.id,
            address=address,
            language=language.value,
            token=token,
            token_index=token,
        )
    )
    journal.append(session, PARTY, "mail.wanted", f"mail:{application.number}")
    session.commit()


def forget_address(session: Session, application: Application) -> None:
    """Stops the mail and deletes the address and what was not sent yet; the caller commits."""
    outbox.take_back(session, _about(application))
    gone = session.execute(delete(MailAddress).where(MailAddress.application_id == application.id))
    if gone.rowcount:  # type: ignore[attr-defined]
        journal.append(session, PARTY, "mail.stopped", f"mail:{application.number}")


def application_of(session: Session, token: str) -> Application | None:
    """The application whose letters carry ``token``."""
    return session.scalar(
        select(Application)
        .join(MailAddress, MailAddress.application_id == Application.id)
        .where(MailAddress.token_index == token)
    )


def tell(session: Session, application: Application, act: Act) -> None:
    """Leaves a letter for the party where an act of the agency is one to be told of; the caller commits."""
    if act.value in handling().mailed_acts:
        leave_letter(session, application)


def leave_letter(session: Session, application: Application) -> None:
    """Leaves a letter for a party that wants mail; the caller commits."""
    held = session.get(MailAddress, application.id)
    if held is not None:
        outbox.post(
            session,
            about=_about(application),
            recipient=held.address,
            template=TEMPLATE,
            values={"number": application.number, "token": held.token},
            language=Language(held.language),
        )


def _about(application: Application) -> str:
    return f"application:{application.number}"
