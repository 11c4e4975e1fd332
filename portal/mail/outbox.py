"""The outbox: letters are put in by acts, and taken out by one courier at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.database import now
from portal.wording import Language

from .models import Letter
from .rules import mail_rules


def post(
    session: Session,
    *,
    about: str,
    recipient: str,
    template: str,
    values: Mapping[str, str],
    language: Language = Language.CHINESE,
) -> None:
    """Puts a letter into the outbox, in the caller's own commit.

    Where one with the same words about the same thing still waits, it tells of this too: none is added.
    """
    waiting = select(Letter.id).where(
        Letter.about == about, Letter.template == template, Letter.given_up_at.is_(None)
    )
    if session.scalar(waiting.limit(1)) is None:
        session.add(
            Letter(
                about=about,
                recipient=recipient,
                language=language.value,
                template=template,
                values=dict(values),
            )
        )


def take_back(session: Session, about: str) -> None:
    """Removes what has not been sent, in the caller's own commit."""
    session.execute(delete(Letter).where(Letter.about == about))


def claim(session: Session) -> Letter | None:
    """The next letter that is due, held for this courier; None where nothing is."""
    due = select(Letter.id).where(Letter.due_at <= now(), Letter.given_up_at.is_(None))
    for letter_id in session.scalars(due.order_by(Letter.due_at).limit(20)).all():
        until = now() + timedelta(minutes=mail_rules().claim_minutes)
        taken = session.execute(
            update(Letter)
            .where(Letter.id == letter_id, Letter.due_at <= now(), Letter.given_up_at.is_(None))
            .values(due_at=until)
        )
        session.commit()
        if taken.rowcount:  # type: ignore[attr-defined]
            return session.get(Letter, letter_id, populate_existing=True)
    return None


def sent(session: Session, letter: Letter) -> None:
    """The letter is on its way: nothing of it is kept."""
    session.execute(delete(Letter).where(Letter.id == letter.id))
    session.commit()


def failed(session: Session, letter: Letter, *, for_good: bool = False) -> None:
    """Tries again later, or gives up where the waits are used up or the server refused it for good."""
    waits = mail_rules().wait_minutes
    if for_good or letter.failures >= len(waits):
        letter.given_up_at = now()
    else:
        letter.due_at = now() + timedelta(minutes=waits[letter.failures])
    letter.failures += 1
    session.commit()


def count_waiting(session: Session) -> tuple[int, int]:
    """How many letters wait, and how many were given up."""
    given_up = session.scalar(select(func.count(Letter.id)).where(Letter.given_up_at.is_not(None))) or 0
    everything = session.scalar(select(func.count(Letter.id))) or 0
    return everything - given_up, given_up
