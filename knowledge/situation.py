"""A situation: what an asker has told of a case. Everything may be untold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from .told_day import ToldDay


class Finding(StrEnum):
    """``unknown``: not told yet; ``officer``: only the authority can judge it."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    OFFICER = "officer"


class Harm(StrEnum):
    NONE = "none"
    SLIGHT = "slight"
    SERIOUS = "serious"


class Correction(StrEnum):
    BEFORE_DISCOVERY = "before_discovery"
    ON_THE_SPOT = "on_the_spot"
    IN_TIME = "in_time"
    NOT_YET = "not_yet"
    LATE = "late"
    REFUSED = "refused"


class Fault(StrEnum):
    NONE_PROVABLE = "none_provable"
    NEGLIGENT = "negligent"
    INTENTIONAL = "intentional"


class Mitigation(StrEnum):
    """行政处罚法 第三十二条 (一)–(四)."""

    HARM_REMOVED = "harm_removed"
    COERCED = "coerced"
    CONFESSED = "confessed"
    MERIT = "merit"


@dataclass(frozen=True, slots=True)
class Quantity:
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What the asker has told of the case; ``None`` means not told.

    ``sectors`` holds sector ids of ``sources/sectors.json``. ``time_since_act_years`` runs from the
    end of the act to its discovery. ``repeat_within_months`` says how long ago the last act of the
    same kind was. ``duration_days`` is how long the violation lasted (a month counts 30, a year
    365), ``correction_days`` how many calendar days the correction took,
    ``correction_hours`` how many hours where it is told so exactly. ``acted_on`` is the day on
    which the act ended, ``corrected_on`` that of its correction; ``days_since_opening`` and
    ``days_since_registration`` run to the act. ``told`` answers single list conditions (condition
    text → true or false) that no fact of the contract covers.
    """

    first_offence: bool | None = None
    harm: Harm | None = None
    corrected: Correction | None = None
    minor: bool | None = None
    fault: Fault | None = None
    emergency_exploited: bool | None = None
    high_risk: bool | None = None
    suspected_crime: bool | None = None
    refused_correction: bool | None = None
    repeat_within_months: int | None = None
    amount_yuan: float | None = None
    quantity: tuple[Quantity, ...] = ()
    duration_days: float | None = None
    correction_days: float | None = None
    correction_hours: float | None = None
    acted_on: ToldDay | None = None
    corrected_on: ToldDay | None = None
    days_since_opening: float | None = None
    days_since_registration: float | None = None
    age: int | None = None
    time_since_act_years: float | None = None
    incapacity: bool | None = None
    mitigations: frozenset[Mitigation] = frozenset()
    sectors: tuple[str, ...] = ()
    told: tuple[tuple[str, bool], ...] = ()

    def known(self) -> tuple[str, ...]:
        """Names of the facts that have been told."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) not in (None, (), frozenset()))

    def answer(self, condition: str) -> bool | None:
        """What was told of one list condition; a no outweighs a yes."""
        answers = [yes for text, yes in self.told if text == condition]
        return all(answers) if answers else None
