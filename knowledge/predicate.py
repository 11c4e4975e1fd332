"""Typed conditions of an exemption list: what a printed condition means.

A predicate is a plain value: ``knowledge.parse.conditions`` makes it from printed text,
``knowledge.evaluation`` finds whether a situation meets it, ``knowledge.record`` stores it. No
field may be called ``kind``: the record names the class so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .situation import Harm, Mitigation


class Basis(StrEnum):
    """What makes an earlier act count: that it occurred, was found, or was penalised."""

    OCCURRED = "occurred"
    DISCOVERED = "discovered"
    PENALISED = "penalised"


class Scope(StrEnum):
    """Which earlier acts count: the same matter, rule or kind, or any act of the sector."""

    SAME_MATTER = "same_matter"
    SAME_RULE = "same_rule"
    SAME_KIND = "same_kind"
    SAME_SECTOR = "same_sector"


class Term(StrEnum):
    """By when a list wants the correction."""

    TIMELY = "timely"
    ON_THE_SPOT = "on_the_spot"
    AT_ONCE = "at_once"
    IN_PERIOD = "in_period"
    WITHIN_DAYS = "within_days"
    WITHIN_HOURS = "within_hours"
    OWN_MOTION = "own_motion"
    BEFORE_ORDER = "before_order"


class Deed(StrEnum):
    """What a list wants done by a calendar day: the act over, or its correction made."""

    ACT = "act"
    CORRECTION = "correction"


class LimitDay(StrEnum):
    """Whether the day named still counts; a bare 前 leaves it open."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    UNSAID = "unsaid"


class Start(StrEnum):
    """From when a list counts how young a business is."""

    OPENING = "opening"
    REGISTRATION = "registration"


class Attestation(StrEnum):
    """Kinds of condition that no fact of the contract covers; the asker may answer yes or no."""

    NO_ILLEGAL_GAIN = "no_illegal_gain"
    COMMITMENT = "commitment"
    COOPERATION = "cooperation"
    CREDIT_CLEAN = "credit_clean"
    NO_ACCIDENT = "no_accident"
    RESTITUTION = "restitution"
    CREDENTIAL = "credential"
    DUTY_DONE = "duty_done"
    SUBJECT = "subject"
    NOT_SUBJECT = "not_subject"
    STAGE = "stage"
    CIRCUMSTANCE = "circumstance"


class Appraisal(StrEnum):
    """Kinds of condition that only the authority can judge, whatever the asker says."""

    RISK = "risk"
    RESULT = "result"
    NOT_ESTABLISHED = "not_established"
    OTHER_LAW = "other_law"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Predicate:
    """Base of every typed condition."""


@dataclass(frozen=True, slots=True)
class FirstOffence(Predicate):
    """First offence as a list defines it; ``window_months`` None means ever.

    ``since_list`` counts only from the day the list took effect. ``territory`` is empty, or
    agency, city, province or nation. The fields beyond the window are shown, not evaluated: only
    the authority's register can tell them.
    """

    basis: Basis = Basis.OCCURRED
    scope: Scope = Scope.SAME_MATTER
    window_months: int | None = None
    since_list: bool = False
    territory: str = ""
    counts_prior_exemption: bool = False


@dataclass(frozen=True, slots=True)
class Lookback(Predicate):
    """Nothing of the kind within the last ``months`` (二年内未就该事项被查处)."""

    months: int
    basis: Basis = Basis.PENALISED
    scope: Scope = Scope.SAME_MATTER


@dataclass(frozen=True, slots=True)
class TimeBar(Predicate):
    """Not discovered within ``years`` (行政处罚法 第三十六条)."""

    years: float = 2


@dataclass(frozen=True, slots=True)
class ActMinor(Predicate):
    """The act is minor; ``markedly`` where the text asks for 显著 or 特别轻微."""

    markedly: bool = False


@dataclass(frozen=True, slots=True)
class HarmIs(Predicate):
    """Harm at most ``at_most``. ``aspect`` names one effect that must be absent (不影响系统功能)."""

    at_most: Harm = Harm.NONE
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class Corrected(Predicate):
    """Corrected by ``term``; a limit in ``days`` or ``hours`` runs from ``start`` where one is named."""

    term: Term = Term.TIMELY
    days: int | None = None
    working_days: bool = False
    start: str = ""
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class NoFault(Predicate):
    """No fault. ``provable``: evidence must prove it; else it is enough that there was no intent."""

    provable: bool = True


@dataclass(frozen=True, slots=True)
class AmountAtMost(Predicate):
    """A sum in yuan; ``strict`` for 不足／不满／未满; ``per`` for a sum per person, floor and so on."""

    yuan: float
    strict: bool = False
    per: str = ""


@dataclass(frozen=True, slots=True)
class QuantityAtMost(Predicate):
    """A count or measure in ``unit``; ratios have the unit ``%`` or ``倍``."""

    value: float
    unit: str
    strict: bool = False
    per: str = ""


@dataclass(frozen=True, slots=True)
class DurationAtMost(Predicate):
    """The violation lasted at most ``days`` (a month counts 30, a year 365)."""

    days: float
    strict: bool = False


@dataclass(frozen=True, slots=True)
class DoneByDate(Predicate):
    """The act ended, or was corrected, before the calendar day ``day`` (2025年6月30日前完成整改)."""

    deed: Deed
    day: date
    limit: LimitDay = LimitDay.UNSAID


@dataclass(frozen=True, slots=True)
class BusinessAgeAtMost(Predicate):
    """The act fell within ``days`` of the opening or registration (a month counts 30, a year 365)."""

    start: Start
    days: float
    strict: bool = False


@dataclass(frozen=True, slots=True)
class AgeIs(Predicate):
    """The party is at least ``at_least`` and under ``below`` years old."""

    at_least: int = 0
    below: int = 14


@dataclass(frozen=True, slots=True)
class Incapacity(Predicate):
    """Unable to recognise or control the act (行政处罚法 第三十一条)."""


@dataclass(frozen=True, slots=True)
class MitigatedBy(Predicate):
    """One of the grounds of 行政处罚法 第三十二条."""

    ground: Mitigation


@dataclass(frozen=True, slots=True)
class Attested(Predicate):
    """Something no fact of the contract covers; ``Situation.told`` may answer it by its ``text``."""

    about: Attestation
    text: str
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Appraised(Predicate):
    """Something that only the authority can judge."""

    about: Appraisal
    text: str


@dataclass(frozen=True, slots=True)
class OtherGround(Predicate):
    """The catch-all 其他法定情形: names nothing that could be asked."""


@dataclass(frozen=True, slots=True)
class AllOf(Predicate):
    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Predicate):
    parts: tuple[Predicate, ...]


def leaves(predicate: Predicate) -> Iterator[Predicate]:
    """Every simple predicate inside ``predicate``, itself if it is one."""
    if isinstance(predicate, AllOf | AnyOf):
        for part in predicate.parts:
            yield from leaves(part)
    else:
        yield predicate


def changed(predicate: Predicate, change: Callable[[Predicate], Predicate]) -> Predicate:
    """The predicate with ``change`` applied to every simple predicate inside it."""
    if isinstance(predicate, AllOf | AnyOf):
        return type(predicate)(tuple(changed(part, change) for part in predicate.parts))
    return change(predicate)
