"""Proposals for what is imported, learned from the release that the public sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.proposal import is_linked, propose
from knowledge.query import Reader

from .record import current_release, edition_of, editions_of_release, topics_now


def with_proposals(session: Session, edition: Edition) -> Edition:
    """``edition`` with topics and ways of asking proposed where it has none."""
    release = current_release(session)
    parts: tuple[Clause | ListItem, ...] = (*edition.clauses, *edition.items)
    if release is None or all(map(is_linked, parts)):
        return edition
    linked = [edition_of(row) for row in editions_of_release(session, release.number)]
    return propose(edition, linked, topics_now(session), Reader.load(None))
