"""From a matched phrase to the predicate it means; the phrases are data (``conditions.json``)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from ..measure import units
from ..predicate import (
    ActMinor,
    AgeIs,
    AllOf,
    AmountAtMost,
    Appraisal,
    Appraised,
    Attestation,
    Attested,
    Basis,
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
    Scope,
    Start,
    Term,
    TimeBar,
)
from ..situation import Harm, Mitigation
from .dates import limit_day, printed_day
from .list_words import mapping, words
from .numerals import number

_JOINTS = "，,且或并"
_HOURS = {"小时": 1, "钟头": 1, "分钟": 1 / 60}
_DAYS = {
    "日": 1,
    "天": 1,
    "工作日": 1,
    "个工作日": 1,
    "周": 7,
    "星期": 7,
    "个星期": 7,
    "个月": 30,
    "月": 30,
    "年": 365,
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that a pattern covers, the parts it named, and what the pattern adds."""

    text: str
    parts: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> float:
        return number(self.parts["n"], self.parts.get("scale", ""))

    @property
    def days(self) -> float:
        return number(self.parts["n"]) * _DAYS[self.parts["period"]]

    @property
    def months(self) -> int:
        return round(self.days / 365 * 12) if self.parts["period"] == "年" else round(self.days / 30)

    @property
    def strict(self) -> bool:
        return self.parts.get("under") in words("strict")

    @property
    def limited(self) -> bool:
        """A number alone is no limit: a word before or after must say so."""
        after = re.search(r"(?:以下|以内|之内|内)(?:的)?$", self.text)
        return bool(self.parts.get("under")) or after is not None


Maker = Callable[[Phrase], Predicate | None]


def _first_offence(phrase: Phrase) -> Predicate:
    told = phrase.parts.get("basis", "")
    basis = next((b for word, b in mapping("bases").items() if word in told), Basis.OCCURRED)
    scope = Scope(phrase.options.get("scope", Scope.SAME_MATTER))
    window = phrase.months if "period" in phrase.parts else phrase.options.get("window")
    return FirstOffence(Basis(basis), scope, window, "施行" in phrase.text)


def _lookback(phrase: Phrase) -> Predicate:
    scope = Scope.SAME_RULE if "规定" in phrase.text else Scope.SAME_MATTER
    return Lookback(phrase.months, Basis.PENALISED, scope)


def _corrected(phrase: Phrase) -> Predicate | None:
    """A term in words; a time that no pattern of its own could read must not pass for 及时."""
    if re.search(table()["time_told"], phrase.text):
        return None
    return Corrected(Term(phrase.options.get("term", Term.TIMELY)))


def _within_days(phrase: Phrase) -> Predicate:
    start, working = phrase.parts.get("start", ""), "working" in phrase.parts
    if "period" in phrase.parts:
        if phrase.days < 1:
            return Corrected(Term.WITHIN_HOURS, start=start, hours=phrase.days * 24)
        return Corrected(Term.WITHIN_DAYS, round(phrase.days), start=start)
    return Corrected(Term.WITHIN_DAYS, round(phrase.value), working, start)


def _within_hours(phrase: Phrase) -> Predicate:
    hours = round(number(phrase.parts["n"]) * _HOURS[phrase.parts["clock"]], 4)
    return Corrected(Term.WITHIN_HOURS, start=phrase.parts.get("start", ""), hours=hours)


def _amount(phrase: Phrase) -> Predicate | None:
    if not phrase.limited:
        return None
    per = next((word for word in words("per_person") if word in phrase.parts.get("what", "")), "")
    return AmountAtMost(phrase.value, phrase.strict, per)


def _quantity(phrase: Phrase) -> Predicate | None:
    if not (phrase.limited or phrase.text[0] in "仅只"):
        return None
    unit = phrase.parts["unit"].replace("％", "%")
    return QuantityAtMost(phrase.value, unit, phrase.strict, phrase.parts.get("per", ""))


def _by_date(phrase: Phrase) -> Predicate | None:
    day = printed_day(phrase.parts)
    return DoneByDate(Deed(phrase.options["deed"]), day, limit_day(phrase.parts)) if day else None


def _business_age(phrase: Phrase) -> Predicate | None:
    if not phrase.limited:
        return None
    registered = any(word in phrase.parts["start"] for word in words("registration"))
    start = Start.REGISTRATION if registered else Start.OPENING
    return BusinessAgeAtMost(start, phrase.days, phrase.strict)


