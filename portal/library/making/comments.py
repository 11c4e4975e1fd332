"""Comments on a draft: between author, reviewer and publisher, never seen by the public."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.edition import Edition
from portal import journal
from portal.errors import FieldError, FieldErrors, NotFound
from portal.library.models import EditionRow

from .models import Comment
from .steps import wrong_words


def comments_of(session: Session, edition_id: int) -> list[Comment]:
    """The comments on an edition, open ones first, each in the order in which they were written."""
    rows = session.scalars(select(Comment).where(Comment.edition_id == edition_id).order_by(Comment.id))
    return sorted(rows, key=lambda comment: bool(comment.settled_by))


def count_open(session: Session, edition_id: int) -> int:
    """How many comments on an edition nobody has dealt with."""
    chosen = select(func.count(Comment.id)).where(Comment.edition_id == edition_id, Comment.settled_by == "")
    return session.scalar(chosen) or 0


def write_comment(
    session: Session, row: EditionRow, edition: Edition, section: str, words: str, *, actor: str
) -> Comment:
    """A comment on an edition, or on one clause or item of it; FieldErrors where there is no such part."""
    errors = wrong_words("words", words)
    if section and section not in sections_of(edition):
        errors.append(FieldError("section", "no_such_section"))
    if errors:
        raise FieldErrors(errors=errors)
    comment = Comment(edition_id=row.id, section=section, words=words, written_by=actor)
    session.add(comment)
    journal.append(session, actor, "draft.comment", row.instrument_id, {"section": section, "words": words})
    session.commit()
    return comment


def settle_comment(session: Session, row: EditionRow, comment_id: int, *, actor: str) -> Comment:
    """Marks a comment as dealt with."""
    comment = session.get(Comment, comment_id)
    if comment is None or comment.edition_id != row.id:
        raise NotFound
    if not comment.settled_by:
        comment.settled_by = actor
        journal.append(session, actor, "draft.comment_settled", row.instrument_id, {"words": comment.words})
        session.commit()
    return comment


def sections_of(edition: Edition) -> list[str]:
    """What a comment may be about: every clause and item by the name it has on the desk."""
    return [*(clause.section for clause in edition.clauses), *(item.number for item in edition.items)]
