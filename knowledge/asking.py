"""What could still be told: the facts and the printed conditions on which a finding waits."""

from __future__ import annotations

from .evaluation import evaluate
from .predicate import (
    ActMinor,
    AgeIs,
    AllOf,
    AmountAtMost,
    AnyOf,
    Attested,
    BusinessAgeAtMost,
    Corrected,
    Deed,
    DoneByDate,
    DurationAtMost,
    FirstOffence,
    HarmIs,
    Lookback,
    NoFault,
    Predicate,
    QuantityAtMost,
    Start,
    TimeBar,
    leaves,
)
from .situation import Finding, Situation

_FACTS: dict[type[Predicate], str] = {
    FirstOffence: "first_offence",
    Lookback: "first_offence",
    TimeBar: "time_since_act_years",
    ActMinor: "minor",
    HarmIs: "harm",
    Corrected: "corrected",
    NoFault: "fault",
    AmountAtMost: "amount_yuan",
    QuantityAtMost: "quantity",
    DurationAtMost: "duration_days",
    AgeIs: "age",
}


def fact_of(predicate: Predicate | None) -> str:
    """The fact of the contract that a predicate turns on first; empty where there is none."""
    if predicate is None:
        return ""
    return next((fact for leaf in leaves(predicate) if (fact := _fact(leaf))), "")


def _fact(leaf: Predicate) -> str:
    match leaf:
        case DoneByDate(deed=deed):
            return "acted_on" if deed is Deed.ACT else "corrected_on"
        case BusinessAgeAtMost(start=start):
            return "days_since_opening" if start is Start.OPENING else "days_since_registration"
    return _FACTS.get(type(leaf), "")


def open_leaves(predicate: Predicate, situation: Situation) -> tuple[Predicate, ...]:
    """The simple predicates on which an unknown finding waits; none where the finding is settled."""
    if evaluate(predicate, situation) is not Finding.UNKNOWN:
        return ()
    if isinstance(predicate, AllOf | AnyOf):
        return tuple(leaf for part in predicate.parts for leaf in open_leaves(part, situation))
    return (predicate,)


def asks(predicate: Predicate, situation: Situation) -> frozenset[str]:
    """Facts whose telling could settle the finding.

    Exceptional grounds (age, time since the act, provable absence of fault) wait until the asker
    raises them: nobody is asked whether he is a child.
    """
    return frozenset(
        fact for leaf in open_leaves(predicate, situation) if (fact := _asked_fact(leaf, situation))
    )


def _asked_fact(leaf: Predicate, situation: Situation) -> str:
    if isinstance(leaf, AgeIs | TimeBar) or (isinstance(leaf, NoFault) and leaf.provable):
        return ""
    if isinstance(leaf, FirstOffence | Lookback) and situation.first_offence is False:
        return "repeat_within_months"
    if isinstance(leaf, DoneByDate) and leaf.deed is Deed.CORRECTION and situation.corrected is None:
        return "corrected"
    return _fact(leaf)


def open_conditions(predicate: Predicate, situation: Situation) -> tuple[str, ...]:
    """Printed conditions that the asker may answer by yes or no."""
    return tuple(leaf.text for leaf in open_leaves(predicate, situation) if isinstance(leaf, Attested))
