"""Cases made from a list item's typed conditions, for tests and for editors who check an import.

For each item: one situation that meets everything that can be told, one for each condition that
fails, and one on each limit. They are proposals, to be read by a person who knows the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from .asking import fact_of
from .exemption import ListItem
from .listing import requirements
from .measure import in_unit
from .predicate import (
    ActMinor,
    AgeIs,
    AllOf,
    AmountAtMost,
    AnyOf,
    Appraised,
    Attested,
    BusinessAgeAtMost,
    Corrected,
    Deed,
    DoneByDate,
    DurationAtMost,
    FirstOffence,
    HarmIs,
    Incapacity,
    Lookback,
    MitigatedBy,
    NoFault,
    OtherGround,
    Predicate,
    QuantityAtMost,
    Term,
    TimeBar,
    leaves,
)
from .sector import sectors_of_field
from .situation import Correction, Fault, Harm, Quantity, Situation
from .told_day import ToldDay

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A made situation; ``condition`` is the printed condition that it breaks or stands on the limit of."""

    situation: Situation
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """Facts that meet a simple predicate, that break it, and that stand exactly on its limit."""

    met: Facts
    broken: Facts
    limit: Facts | None = None


def blank(item: ListItem) -> Situation:
    """Nothing told but the field."""
    fields = sectors_of_field(item.field) or sectors_of_field(item.department)
    return Situation(sectors=tuple(sorted(fields)))


def positive(item: ListItem) -> Sample:
    """Everything that can be told, told as met."""
    situation = blank(item)
    for requirement in requirements(item):
        situation = _meeting(requirement.predicate, situation)
    return Sample(situation)


def negatives(item: ListItem) -> Iterator[Sample]:
    """The positive case with one condition broken at a time."""
    best = positive(item).situation
    for requirement in requirements(item):
        broken = _breaking(requirement.predicate, best)
        if broken != best:
            yield Sample(broken, requirement.text)


def edges(item: ListItem) -> Iterator[Sample]:
    """The positive case with one fact moved exactly onto a limit."""
    best = positive(item).situation
    for requirement in requirements(item):
        for leaf in leaves(requirement.predicate):
            limit = sides(leaf).limit
            if limit is not None:
                yield Sample(_told(best, limit), requirement.text)


def sides(leaf: Predicate) -> Sides:
    """Both sides and the limit of a simple predicate; nothing where no fact decides it."""
    make = _SIDES.get(type(leaf))
    return make(leaf) if make else Sides({}, {})


def _meeting(predicate: Predicate, situation: Situation) -> Situation:
    if isinstance(predicate, AnyOf):
        return _meeting(min(predicate.parts, key=_rarity), situation)
    if isinstance(predicate, AllOf):
        for part in predicate.parts:
            situation = _meeting(part, situation)
        return situation
    return _told(situation, _with_what_was_told(sides(predicate).met, situation))


def _breaking(predicate: Predicate, situation: Situation) -> Situation:
    if isinstance(predicate, AllOf):
        return _breaking(predicate.parts[0], situation)
    if isinstance(predicate, AnyOf):
        for part in predicate.parts:
            situation = _breaking(part, situation)
        return situation
    return _told(situation, sides(predicate).broken)


def _rarity(part: Predicate) -> int:
    """Alternatives that a business can tell come before exceptional grounds."""
    if isinstance(part, Appraised | OtherGround):
        return 3
    if isinstance(part, AgeIs | Incapacity | TimeBar | NoFault):
        return 2
    return 0 if isinstance(part, MitigatedBy | QuantityAtMost | AmountAtMost) else 1


def _with_what_was_told(facts: Facts, situation: Situation) -> Facts:
    """The facts, but never laxer than what an earlier condition already wanted."""
    stricter = dict(facts)
    for name, order in (("harm", tuple(Harm)), ("corrected", tuple(Correction))):
        wanted, told = facts.get(name), getattr(situation, name)
        if wanted is not None and told is not None:
            stricter[name] = min(wanted, told, key=order.index)
    for name in ("amount_yuan", "duration_days", "days_since_opening", "days_since_registration"):
        if name in stricter and (told := getattr(situation, name)) is not None:
            stricter[name] = min(stricter[name], told)
    for name in ("acted_on", "corrected_on"):
        if name in stricter and (told := getattr(situation, name)) is not None:
            stricter[name] = min(stricter[name], told, key=lambda day: day.latest)
    if "quantity" in stricter:
        stricter["quantity"] = _least(stricter["quantity"], situation)
    return stricter


