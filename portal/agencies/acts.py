"""What is set for an agency. Each act is one commit and one event of the journal."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal import journal
from portal.accounts.models import Agency
from portal.applications.deadlines import WorkdaysFileError
from portal.applications.models import AgencyTerms
from portal.applications.workday_file import WorkdayFile
from portal.documents.numbering import holder_of
from portal.errors import FieldError, FieldErrors

WORD = re.compile(r"[^\W_]{2,20}")
MOST_DAYS = 250
LIMITS: Mapping[str, int] = {"phone": 40, "address": 200, "hours": 100}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agency promises, in working days (None: nothing promised), and how it is reached."""

    accept_days: int | None = None
    conclude_days: int | None = None
    phone: str = ""
    address: str = ""
    hours: str = ""


def set_word(session: Session, agency: Agency, word: str, *, actor: str) -> None:
    """The 机关代字 of an agency, from its next document on; empty for its name. FieldErrors at ``word``."""
    if word and not WORD.fullmatch(word):
        raise FieldErrors(errors=[FieldError("word", "agency_word")])
    if word == agency.word:
        return
    # The event comes first: it puts writers in line, so that two agencies cannot take one word at once.
    journal.append(session, actor, "agency.word_set", agency.name, {"from": agency.word, "to": word})
    if word and (holder := holder_of(session, word, agency)):
        session.rollback()
        raise FieldErrors(errors=[FieldError("word", "agency_word_taken", {"holder": holder})])
    agency.word = word
    session.commit()


def terms_of(session: Session, agency: Agency) -> Terms:
    held = session.get(AgencyTerms, agency.id)
    if held is None:
        return Terms()
    return Terms(held.accept_days, held.conclude_days, held.phone, held.address, held.hours)


def promise(session: Session, agency: Agency, terms: Terms, *, actor: str) -> None:
    """Puts what an agency promises in place of what it promised (本机关承诺); FieldErrors at each field."""
    errors = [
        FieldError(name, "agency_long", {"limit": limit})
        for name, limit in LIMITS.items()
        if len(getattr(terms, name)) > limit
    ]
    if errors:
        raise FieldErrors(errors=errors)
    held = session.get(AgencyTerms, agency.id) or AgencyTerms(agency_id=agency.id)
    session.add(held)
    held.accept_days, held.conclude_days = terms.accept_days, terms.conclude_days
    held.phone, held.address, held.hours = terms.phone, terms.address, terms.hours
    detail = {"accept_days": terms.accept_days, "conclude_days": terms.conclude_days}
    journal.append(session, actor, "agency.promised", agency.name, detail)
    session.commit()


def read_days(name: str, typed: str, errors: list[FieldError]) -> int | None:
    """Working days as typed; what is wrong with them is added to ``errors``."""
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", typed) or not 1 <= int(typed) <= MOST_DAYS:
        errors.append(FieldError(name, "agency_days", {"most": MOST_DAYS}))
        return None
    return int(typed)


def fill_workdays(
    session: Session,
    file: WorkdayFile,
    year: int,
    rest: Collection[date],
    work: Collection[date],
    *,
    actor: str,
) -> None:
    """Fills in the working days of a year, at once in force; WorkdaysFileError where the file is broken."""
    detail = {"year": year, "rest": len(rest), "work": len(work)}
    journal.append(session, actor, "workdays.filled", f"workdays:{year}", detail)
    try:
        file.fill(year, rest, work)
    except WorkdaysFileError:
        session.rollback()
        raise
    session.commit()
