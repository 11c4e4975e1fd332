"""What a party's page says of its case: what is due, what was asked, which papers there are."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.phrasing import date_words
from portal.wording import Language, wording

from .case_page import entry_lines, option_words
from .deadlines import Duty, DutyKind, Standing, Workdays, duties
from .lifecycle import Act
from .models import AgencyTerms, Application, Complaint, Entry

TOLD = ("accept", "measure", "reinspection", "note", "conclude", "follow_up")
"""What the party reads of the file, beside what has a place of its own on the page."""


class Promise(NamedTuple):
    """A time that is running: ``text`` in words, ``late`` where it has passed."""

    text: str
    duty: Duty
    late: bool


def promises(
    session: Session, application: Application, workdays: Workdays, today: date, language: Language
) -> tuple[Promise, ...]:
    """What is due and by when, in words: the agency's own promise, the day of a correction."""
    t = wording(language)
    terms = session.get(AgencyTerms, application.agency_id) if application.agency_id else None
    found = []
    for duty in duties(Standing.of(application, terms), workdays):
        day = date_words(duty.due.on, language)
        if duty.kind is DutyKind.CORRECTION:
            text = t("applications.correct_by", day=day)
        elif terms and duty.kind is DutyKind.ACCEPT:
            text = t("applications.promise_accept", day=day, days=terms.accept_days)
        elif terms and duty.kind is DutyKind.CONCLUDE:
            text = t("applications.promise_conclude", day=day, days=terms.conclude_days)
        else:
            continue
        found.append(Promise(str(text), duty, duty.overdue(today)))
    return tuple(found)


def has_promised(session: Session, application: Application) -> bool:
    """Whether the agency has set itself times."""
    terms = session.get(AgencyTerms, application.agency_id) if application.agency_id else None
    return bool(terms and (terms.accept_days or terms.conclude_days))


def file_lines(
    session: Session, application: Application, language: Language
) -> list[tuple[Entry, list[tuple[str, str]]]]:
    """Everything in the file that the party may read, the first one first."""
    words = option_words(session, application, language)
    return [(e, entry_lines(e, language, words)) for e in application.entries if e.public]


def asked_for(application: Application) -> Entry | None:
    """The last request for a supplement, while it waits for an answer."""
    found = application.of_kind(Act.REQUEST_SUPPLEMENT)
    return found[-1] if found else None


def ending(application: Application) -> Entry | None:
    """The act that refused or terminated the case, for its reasons."""
    found = application.of_kind(Act.REFUSE, Act.TERMINATE)
    return found[-1] if found else None


def told_entries(
    session: Session, application: Application, language: Language
) -> list[tuple[Entry, list[tuple[str, str]]]]:
    """What was done, as the party reads it, the last one first."""
    words = option_words(session, application, language)
    public = [e for e in application.of_kind(*TOLD) if e.public]
    shown = ((e, _without_ledger(entry_lines(e, language, words), language)) for e in reversed(public))
    return [(e, lines) for e, lines in shown if lines]


def commitment(application: Application) -> tuple[Entry | None, Entry | None]:
    """The commitment letter that was offered last, and its signature where it has one."""
    offered, signed = application.of_kind("commitment"), application.of_kind("sign_commitment")
    last = offered[-1] if offered else None
    own = [s for s in signed if last is not None and s.id > last.id]
    return last, own[-1] if own else None


def last_of(application: Application, kind: str) -> Entry | None:
    found = application.of_kind(kind)
    return found[-1] if found else None


def complaints(session: Session, application: Application) -> tuple[Complaint, ...]:
    found = select(Complaint).where(Complaint.application_id == application.id).order_by(Complaint.id)
    return tuple(session.scalars(found))


def signature_fits(statement: dict[str, Any], signature: str) -> bool:
    """Whether a signature is the name of someone the application names."""
    names = (statement.get(n) for n in ("party_name", "contact_name", "representative_name"))
    return signature in {str(name) for name in names if name}


def _without_ledger(lines: list[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    t = wording(language)
    hidden = {str(t(f"case_form.conclude.{name}")) for name in ("violation", "matter", "found_on")}
    return [line for line in lines if line[0] not in hidden]
