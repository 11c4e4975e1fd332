"""Whether a situation meets a predicate: pure, three-valued, and never decided by what is untold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from .measure import in_unit
from .policy import policy
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
    Start,
    TimeBar,
)
from .situation import Fault, Finding, Harm, Situation
from .timeliness import corrected, done_by_date

MET, NOT_MET, UNKNOWN, OFFICER = Finding.MET, Finding.NOT_MET, Finding.UNKNOWN, Finding.OFFICER

_HARM_ORDER = (Harm.NONE, Harm.SLIGHT, Harm.SERIOUS)


def all_of(findings: Iterable[Finding]) -> Finding:
    """The finding of conditions that must hold together; the worst one counts."""
    found = set(findings)
    return next((f for f in (NOT_MET, UNKNOWN, OFFICER) if f in found), MET)


def any_of(findings: Iterable[Finding]) -> Finding:
    """The finding of alternatives; the best one counts."""
    found = set(findings)
    return next((f for f in (MET, UNKNOWN, OFFICER) if f in found), NOT_MET)


@singledispatch
def evaluate(predicate: Predicate, situation: Situation) -> Finding:  # noqa: ARG001
    """Whether ``situation`` meets ``predicate``; a predicate of no known kind is the officer's."""
    return OFFICER


@evaluate.register
def _(predicate: AllOf, situation: Situation) -> Finding:
    return all_of(evaluate(part, situation) for part in predicate.parts)


@evaluate.register
def _(predicate: AnyOf, situation: Situation) -> Finding:
    return any_of(evaluate(part, situation) for part in predicate.parts)


@evaluate.register
def _(predicate: FirstOffence, situation: Situation) -> Finding:
    return _clean_history(situation, predicate.window_months)


@evaluate.register
def _(predicate: Lookback, situation: Situation) -> Finding:
    return _clean_history(situation, predicate.months)


def _clean_history(situation: Situation, window: int | None) -> Finding:
    """Without a window of its own, a long-past act is the authority's to judge."""
    last = situation.repeat_within_months
    if last is not None:
        if last <= (window if window is not None else policy().settled_lookback_months):
            return NOT_MET
        return OFFICER if window is None else MET
    if situation.first_offence is None:
        return UNKNOWN
    if situation.first_offence:
        return MET
    return NOT_MET if window is None else UNKNOWN


@evaluate.register
def _(predicate: TimeBar, situation: Situation) -> Finding:
    """Even a long time proves only that the authority must check when the act ended and was found."""
    if situation.time_since_act_years is None:
        return UNKNOWN
    return OFFICER if situation.time_since_act_years > predicate.years else NOT_MET


@evaluate.register
def _(predicate: ActMinor, situation: Situation) -> Finding:
    if situation.minor is False or situation.harm is Harm.SERIOUS:
        return NOT_MET
    return MET if situation.minor and not predicate.markedly else OFFICER


@evaluate.register
def _(predicate: HarmIs, situation: Situation) -> Finding:
    if situation.harm is None:
        return UNKNOWN
    if _HARM_ORDER.index(situation.harm) <= _HARM_ORDER.index(predicate.at_most):
        return MET
    return OFFICER if predicate.aspect and situation.harm is Harm.SLIGHT else NOT_MET


evaluate.register(Corrected, corrected)
evaluate.register(DoneByDate, done_by_date)


@evaluate.register
def _(predicate: NoFault, situation: Situation) -> Finding:
    """Whether evidence suffices is the authority's to weigh; that there was no intent can be told."""
    if situation.fault is None:
        return UNKNOWN
    if predicate.provable:
        return OFFICER if situation.fault is Fault.NONE_PROVABLE else NOT_MET
    return NOT_MET if situation.fault is Fault.INTENTIONAL else MET


def _at_most(value: float, limit: float, strict: bool) -> bool:
    return value < limit if strict else value <= limit


@evaluate.register
def _(predicate: AmountAtMost, situation: Situation) -> Finding:
    if situation.amount_yuan is None:
        return UNKNOWN
    if _at_most(situation.amount_yuan, predicate.yuan, predicate.strict):
        return MET
    return OFFICER if predicate.per else NOT_MET


@evaluate.register
def _(predicate: QuantityAtMost, situation: Situation) -> Finding:
    """The largest told quantity of the same measure counts; a total says little of a limit per floor."""
    told = [v for q in situation.quantity if (v := in_unit(q, predicate.unit)) is not None]
    if not told:
        return UNKNOWN
    if _at_most(max(told), predicate.value, predicate.strict):
        return MET
    return OFFICER if predicate.per else NOT_MET


@evaluate.register
def _(predicate: DurationAtMost, situation: Situation) -> Finding:
    if situation.duration_days is None:
        return UNKNOWN
    return MET if _at_most(situation.duration_days, predicate.days, predicate.strict) else NOT_MET


@evaluate.register
def _(predicate: BusinessAgeAtMost, situation: Situation) -> Finding:
    opening = predicate.start is Start.OPENING
    told = situation.days_since_opening if opening else situation.days_since_registration
    if told is None:
        return UNKNOWN
    return MET if _at_most(told, predicate.days, predicate.strict) else NOT_MET


@evaluate.register
def _(predicate: AgeIs, situation: Situation) -> Finding:
    if situation.age is None:
        return UNKNOWN
    return MET if predicate.at_least <= situation.age < predicate.below else NOT_MET


@evaluate.register
def _(predicate: Incapacity, situation: Situation) -> Finding:  # noqa: ARG001
    """An expert opinion decides, so even a told incapacity is the authority's to establish."""
    if situation.incapacity is None:
        return UNKNOWN
    return OFFICER if situation.incapacity else NOT_MET


@evaluate.register
def _(predicate: MitigatedBy, situation: Situation) -> Finding:
    return MET if predicate.ground in situation.mitigations else UNKNOWN


@evaluate.register
def _(predicate: Attested, situation: Situation) -> Finding:
    answer = situation.answer(predicate.text)
    if answer is None:
        return UNKNOWN
    return MET if answer else NOT_MET


@evaluate.register
def _(predicate: Appraised, situation: Situation) -> Finding:
    return NOT_MET if situation.answer(predicate.text) is False else OFFICER


@evaluate.register
def _(predicate: OtherGround, situation: Situation) -> Finding:  # noqa: ARG001
    return UNKNOWN
