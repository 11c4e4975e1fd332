"""Proposals for what is imported, learned from the release that the public sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.certainty import Certainties, certainties
from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.kinship import Kinship
from knowledge.proposal import is_linked, propose
from knowledge.query import Reader

from .record import edition_of, editions_now, topics_now


def with_proposals(session: Session, edition: Edition) -> Edition:
    """``edition`` with topics and ways of asking proposed where it has none."""
    return _proposed(session, edition)[0]


def with_certainties(session: Session, edition: Edition) -> tuple[Edition, Certainties]:
    """The same, and how certain each proposed topic is; what both rest on is measured once."""
    proposed, kinship = _proposed(session, edition)
    return proposed, certainties(proposed, kinship) if kinship else certainties_of(session, proposed)


def certainties_of(session: Session, edition: Edition) -> Certainties:
    """How certain each proposed topic of ``edition`` is."""
    if not any(clause.proposed for clause in edition.clauses):
        return {}
    kinship = Kinship(edition, _published(session), topics_now(session), Reader.load(None))
    return certainties(edition, kinship)


def _proposed(session: Session, edition: Edition) -> tuple[Edition, Kinship | None]:
    """With proposals, and with what they were measured by where there was something to propose."""
    parts: tuple[Clause | ListItem, ...] = (*edition.clauses, *edition.items)
    if all(map(is_linked, parts)) or not (linked := _published(session)):
        return edition, None
    topics, reader = topics_now(session), Reader.load(None)
    kinship = Kinship(edition, linked, topics, reader)
    return propose(edition, linked, topics, reader, kinship=kinship), kinship


def _published(session: Session) -> list[Edition]:
    return [edition_of(row) for row in editions_now(session)]
