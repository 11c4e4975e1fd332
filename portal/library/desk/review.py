"""Review: who wrote hands in, another approves or returns, a third publishes.

It holds for draft editions and for changes of topics alike, and it is held here, at the act.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy.orm import Session

from portal import journal
from portal.errors import FieldError, FieldErrors, Problem
from portal.library.models import EditionState
from portal.library.publication import gaps

from .drafts import DraftMoved, is_stale
from .models import Draft, Piece

REMARKS = 1000
Reviewed = TypeVar("Reviewed", bound=Piece)


class SamePerson(Problem):
    """The same person would have two of the three parts in one release."""

    slug = "same_person"


class NotReadyForReview(Problem):
    """What is handed in could not be published; ``reason`` says why."""

    slug = "not_ready_for_review"


def submit(session: Session, piece: Reviewed, *, actor: str) -> Reviewed:
    """Hands a draft in for review; NotReadyForReview where it could never be published as it stands."""
    _need(piece, EditionState.DRAFT)
    if isinstance(piece, Draft):
        if missing := gaps(piece.edition):
            raise NotReadyForReview(reason="".join(missing))
        if is_stale(session, piece):
            raise NotReadyForReview(reason="打开之后已发布了另一版，请先更新草稿。")
    piece.submitted_by, piece.reviewed_by, piece.remarks = actor, "", ""
    return _moved(session, piece, EditionState.IN_REVIEW, "submitted", actor)


def take_back(session: Session, piece: Reviewed, *, actor: str) -> Reviewed:
    """Back to writing, before it is published."""
    _need(piece, EditionState.IN_REVIEW, EditionState.APPROVED)
    piece.submitted_by = piece.reviewed_by = ""
    return _moved(session, piece, EditionState.DRAFT, "taken_back", actor)


def approve(session: Session, piece: Reviewed, *, actor: str, seen: str | None = None) -> Reviewed:
    """The legality reviewer finds it right; SamePerson for anyone who wrote in it or handed it in.

    DraftMoved where it is no longer what the reviewer's page showed, which ``seen`` names.
    """
    _need(piece, EditionState.IN_REVIEW)
    if actor in writers(piece):
        raise SamePerson(who=actor)
    if seen is not None and seen != piece.seen:
        raise DraftMoved
    piece.reviewed_by = actor
    return _moved(session, piece, EditionState.APPROVED, "approved", actor)


def send_back(session: Session, piece: Reviewed, remarks: str, *, actor: str) -> Reviewed:
    """Returns it to its authors with remarks, which are never empty."""
    _need(piece, EditionState.IN_REVIEW, EditionState.APPROVED)
    remarks = remarks.strip()
    if not remarks:
        raise FieldErrors(errors=[FieldError("remarks", "required")])
    if len(remarks) > REMARKS:
        values = {"limit": REMARKS, "length": len(remarks)}
        raise FieldErrors(errors=[FieldError("remarks", "too_long", values)])
    piece.remarks, piece.reviewed_by = remarks, ""
    return _moved(session, piece, EditionState.DRAFT, "returned", actor)


def writers(piece: Piece) -> frozenset[str]:
    """All who had the author's part: who changed it, and who handed it in."""
    return frozenset((*piece.authors, piece.submitted_by)) - {""}


def check_persons(pieces: Iterable[Piece], publisher: str) -> None:
    """SamePerson where anyone would have two parts in one release of these pieces."""
    held = tuple(pieces)
    wrote = frozenset(name for piece in held for name in writers(piece))
    reviewed = frozenset(piece.reviewed_by for piece in held)
    twice = (wrote & reviewed) | ({publisher} & (wrote | reviewed))
    if twice:
        raise SamePerson(who="、".join(sorted(twice)))


def _need(piece: Piece, *states: EditionState) -> None:
    if piece.state not in states:
        raise DraftMoved


def _moved(session: Session, piece: Reviewed, state: EditionState, act: str, actor: str) -> Reviewed:
    piece.state = state.value
    detail = {"remarks": piece.remarks} if act == "returned" else {}
    journal.append(session, actor, f"draft.{act}", piece.subject, detail)
    session.commit()
    return piece
