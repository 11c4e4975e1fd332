"""Calendar days in a story or a short reply, and how young a business was.

A day without its year is nobody's to guess: it stays untold and is asked back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from knowledge.told_day import ToldDay

from .cues import WORDING
from .measures import spans
from .numerals import NUMBER, number

_PART = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_NUMERIC = re.compile(r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?(?!\d)")
_AGO = re.compile(rf"(?<!第)(?P<ago>{NUMBER})\s?(?:天前(?!后)| days? ago)")
_LONGEST_AGO = 3660


@dataclass(frozen=True, slots=True)
class _Told:
    """A day that was told, and the words around it in its own clause."""

    day: ToldDay
    before: str
    after: str


def acted_on(text: str, on: date | None) -> ToldDay | None:
    """The day on which the act ended, where the story says so; ``on`` is the day of asking."""
    return _of_event(text, on, "acted")


def corrected_on(text: str, on: date | None) -> ToldDay | None:
    """The day on which it was put right, where the story says so."""
    return _of_event(text, on, "corrected", unless="corrected_unless")


def replied_day(reply: str, on: date | None) -> ToldDay | None:
    """The only day that a reply tells, with at least its year."""
    told = {found.day for found in _told(reply, on)}
    return told.pop() if len(told) == 1 else None


def lacks_year(reply: str) -> bool:
    """True for a reply of which a day can be read, but not its year: 六月三十号."""
    return re.search(_words()["day_only"], reply) is not None


def days_since_opening(text: str) -> float | None:
    """For how many days the business had been open."""
    return _age(text, "opened_before", "ago_after")


def days_since_registration(text: str) -> float | None:
    """How many days ago the business had been registered."""
    return _age(text, "registered_before", "registered_ago_after")


def replied_age(reply: str) -> float | None:
    """The stretch of time that a reply tells; 不到三个月 is a day less."""
    return next((_whole(span.days, span.before) for span in spans(reply)), None)


def _age(text: str, before: str, after: str) -> float | None:
    words = _words()
    return next(
        (
            _whole(span.days, span.before)
            for span in spans(text)
            if re.search(words[before], span.before) or re.match(words[after], span.after)
        ),
        None,
    )


def _whole(days: float, before: str) -> float:
    return days - 1 if re.search(_words()["less_before"], before) else days


def _of_event(text: str, on: date | None, event: str, unless: str = "") -> ToldDay | None:
    words = _words()
    days = {
        found.day
        for found in _told(text, on)
        if re.match(words[f"{event}_after"], found.after) or re.search(words[f"{event}_before"], found.before)
        if not (unless and re.search(words[unless], found.before + found.after))
    }
    return days.pop() if len(days) == 1 else None


def _told(text: str, on: date | None) -> Iterator[_Told]:
    for pattern in (_chinese(), _NUMERIC, _english(), _AGO):
        for found in pattern.finditer(text):
            day = _read(found, on)
            if day is not None:
                before = re.split(r"[，。；！？]", text[: found.start()])[-1]
                after = re.split(r"[，。；！？]", text[found.end() :])[0]
                yield _Told(day, before, after)


def _read(found: re.Match[str], on: date | None) -> ToldDay | None:
    """The day of the calendar; None where there is none such, or where nothing tells of which year."""
    parts, words = found.groupdict(), _words()
    if parts.get("ago"):
        return _days_before(on, number(parts["ago"]))
    if parts.get("near"):
        return ToldDay.of(on - timedelta(days=words["relative_days"][parts["near"]])) if on else None
    past = words["relative_years"].get(parts.get("past") or "")
    if past is not None and on is None:
        return None
    year = int(parts["year"]) if parts.get("year") else on.year - past if on and past is not None else 0
    month = words["months"].index(parts["name"]) + 1 if parts.get("name") else _number(parts.get("month"))
    try:
        return ToldDay(year, month, _number(parts.get("day") or parts.get("first")))
    except ValueError:
        return None


def _days_before(on: date | None, ago: float | None) -> ToldDay | None:
    """三天前, counted from the day of asking."""
    if on is None or ago is None or ago != int(ago) or ago > _LONGEST_AGO:
        return None
    return ToldDay.of(on - timedelta(days=int(ago)))


def _number(text: str | None) -> int | None:
    value = number(text) if text else None
    return None if value is None else int(value)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((WORDING / "days.json").read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=1)
def _chinese() -> re.Pattern[str]:
    near, past = ("|".join(_words()[name]) for name in ("relative_days", "relative_years"))
    return re.compile(
        rf"(?P<near>{near})|(?:(?P<year>(?:19|20)\d\d)年|(?P<past>{past}))的?"
        rf"(?:(?P<month>{_PART})月份?(?:(?P<day>{_PART})[日号])?)?"
    )


@lru_cache(maxsize=1)
def _english() -> re.Pattern[str]:
    names = "|".join(_words()["months"])
    return re.compile(
        rf"(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?\b(?P<name>{names})[a-z]*\.? "
        rf"(?:(?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?[，,]? ?)?(?P<year>(?:19|20)\d\d)"
    )
