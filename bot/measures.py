"""Amounts, quantities, spans of time and ages in a story.

A fine, a deadline and the age of a shop are numbers too; what stands around a number tells which it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge.situation import Quantity

from .cues import WORDING
from .numerals import NUMBER, number

DAYS_PER_MONTH = 30
DAYS_PER_YEAR = 365
DEADLINE = re.compile(r"(?:限期?|给了?|期限|要求|责令|让|叫)[^，。]{0,6}$")
"""What stands before the time that an authority gave."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time and the words around it."""

    days: float
    before: str
    after: str


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((WORDING / "measures.json").read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=32)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()[name])


@lru_cache(maxsize=8)
def _numbered(table: str) -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(_words()[table], key=len, reverse=True))
    middle = r"\s?[个各]?[多来把]?半?" if table == "time_units" else r"\s?"
    return re.compile(rf"({NUMBER}{middle})({units})")


def amount_yuan(text: str) -> float | None:
    """The sum the case is about: the first that is neither a fine nor what putting it right cost.

    "Not a cent was taken" is no sum: the goods may be worth much where the gain is nothing.
    """
    return next(_sums(text), None)


def _sums(text: str) -> Iterator[float]:
    for found in _numbered("money_units").finditer(text):
        value, unit, after = number(found[1]), found[2], text[found.end() :]
        spoken = unit in ("块", "毛") and (value == 1 or _pattern("money_unit_not_before").match(after))
        if value is None or spoken or after.startswith("店"):
            continue
        if not _is_beside_the_case(text[: found.start()], after):
            yield value * _words()["money_units"][unit] + _small_change(unit, after)
    yield from _bare_sums(text)


def _small_change(unit: str, after: str) -> float:
    """七块五 is 7.5."""
    tenth = re.match(r"[一二三四五六七八九]", after)
    return (number(tenth[0]) or 0) / 10 if tenth and unit in ("块", "元") else 0.0


def _bare_sums(text: str) -> Iterator[float]:
    """Sums said without their unit: 付了八百四, 少缴了十几万."""
    for found in re.finditer(NUMBER, text):
        value, before = number(found[0]), text[: found.start()]
        after = text[found.start() + len(found[0].rstrip(",，")) :]
        if value is None or _is_beside_the_case(before, after):
            continue
        large = (
            found[0][-1] in "万亿多几"
            and value >= 10_000
            and not _pattern("bare_scale_not_after").match(after)
        )
        ends = not after or after[0] in "，。！？；"
        if large or (value >= 20 and ends and _pattern("money_bare_after").search(before)):
            yield value


def _is_beside_the_case(before: str, after: str) -> bool:
    """A fine, what putting it right cost, or a price per piece."""
    return bool(
        _pattern("unit_price_after").match(after)
        or _pattern("unit_price_before").search(before[-8:])
        or _pattern("fine_before").search(before[-12:])
        or _pattern("cost_before").search(before[-10:])
        or _pattern("fine_after").match(after)
    )


def quantities(text: str) -> tuple[Quantity, ...]:
    """Counts with their units, in canonical units, in the order told."""
    found = list(_shares(text))
    for match in _numbered("quantity_units").finditer(text):
        value = number(match[1])
        ordinal = text[: match.start()].endswith(("第", "之", "去年", "月"))
        if value and not ordinal and not _pattern("quantity_not_after").match(text[match.end() :]):
            found.append(Quantity(value, _words()["quantity_units"][match[2]]))
    for match in _numbered("quantity_scaled").finditer(text):
        value = number(match[1])
        if value:
            times, unit = _words()["quantity_scaled"][match[2]]
            found.append(Quantity(round(value * times, 4), unit))
    return tuple(dict.fromkeys(found))


def _shares(text: str) -> Iterator[Quantity]:
    for match in re.finditer(rf"百分之({NUMBER})", text):
        value = number(match[1])
        if value is not None:
            yield Quantity(value, "%")


def spans(text: str) -> tuple[Span, ...]:
    """Every stretch of time; 一年零两个月 is one."""
    found = _worded_spans(text)
    for match in _numbered("time_units").finditer(text):
        value = number(match[1].replace("半", "") or "半")
        inside = any(start <= match.start() < end for start, end, _ in found)
        inside = inside or match[0] == "半天"
        other = text[match.end() :].startswith("岁") or (
            match[2] == "季度" and text[: match.start()].endswith("第")
        )
        if value is not None and not inside and not other and not _is_date(text, match):
            found.append(
                (match.start(), match.end(), value * _words()["time_units"][match[2]] + _beyond(text, match))
            )
    return tuple(
        Span(days, text[max(0, s - 14) : s], text[e : e + 14]) for s, e, days in _merged(text, sorted(found))
    )


