"""When things happened before: the last time, the act itself, and how old the actor is."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from .cues import WORDING
from .measures import DAYS_PER_MONTH, DAYS_PER_YEAR, Span, spans
from .numerals import NUMBER, number

_AGE = re.compile(
    r"(不满|未满|还?差[^，。]{1,4}满|才|刚满|已满|满|今年|虚岁)?"
    rf"({NUMBER})(?:周岁|岁|了(?=[，。,]|$)|[- ]?years?[- ]old)"
)
_YEAR = re.compile(r"((?:19|20)\d\d)年")


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((WORDING / "past.json").read_text(encoding="utf-8"))
    return data


def _found(name: str, text: str) -> bool:
    return re.search(_words()[name], text) is not None


def months_since_last(text: str) -> int | None:
    """Months since the same act was last found, where a last time is told."""
    if not _found("last_time", text):
        return None
    for span in spans(text):
        if _is_last_time(span, text):
            return round(span.days / DAYS_PER_MONTH) or None
    for word, months in _words()["last_time_words"]:
        if re.search(word, text):
            return int(months)
    return None


def _is_last_time(span: Span, text: str) -> bool:
    ago = re.match(r"(?:多)?(?:之|以)?前|的?时候", span.after)
    apart = re.search(r"(?:隔了?|间隔|相隔|才过去?|过了|距[^，。]{0,6}|差)[^，。]{0,4}$", span.before)
    within = (
        re.search(r"近$", span.before) is None and re.match(r"内", span.after) and _found("last_time", text)
    )
    return bool(ago or apart or within)


def years_since_act(text: str, on: date | None) -> float | None:
    """How long ago the act itself was, where the asker says that it is past."""
    if not _found("act_is_past", text):
        return None
    for span in spans(text):
        past = re.match(_words()["act_past_after"], span.after)
        gone = re.search(_words()["act_past_before"], span.before)
        if (past or gone) and span.days >= DAYS_PER_YEAR / 2:
            return round(span.days / DAYS_PER_YEAR, 2)
    year = _YEAR.search(text)
    if year and on and _found("act_in_year", text):
        return float(max(0, on.year - int(year[1])))
    return None


def actor_age(text: str) -> int | None:
    """The age of whoever acted; a child that was carried, hurt, served or hired did not act."""
    for found in _AGE.finditer(text):
        value = number(found[2])
        around = text[max(0, found.start() - 14) : found.end() + 16]
        if value is None or not value.is_integer() or re.search(_words()["age_not_actor"], around):
            continue
        below = bool(found[1]) and found[1][:2] in ("不满", "未满", "还差", "差俩", "差两")
        if value >= 60 or re.search(_words()["age_actor"], around):
            return int(value) - (1 if below else 0)
    return None
