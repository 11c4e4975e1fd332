"""What the assistant still answers while it is stopped for some regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from portal.switch import require_answering, stopped_regions, stopping

if TYPE_CHECKING:
    from knowledge.library import Knowledge


def answered_for(
    text: str, region: str | None, memory: Mapping[str, object], knowledge: Knowledge
) -> tuple[str, ...]:
    """The regions that a question is about: those it names, else the one chosen, else that of the turn
    before."""
    from knowledge.region import mentioned

    named = mentioned(text, covered=knowledge.regions())
    before = memory.get("region")
    return named or ((region,) if region else (before,) if isinstance(before, str) else ())


def check_answered(session: Session, regions: Iterable[str | None]) -> None:
    """Raises SwitchedOff where the answering is stopped, for all or for one of these regions."""
    require_answering(session, tuple(filter(None, regions)))


def with_what_is_answered(session: Session, knowledge: Knowledge) -> Knowledge:
    """The knowledge without the regions that are stopped: what may be wrong there is not cited for
    anyone else either."""
    stopped = stopped_regions(session)
    gone = frozenset(s.region for s in knowledge.shelves if stopping(stopped, s.region)) if stopped else None
    return knowledge.without(gone) if gone else knowledge
