"""Facts worth asking for, those first that decide most often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from .asking import fact_of
from .conclusion import Case, conclude
from .exemption import Outcome
from .listing import requirements
from .policy import policy
from .predicate import (
    AmountAtMost,
    BusinessAgeAtMost,
    DoneByDate,
    DurationAtMost,
    FirstOffence,
    Lookback,
    Predicate,
    QuantityAtMost,
    leaves,
)
from .situation import Correction, Fault, Harm, Quantity, Situation
from .told_day import ToldDay


def in_order_of_weight(case: Case, facts: Iterable[str]) -> tuple[str, ...]:
    """``facts`` ordered by how often an answer would end the asking; ties by ``facts_by_weight``."""
    fixed = policy().facts_by_weight
    names = sorted(facts, key=lambda f: fixed.index(f) if f in fixed else len(fixed))
    if len(names) < 2:
        return tuple(names)
    weights = {name: _weight(case, name) for name in names}
    return tuple(sorted(names, key=lambda name: -weights[name]))


def _weight(case: Case, fact: str) -> float:
    """The share of plausible answers after which no fact need be asked."""
    outcomes = [conclude(replace(case, situation=told)).outcome for told in _answers(case, fact)]
    return sum(o is not Outcome.NEEDS_FACTS for o in outcomes) / len(outcomes) if outcomes else 0.0


def _answers(case: Case, fact: str) -> Iterator[Situation]:
    """The situation after each plausible answer; for a number, one on either side of each limit."""
    situation = case.situation
    plain: dict[str, tuple[object, ...]] = {
        "first_offence": (True, False),
        "harm": tuple(Harm),
        "corrected": (Correction.IN_TIME, Correction.ON_THE_SPOT, Correction.NOT_YET, Correction.REFUSED),
        "fault": (Fault.NEGLIGENT, Fault.INTENTIONAL),
    }
    for value in plain.get(fact, ()):
        yield replace(situation, **{fact: value})  # type: ignore[arg-type]
    for leaf in _limits(case):
        yield from _around(leaf, fact, situation)


def _around(leaf: Predicate, fact: str, situation: Situation) -> Iterator[Situation]:
    match leaf, fact:
        case AmountAtMost(yuan=limit), "amount_yuan":
            yield from (replace(situation, amount_yuan=limit * share) for share in (0.5, 2))
        case QuantityAtMost(value=limit, unit=unit), "quantity":
            for share in (0.5, 2):
                yield replace(situation, quantity=(*situation.quantity, Quantity(limit * share, unit)))
        case DurationAtMost(days=limit), "duration_days":
            yield from (replace(situation, duration_days=limit * share) for share in (0.5, 2))
        case (DoneByDate(day=day), "acted_on" | "corrected_on") if fact_of(leaf) == fact:
            for away in (-1, 1):
                yield replace(situation, **{fact: ToldDay.of(day + timedelta(days=away))})  # type: ignore[arg-type]
        case (BusinessAgeAtMost(days=limit), "days_since_opening" | "days_since_registration") if (
            fact_of(leaf) == fact
        ):
            yield from (replace(situation, **{fact: limit * share}) for share in (0.5, 2))  # type: ignore[arg-type]
        case ((FirstOffence(window_months=int(window)) | Lookback(months=window)), "repeat_within_months"):
            yield from (replace(situation, repeat_within_months=months) for months in (1, window + 1))


def _limits(case: Case) -> Iterator[Predicate]:
    for item in case.items:
        for requirement in requirements(item):
            yield from leaves(requirement.predicate)
