"""Proposals for what is imported, learned from the release that the public sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.certainty import Certainties, certainties
from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.proposal import is_linked, propose
from knowledge.query import Reader

from .record import edition_of, editions_now, topics_now


def with_proposals(session: Session, edition: Edition) -> Edition:
    """``edition`` with topics and ways of asking proposed where it has none."""
    parts: tuple[Clause | ListItem, ...] = (*edition.clauses, *edition.items)
    if all(map(is_linked, parts)):
        return edition
    linked = _published(session)
    return propose(edition, linked, topics_now(session), Reader.load(None)) if linked else edition


def certainties_of(session: Session, edition: Edition) -> Certainties:
    """How certain each proposed topic of ``edition`` is."""
    if not any(clause.proposed for clause in edition.clauses):
        return {}
    return certainties(edition, _published(session), topics_now(session), Reader.load(None))


def _published(session: Session) -> list[Edition]:
    return [edition_of(row) for row in editions_now(session)]
