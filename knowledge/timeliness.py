"""Whether a correction came soon enough, and whether something was done by a calendar day."""

from __future__ import annotations

from datetime import timedelta

from .policy import policy
from .predicate import Corrected, Deed, DoneByDate, LimitDay, Term
from .situation import Correction, Finding, Situation

MET, NOT_MET, UNKNOWN, OFFICER = Finding.MET, Finding.NOT_MET, Finding.UNKNOWN, Finding.OFFICER

_SELF = frozenset({Correction.BEFORE_DISCOVERY})
_AT_ONCE = _SELF | {Correction.ON_THE_SPOT}
_IN_TIME = _AT_ONCE | {Correction.IN_TIME}
_UNDONE = frozenset({Correction.NOT_YET, Correction.REFUSED})
_FAILED = _UNDONE | {Correction.LATE}

# What each term accepts, and what only the date on the order can tell.
_ACCEPTED: dict[Term, tuple[frozenset[Correction], frozenset[Correction]]] = {
    Term.TIMELY: (_IN_TIME, frozenset()),
    Term.IN_PERIOD: (_IN_TIME, frozenset()),
    Term.ON_THE_SPOT: (_AT_ONCE, frozenset({Correction.IN_TIME})),
    Term.AT_ONCE: (_AT_ONCE, frozenset({Correction.IN_TIME})),
    Term.WITHIN_DAYS: (_AT_ONCE, frozenset({Correction.IN_TIME})),
    Term.WITHIN_HOURS: (_AT_ONCE, frozenset({Correction.IN_TIME})),
    Term.OWN_MOTION: (_SELF, frozenset({Correction.ON_THE_SPOT})),
    Term.BEFORE_ORDER: (_SELF, frozenset({Correction.ON_THE_SPOT, Correction.IN_TIME})),
}


def corrected(predicate: Corrected, situation: Situation) -> Finding:
    """Whether the act was corrected as soon as the list wants it."""
    told = situation.corrected
    if told in _FAILED or situation.refused_correction:
        return NOT_MET
    if told is None:
        return UNKNOWN
    accepted, doubtful = _ACCEPTED[predicate.term]
    if told in accepted:
        return MET
    if told not in doubtful:
        return NOT_MET
    hours, days = situation.correction_hours, situation.correction_days
    if predicate.hours is not None:
        return _within_hours(predicate.hours, hours, days)
    return _within_days(predicate, hours / 24 if days is None and hours is not None else days)


def fewest_hours(days: float) -> float:
    """The hours that have passed at the least where days are told: 第二天 may be the morning after."""
    return max(0.0, (days - 2) * 24)


def _within_hours(limit: float, hours: float | None, days: float | None) -> Finding:
    """Hours told decide; days told say only between which hours it was."""
    if hours is not None:
        return MET if hours <= limit else NOT_MET
    if days is None:
        return OFFICER
    if (days + 1) * 24 <= limit:
        return MET
    return NOT_MET if fewest_hours(days) >= limit else OFFICER


def _within_days(predicate: Corrected, taken: float | None) -> Finding:
    """Calendar days told against a limit; working days leave a band that needs the calendar."""
    if taken is None:
        return OFFICER
    if predicate.days is None:
        return NOT_MET if predicate.term is Term.ON_THE_SPOT and taken >= 1 else OFFICER
    if taken <= predicate.days:
        return MET
    longest = predicate.days * 2 + policy().working_day_slack if predicate.working_days else predicate.days
    return OFFICER if taken <= longest else NOT_MET


def done_by_date(predicate: DoneByDate, situation: Situation) -> Finding:
    """Whether the act ended, or was corrected, by a calendar day.

    A month or a year told decides where all its days lie on one side.
    """
    correction = predicate.deed is Deed.CORRECTION
    if correction and (situation.refused_correction or situation.corrected in _UNDONE):
        return NOT_MET
    told = situation.corrected_on if correction else situation.acted_on
    if told is None:
        return UNKNOWN
    day, next_day = predicate.day, predicate.day + timedelta(days=1)
    met_before = next_day if predicate.limit is LimitDay.INCLUDED else day
    unmet_from = day if predicate.limit is LimitDay.EXCLUDED else next_day
    if told.latest < met_before:
        return MET
    if told.earliest >= unmet_from:
        return NOT_MET
    return OFFICER if told.earliest == told.latest else UNKNOWN
