"""The numbers of documents (文号): the word of the agency, the word of the kind, year and place in line."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Agency

from .kinds import Kind, kinds
from .models import Document

PORTAL_WORD = "柔问"
"""Stands in the numbers of what the portal issues for no agency."""


def document_number(agency: Agency | None, kind: Kind, year: int, serial: int) -> str:
    return f"{word_of(agency)}{kind.word}〔{year}〕{serial}号"


def word_of(agency: Agency | None) -> str:
    """What stands for an agency in its numbers."""
    return (agency.word or agency.name) if agency else PORTAL_WORD


def holder_of(session: Session, word: str, but: Agency) -> str:
    """Who has this word already, or issued documents under it once; empty where nobody but this agency did.

    A word that was given up is not free for another: two documents would come to have one number.
    """
    if word == PORTAL_WORD:
        return PORTAL_WORD
    others = select(Agency.name).where(Agency.id != but.id, or_(Agency.word == word, Agency.name == word))
    if (named := session.scalar(others)) is not None:
        return named
    begins = [Document.number.startswith(f"{word}{kind.word}〔", autoescape=True) for kind in kinds()]
    issued = (
        select(Agency.name)
        .join(Document, Document.agency_id == Agency.id)
        .where(Agency.id != but.id, or_(*begins))
    )
    return session.scalar(issued.limit(1)) or ""
