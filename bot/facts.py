"""Facts of a case as people tell them: in a story, or in a short reply to a question asked back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

from knowledge.situation import Correction, Fault, Harm, Mitigation, Quantity
from knowledge.told_day import ToldDay

from . import days, measures
from .cues import WORDING
from .numerals import NUMBER, number
from .story import Stage, plain, read_facts, read_stage

__all__ = ["UNKNOWN", "FactValue", "Stage", "answer_fact", "plain", "read_facts", "read_stage"]

FactValue: TypeAlias = (
    bool | int | float | str | StrEnum | ToldDay | tuple[Quantity, ...] | frozenset[Mitigation] | None
)

UNKNOWN = "unknown"
"""The asker does not know."""


def answer_fact(fact: str, text: str, on: date | None = None) -> FactValue:
    """What a reply says of the fact asked back: its value, ``unknown``, or None where it does not answer.

    ``fact`` is a field of ``Situation``, or ``told:`` and the text of a list condition (true or false).
    ``on`` is the day of asking, from which 昨天 and 去年 are counted.
    """
    reply = tidy(text)
    if not reply or len(reply) > replies()["longest"] or asks_anew(reply):
        return None
    short = _from_table(fact, reply)
    if short is None and not fact.startswith("told:"):
        short = _told_outright(fact, reply, on)
    return UNKNOWN if short is None and doubts(reply) else short


def tidy(text: str) -> str:
    """A reply as its tables expect it."""
    return plain(text).strip(" 。.！!，~")


def asks_anew(reply: str) -> bool:
    """True where the words put a question of their own; few words must say so plainly: 第一次吗 does not."""
    words = replies()
    bare = re.sub(words["no_question"], "没有", reply)
    if len(reply) >= words["shortest_question"]:
        return re.search(words["question"], bare) is not None
    return not doubts(reply) and re.search(words["question_in_few"], bare) is not None


def doubts(reply: str) -> bool:
    """True where the asker does not know, or does not want to say."""
    return re.search(replies()["unknown"], reply) is not None


def named_value(fact: str, reply: str) -> FactValue:
    """The value told in words that name the fact by themselves: 当场改的, never a mere yes."""
    return None if doubts(reply) else _first(fact, replies()["facts"].get(fact, ()), reply)


def yes_or_no(reply: str) -> bool | None:
    """True or false where the reply is nothing but a yes or a no."""
    words = replies()
    if re.search(words["yes"], reply):
        return True
    return False if re.search(words["no"], reply) else None


def _first(fact: str, rows: list[tuple[Any, str]], reply: str) -> FactValue:
    for value, pattern in rows:
        if re.search(pattern, reply):
            kind = _KINDS.get(fact)
            told: FactValue = kind(value) if kind and value != UNKNOWN else value
            return told
    return None


def _from_table(fact: str, reply: str) -> FactValue:
    """The value that the words usual for this fact mean."""
    words = replies()
    if doubts(reply) and fact not in (*_READ_AS_NUMBERS, *_DAYS):
        return None
    rows = [*words["facts"].get(fact, ()), *words["bare"].get(fact, ())]
    value = _first(fact, rows, reply)
    if value is not None or fact in _KINDS or fact in _READ_AS_NUMBERS or fact in _DAYS:
        return value
    return yes_or_no(re.split("[，。；\\s]", reply)[0])


def _told_outright(fact: str, reply: str, on: date | None) -> FactValue:
    """The fact as a whole sentence tells it, or a bare number where a number was asked for."""
    if fact in _DAYS:
        return days.replied_day(reply, on) or (UNKNOWN if days.lacks_year(reply) else None)
    value: FactValue = getattr(read_facts(reply, on), fact, None)
    if value not in (None, (), frozenset()):
        return value
    reader = _READ_AS_NUMBERS.get(fact)
    return reader(reply) if reader else None


def measured(fact: str, piece: str, on: date | None = None) -> FactValue:
    """A number or day of the kind in which the fact is told: no sum for a stretch of time."""
    if fact in _DAYS:
        return days.replied_day(piece, on) or (UNKNOWN if days.lacks_year(piece) else None)
    fits = _MEASURES.get(fact)
    if fits is None or not (re.fullmatch(NUMBER, piece) or fits(piece)):
        return None
    return _told_outright(fact, piece, on)


def _bare_number(reply: str) -> float | None:
    found = re.search(NUMBER, reply)
    return number(found[0]) if found else None


def _whole_number(reply: str) -> int | None:
    value = _bare_number(reply)
    return None if value is None else round(value)


def _days(reply: str) -> float | None:
    return next((span.days for span in measures.spans(reply)), _bare_number(reply))


def _months(reply: str) -> int | None:
    span = next(iter(measures.spans(reply)), None)
    return max(1, round(span.days / measures.DAYS_PER_MONTH)) if span else _whole_number(reply)


def _years(reply: str) -> float | None:
    span = next(iter(measures.spans(reply)), None)
    return round(span.days / measures.DAYS_PER_YEAR, 2) if span else _bare_number(reply)


_DAYS = ("acted_on", "corrected_on")
_KINDS: dict[str, type[StrEnum]] = {"harm": Harm, "corrected": Correction, "fault": Fault}
_READ_AS_NUMBERS: dict[str, Callable[[str], FactValue]] = {
    "amount_yuan": _bare_number,
    "quantity": lambda reply: measures.quantities(reply) or None,
    "duration_days": _days,
    "correction_days": _days,
    "days_since_opening": days.replied_age,
    "days_since_registration": days.replied_age,
    "age": _whole_number,
    "repeat_within_months": _months,
    "time_since_act_years": _years,
}
_MEASURES: dict[str, Callable[[str], object]] = {
    "amount_yuan": measures.amount_yuan,
    "quantity": measures.quantities,
    "age": lambda piece: re.search("岁|years? old", piece),
    **dict.fromkeys(
        (
            "duration_days",
            "days_since_opening",
            "days_since_registration",
            "repeat_within_months",
            "time_since_act_years",
        ),
        measures.spans,
    ),
}


@lru_cache(maxsize=1)
def replies() -> dict[str, Any]:
    """The words of replies (``wording/replies.json``)."""
    words: dict[str, Any] = json.loads((WORDING / "replies.json").read_text(encoding="utf-8"))
    return words
