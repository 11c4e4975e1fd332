"""Past answers that cite what a release changes or repeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from knowledge.clause import ClauseRef
from portal.library.touch import Touches
from portal.library.watch import Stake, Step

from .models import AnswerSource

if TYPE_CHECKING:
    from portal.accounts.current import SignedIn

KIND = "answers"


class AnswerWatcher:
    """Answers that were given, and the clauses they cite. They stay as they stood; they are only counted."""

    def stake(self, session: Session, touches: Touches, staff: SignedIn) -> Stake:  # noqa: ARG002  no names
        cited = _cited(session, touches)
        documents = {document: _count(session, {document: names}) for document, names in cited.items()}
        return Stake(KIND, _count(session, cited), documents)

    def released(self, step: Step) -> Mapping[str, object]:
        count = _count(step.session, _cited(step.session, step.touches))
        return {KIND: count} if count else {}


def _cited(session: Session, touches: Touches) -> dict[str, list[str]]:
    """What answers cite of what is touched: the sections of each document."""
    pairs = session.execute(
        select(AnswerSource.document, AnswerSource.section)
        .where(AnswerSource.document.in_(touches.documents))
        .distinct()
    )
    cited: dict[str, list[str]] = {}
    for document, section in pairs:
        if touches.on([ClauseRef(document, section)]):
            cited.setdefault(document, []).append(section)
    return cited


def _count(session: Session, cited: Mapping[str, Sequence[str]]) -> int:
    """How many answers cite any of these, each counted once."""
    if not cited:
        return 0
    any_of: list[ColumnElement[bool]] = [
        and_(AnswerSource.document == document, AnswerSource.section.in_(sections))
        for document, sections in cited.items()
    ]
    return session.scalar(select(func.count(AnswerSource.answer_id.distinct())).where(or_(*any_of))) or 0
