"""Which matters recur, and whether the same one ended alike: read off the first-offence ledger (R09, R77)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.applications.models import Application, Offence

from .period import Period

MOST = 20


@dataclass(frozen=True, slots=True)
class Matter:
    """``name``: the item of a list as ``list#number``, or what the officer called it. ``outcomes`` counts."""

    name: str
    outcomes: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def differs(self) -> bool:
        """Cases of one matter that ended differently: that may be right, and is to be looked at."""
        return len(self.outcomes) > 1


def matters(session: Session, scope: ColumnElement[bool], period: Period) -> tuple[Matter, ...]:
    """The matters in which a violation was found within ``period``, the most frequent first."""
    found = (
        select(Offence.matter, Offence.outcome, func.count())
        .join(Application, Application.id == Offence.application_id)
        .where(scope, Offence.made_at >= period.begins, Offence.made_at < period.until)
        .group_by(Offence.matter, Offence.outcome)
    )
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for matter, outcome, count in session.execute(found):
        counts[matter][outcome] += count
    held = [Matter(name, dict(outcomes.most_common())) for name, outcomes in counts.items()]
    return tuple(sorted(held, key=lambda matter: (-matter.total, matter.name))[:MOST])