def _worded_spans(text: str) -> list[tuple[int, int, float]]:
    """Stretches told by a word of their own: 半年, two weeks."""
    found: list[tuple[int, int, float]] = []
    for word, days in _words()["time_words"]:
        for match in re.finditer(re.escape(word), text):
            if not any(start <= match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), float(days)))
    for match in _english_spans().finditer(text):
        if not any(start <= match.start() < end for start, end, _ in found):
            days = _words()["english_numbers"][match[1]] * _words()["time_units"][match[2]]
            found.append((match.start(), match.end(), float(days)))
    return found


@lru_cache(maxsize=1)
def _english_spans() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(_words()['english_numbers'])})[- ](days?|weeks?|months?|years?)\b")


def _is_date(text: str, match: re.Match[str]) -> bool:
    """2021年, 三月 and 5号 are dates; 三个月 is a stretch."""
    unit, before = match[2], text[: match.start()]
    if unit == "年" and re.fullmatch(r"(?:19|20)?\d\d|[二两]〇.*|[零〇一二三四五六七八九]{4}", match[1]):
        return len(match[1]) >= 4 or int(match[1]) > 50
    if unit == "月":
        return not re.search(r"[个各俩两仨多来]", match[1])
    return unit == "日" and before.endswith("月")


def _beyond(text: str, match: re.Match[str]) -> float:
    """What is told on top of the number: 两年半, 一个半月; 一年多 is more than a year."""
    unit, after = match[2], text[match.end() :]
    if after.startswith("半") or ("半" in match[1] and match[1] != "半"):
        return float(_words()["time_units"][unit] / 2)
    more = after.startswith("多") or re.search("个多$|[^十百千]多$", match[1])
    return float(_words()["more_than"].get(unit, 0)) if more else 0.0


def _merged(text: str, found: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    merged: list[tuple[int, int, float]] = []
    for start, end, days in found:
        link = text[merged[-1][1] : start] if merged else None
        if link in ("零", "又", "加", "零上") or (link == "" and days < merged[-1][2] / 2):
            merged[-1] = (merged[-1][0], end, merged[-1][2] + days)
        else:
            merged.append((start, end, days))
    return merged


def duration_days(text: str) -> float | None:
    """How long the act lasted, else how long putting it right took; deadlines and look-backs do not count."""
    told = [span for span in spans(text) if not is_frame(span)]
    for name, side in (("over_before", "before"), ("over_after", "after"), ("fix_after", "after")):
        for span in told:
            if _pattern(name).search(getattr(span, side)) and not span.before.endswith("第"):
                return span.days
    first = next((span.days for span in told if not span.before.endswith("第") or span.days > 2), None)
    return _next_day(text) if first is None else first


def _next_day(text: str) -> float | None:
    """One day, where all that is told is that it was put right the day after."""
    return 1.0 if _pattern("fixed_next_day").search(text) else None


def is_frame(span: Span) -> bool:
    """True for a deadline, a look-back or how long ago: nothing that took this time."""
    if _pattern("fix_only_after").match(span.after):
        return False
    return bool(
        _pattern("frame_before").search(span.before)
        or _pattern("frame_after").search(span.after)
        or _pattern("deadline_before").search(span.before)
        or _pattern("deadline_after").search(span.after)
        or _pattern("ago_after").search(span.after)
    )


def correction_days(text: str) -> float | None:
    """How many days putting it right took, where that is told."""
    told = (s for s in spans(text) if not is_frame(s))
    return next(
        (s.days for s in told if _pattern("fix_after").search(s.after) or s.before.endswith("第")), None
    )


def deadline_days(text: str) -> float | None:
    """The days the authority gave, where they are told."""
    return next((span.days for span in spans(text) if DEADLINE.search(span.before)), None)


def put_right_after(span: Span) -> bool:
    """True where the words after a stretch of time say that it was put right in it."""
    return _pattern("fix_after").search(span.after) is not None


def unit_values(table: str) -> dict[str, float]:
    """The units of a table and what each counts."""
    values: dict[str, float] = _words()[table]
    return values
