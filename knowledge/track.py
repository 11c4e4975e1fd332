"""A track: one way in which a case can come to no penalty or a lighter one, and how far it carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .asking import asks, fact_of, open_conditions
from .clause import ClauseRef
from .evaluation import all_of, evaluate
from .exemption import ConditionFinding, Ground, ListItem, Outcome
from .predicate import Predicate
from .situation import Finding, Situation


@dataclass(frozen=True, slots=True)
class Track:
    """``outcome`` is what follows if the track is met; ``raised`` when the asker brought it up."""

    ground: Ground
    outcome: Outcome
    finding: Finding
    conditions: tuple[ConditionFinding, ...]
    citations: tuple[ClauseRef, ...]
    asks: frozenset[str] = frozenset()
    open: tuple[str, ...] = ()
    item: ListItem | None = None
    raised: bool = False

    @property
    def is_open(self) -> bool:
        """Not met yet, and neither failed nor merely unheard of."""
        if self.finding is Finding.UNKNOWN:
            return bool(self.asks or self.open)
        return self.finding is Finding.OFFICER

    @property
    def failures(self) -> int:
        return sum(c.finding is Finding.NOT_MET for c in self.conditions)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition in words, what it means, and the clause that demands it.

    ``gate`` is False for what may never decide alone, a commitment letter for instance.
    """

    text: str
    predicate: Predicate
    citation: ClauseRef
    gate: bool = True


def follow(
    ground: Ground,
    outcome: Outcome,
    requirements: Sequence[Requirement],
    situation: Situation,
    *,
    item: ListItem | None = None,
    raised: bool = False,
) -> Track:
    """The track that ``requirements`` make in a situation; without any gate it is the officer's."""
    conditions = tuple(
        ConditionFinding(r.text, evaluate(r.predicate, situation), r.citation, fact_of(r.predicate))
        for r in requirements
    )
    gates = [r for r in requirements if r.gate]
    finding = all_of(evaluate(r.predicate, situation) for r in gates) if gates else Finding.OFFICER
    waiting = gates if finding is Finding.UNKNOWN else []
    return Track(
        ground,
        outcome,
        finding,
        conditions,
        tuple(dict.fromkeys(r.citation for r in requirements)),
        frozenset[str]().union(*(asks(r.predicate, situation) for r in waiting)),
        tuple(dict.fromkeys(t for r in waiting for t in open_conditions(r.predicate, situation))),
        item,
        raised,
    )