def _age(phrase: Phrase) -> Predicate:
    least = phrase.parts.get("from")
    return AgeIs(int(number(least)) if least else 0, int(number(phrase.parts["below"])))


def _attest(about: Attestation) -> Maker:
    return lambda phrase: Attested(about, phrase.text)


def _appraise(about: Appraisal) -> Maker:
    return lambda phrase: Appraised(about, phrase.text)


_FIXED: Mapping[str, Predicate] = {
    "act_and_harm_minor": AllOf((ActMinor(), HarmIs(Harm.SLIGHT))),
    "no_harm": HarmIs(Harm.NONE),
    "harm_at_most_slight": HarmIs(Harm.SLIGHT),
    "harm_removed_before_order": AllOf((MitigatedBy(Mitigation.HARM_REMOVED), Corrected(Term.BEFORE_ORDER))),
    "incapacity": Incapacity(),
    "other_ground": OtherGround(),
}

_MAKERS: Mapping[str, Maker] = {
    "first_offence": _first_offence,
    "lookback": _lookback,
    "time_bar": lambda phrase: TimeBar(number(phrase.parts["n"])),
    "act_minor": lambda phrase: ActMinor("markedly" in phrase.parts),
    "no_aspect": lambda phrase: HarmIs(Harm.NONE, phrase.parts["aspect"]),
    "corrected": _corrected,
    "within_days": _within_days,
    "within_hours": _within_hours,
    "no_fault": lambda phrase: NoFault(phrase.options.get("provable", True)),
    "amount": _amount,
    "quantity": _quantity,
    "ratio": _quantity,
    "by_date": _by_date,
    "business_age": _business_age,
    "duration": lambda phrase: DurationAtMost(phrase.days, phrase.strict) if phrase.limited else None,
    "age": _age,
    "mitigation": lambda phrase: MitigatedBy(Mitigation(phrase.options["ground"])),
    "no_accident": lambda phrase: Attested(Attestation.NO_ACCIDENT, phrase.text, phrase.months),
    "no_gain": _attest(Attestation.NO_ILLEGAL_GAIN),
    **{about.value: _appraise(about) for about in Appraisal},
    **{about.value: _attest(about) for about in Attestation if about is not Attestation.NO_ACCIDENT},
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A pattern that a whole phrase must match, and what it makes of it.

    ``affirms`` marks what is never meant where the phrase denies it (未及时改正).
    """

    pattern: re.Pattern[str]
    makes: str
    options: Mapping[str, Any]
    affirms: bool = False

    def of(self, phrase: str) -> Predicate | None:
        found = self.pattern.fullmatch(phrase)
        if found is None or (self.affirms and _negated().search(phrase)):
            return None
        if self.makes in _FIXED:
            return _FIXED[self.makes]
        parts = {name: text.strip() for name, text in found.groupdict().items() if text and text.strip()}
        return _MAKERS[self.makes](Phrase(phrase, parts, self.options))


@cache
def table() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("conditions.json").read_text("utf-8")
    data: Mapping[str, Any] = json.loads(text)
    return data


@cache
def _negated() -> re.Pattern[str]:
    return re.compile(table()["negated"])


@cache
def meanings() -> tuple[Meaning, ...]:
    """Every pattern, in the order in which they are tried."""
    macros = dict(table()["macros"])
    macros["UNITS"] = "|".join(sorted(map(re.escape, units()), key=len, reverse=True))
    return tuple(
        Meaning(
            re.compile(_expand(_bounded(entry), macros)),
            entry["make"],
            entry.get("with", {}),
            entry.get("affirms", False),
        )
        for entry in table()["patterns"]
    )


def _bounded(entry: Mapping[str, Any]) -> str:
    """The pattern with fillers that stop at a joint, unless it says that it reaches over joints."""
    pattern: str = entry["pattern"]
    return pattern if entry.get("joins") else re.sub(r"\.(?=[{*+])", f"[^{_JOINTS}]", pattern)


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    while (named := re.search(r"\{([A-Z0-9]*[A-Z][A-Z0-9]*)\}", pattern)) is not None:
        pattern = pattern.replace(named.group(0), macros[named.group(1)])
    return pattern


def meaning_of(phrase: str) -> Predicate | None:
    """What a phrase without any joining word means; None where no pattern covers the whole of it."""
    return next((found for m in meanings() if (found := m.of(phrase)) is not None), None)