def _least(wanted: Quantity, situation: Situation) -> Quantity:
    """The wanted quantity, or what was told of the same measure where that is less."""
    told = [v for q in situation.quantity if (v := in_unit(q, wanted.unit)) is not None]
    return Quantity(min([wanted.value, *told]), wanted.unit)


def _told(situation: Situation, facts: Facts) -> Situation:
    """The situation with more told; what can be told many times is added to what was told before."""
    told = dict(facts)
    if "quantity" in told:
        unit = told["quantity"].unit
        told["quantity"] = (*(q for q in situation.quantity if q.unit != unit), told["quantity"])
    if "answer" in told:
        text, yes = told.pop("answer")
        told["told"] = (*(a for a in situation.told if a[0] != text), (text, yes))
    if "add_mitigation" in told:
        told["mitigations"] = situation.mitigations | {told.pop("add_mitigation")}
    if "drop_mitigation" in told:
        told["mitigations"] = situation.mitigations - {told.pop("drop_mitigation")}
    return replace(situation, **told)


_HISTORY = Sides(
    {"first_offence": True, "repeat_within_months": None},
    {"first_offence": False, "repeat_within_months": 1},
)


def _lookback(leaf: Lookback) -> Sides:
    return replace(_HISTORY, limit={"first_offence": False, "repeat_within_months": leaf.months})


def _corrected(leaf: Corrected) -> Sides:
    needs = {Term.OWN_MOTION: Correction.BEFORE_DISCOVERY, Term.BEFORE_ORDER: Correction.BEFORE_DISCOVERY}
    at_once = dict.fromkeys(
        (Term.ON_THE_SPOT, Term.AT_ONCE, Term.WITHIN_DAYS, Term.WITHIN_HOURS), Correction.ON_THE_SPOT
    )
    taken = {"correction_days": leaf.days, "correction_hours": leaf.hours}
    limits = {name: most for name, most in taken.items() if most}
    limit = {"corrected": Correction.IN_TIME, **limits} if limits else None
    return Sides(
        {"corrected": {**needs, **at_once}.get(leaf.term, Correction.IN_TIME)},
        {"corrected": Correction.REFUSED, "corrected_on": None},
        limit,
    )


def _number(fact: str, limit: float) -> Sides:
    return Sides({fact: limit / 2}, {fact: limit * 3}, {fact: limit})


def _by_date(leaf: DoneByDate) -> Sides:
    """The day before, with a correction made, the day after and the day itself."""
    fact = fact_of(leaf)
    made = {"corrected": Correction.IN_TIME} if leaf.deed is Deed.CORRECTION else {}
    before, after, itself = ({fact: ToldDay.of(leaf.day + timedelta(days=away))} for away in (-1, 1, 0))
    return Sides({**made, **before}, after, itself)


def _quantity(leaf: QuantityAtMost) -> Sides:
    of = [Quantity(leaf.value * share, leaf.unit) for share in (0.5, 3, 1)]
    return Sides({"quantity": of[0]}, {"quantity": of[1]}, {"quantity": of[2]})


_SIDES: Mapping[type[Predicate], Callable[[Any], Sides]] = {
    FirstOffence: lambda _: _HISTORY,
    Lookback: _lookback,
    TimeBar: lambda leaf: Sides(
        {"time_since_act_years": leaf.years + 1},
        {"time_since_act_years": leaf.years / 2},
        {"time_since_act_years": leaf.years},
    ),
    ActMinor: lambda _: Sides({"minor": True}, {"minor": False}),
    HarmIs: lambda leaf: Sides({"harm": leaf.at_most}, {"harm": Harm.SERIOUS}, {"harm": leaf.at_most}),
    Corrected: _corrected,
    NoFault: lambda _: Sides(
        {"fault": Fault.NONE_PROVABLE}, {"fault": Fault.INTENTIONAL}, {"fault": Fault.NEGLIGENT}
    ),
    AmountAtMost: lambda leaf: _number("amount_yuan", leaf.yuan),
    QuantityAtMost: _quantity,
    DurationAtMost: lambda leaf: _number("duration_days", leaf.days),
    DoneByDate: _by_date,
    BusinessAgeAtMost: lambda leaf: _number(fact_of(leaf), leaf.days),
    AgeIs: lambda leaf: Sides({"age": leaf.below - 1}, {"age": leaf.below + 20}, {"age": leaf.below}),
    Incapacity: lambda _: Sides({"incapacity": True}, {"incapacity": False}),
    MitigatedBy: lambda leaf: Sides({"add_mitigation": leaf.ground}, {"drop_mitigation": leaf.ground}),
    Attested: lambda leaf: Sides({"answer": (leaf.text, True)}, {"answer": (leaf.text, False)}),
    Appraised: lambda leaf: Sides({}, {"answer": (leaf.text, False)}),
}
