"""What an asker has told of a case, read from everyday words by rules kept as data.

A mild hedge counts as told, real doubt does not; an earlier warning for the same act ends the first offence.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum
from typing import TypeVar

from knowledge.situation import Correction, Fault, Harm, Mitigation, Situation
from knowledge.timeliness import fewest_hours

from . import days, hours, measures, past
from .cues import Clause, CueBook, load_cues
from .sounds import as_meant

T = TypeVar("T", bound=StrEnum)


class Stage(StrEnum):
    """How far the authority has gone in the asker's case."""

    INSPECTED = "inspected"
    FILED = "filed"
    PENALISED = "penalised"


class _Story:
    """One text, prepared once for every fact."""

    def __init__(self, text: str) -> None:
        self.book: CueBook = load_cues("facts")
        self.text = self.book.rewritten(as_meant(plain(text)))
        self.clauses: tuple[Clause, ...] = self.book.clauses(self.text)

    def told(self, fact: str) -> str | bool | None:
        found = self.book.read(fact, self.text, self.clauses)
        return None if found is None else found.value

    def all_told(self, fact: str) -> frozenset[str]:
        cues = self.book.cues[fact]
        return frozenset(cue.value for cue in cues if cue.read(self.text, self.clauses))


def plain(text: str) -> str:
    """``text`` as cues expect it: half-width letters and digits in lower case, full-width commas."""
    return unicodedata.normalize("NFKC", text).replace(",", "，").replace("!", "！").lower()


def read_facts(text: str, on: date | None = None) -> Situation:
    """The situation that ``text`` tells; what it does not tell stays None. ``on`` is the day of asking."""
    story = _Story(text)
    corrected = _correction(story)
    first = story.told("first_offence")
    lasted = measures.duration_days(story.text)
    past_years = past.years_since_act(story.text, on)
    if past_years and lasted == past_years * measures.DAYS_PER_YEAR:
        lasted = None
    return Situation(
        first_offence=None if first is None else bool(first),
        harm=_choice(Harm, story.told("harm")),
        corrected=corrected,
        minor=_flag(story.told("minor")),
        fault=_choice(Fault, story.told("fault")),
        emergency_exploited=_flag(story.told("emergency_exploited")),
        high_risk=_flag(story.told("high_risk")),
        suspected_crime=_flag(story.told("suspected_crime")),
        refused_correction=_refusal(corrected),
        repeat_within_months=past.months_since_last(story.text) if first is False else None,
        amount_yuan=measures.amount_yuan(story.text),
        quantity=measures.quantities(story.text),
        duration_days=lasted,
        correction_days=measures.correction_days(story.text),
        correction_hours=hours.correction_hours(story.text),
        acted_on=days.acted_on(story.text, on),
        corrected_on=days.corrected_on(story.text, on),
        days_since_opening=days.days_since_opening(story.text),
        days_since_registration=days.days_since_registration(story.text),
        age=past.actor_age(story.text),
        time_since_act_years=past_years,
        incapacity=_flag(story.told("incapacity")),
        mitigations=frozenset(Mitigation(value) for value in story.all_told("mitigations")),
    )


def read_stage(text: str) -> Stage | None:
    """Whether the asker says that a penalty was issued, a case filed, or only an inspection took place."""
    return _choice(Stage, _Story(text).told("stage"))


def _correction(story: _Story) -> Correction | None:
    """The last state told: what was put right and set up again is not put right."""
    if story.told("correction_doubted"):
        return None
    wrong = story.book.read("not_corrected", story.text, story.clauses)
    right = story.book.read("corrected", story.text, story.clauses)
    if wrong and (right is None or wrong.at >= right.at):
        return Correction(wrong.value)
    if right is None:
        return None
    return Correction.LATE if _was_late(story.text) else Correction(right.value)


def _was_late(text: str) -> bool:
    """Put right, but after the days or hours that were given."""
    given, took = measures.deadline_days(text), measures.correction_days(text)
    if given is not None:
        return took is not None and took > given
    limit, spent = hours.deadline_hours(text), hours.correction_hours(text)
    if limit is None:
        return False
    if spent is not None:
        return spent > limit
    return took is not None and fewest_hours(took) >= limit


def _refusal(corrected: Correction | None) -> bool | None:
    if corrected is Correction.REFUSED:
        return True
    return (
        False
        if corrected in (Correction.ON_THE_SPOT, Correction.IN_TIME, Correction.BEFORE_DISCOVERY)
        else None
    )


def _flag(value: str | bool | None) -> bool | None:
    return None if value is None else bool(value)


def _choice(kind: type[T], value: str | bool | None) -> T | None:
    return None if value is None else kind(str(value))
