"""Calendar days as lists print them: 2025年6月30日前, 2025年6月底前, 二〇二五年六月三十日以前."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from ..predicate import DoneByDate, LimitDay, Predicate, changed
from .numerals import number

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_REMARK = re.compile(r"(?P<not>不)?(?:包)?[含括](?:当[日天]|本[日数]|该日|.{0,8}[日号])")


def printed_day(parts: Mapping[str, str]) -> date | None:
    """The day that the parts of a phrase name: the last one of a month or year whose end they name.

    None where no word says that it is a limit, where the calendar has no such day, or where only a month or
    a year is named: whether it counts itself is then anybody's guess.
    """
    if not parts.keys() & {"before", "until", "earlier"}:
        return None
    year = int(parts["year"].translate(_DIGITS))
    month = int(number(parts["month"])) if "month" in parts else 12
    if not 1 <= month <= 12 or not ("day" in parts or "end" in parts):
        return None
    last = monthrange(year, month)[1]
    day = int(number(parts["day"])) if "day" in parts else last
    return date(year, month, day) if 1 <= day <= last else None


def limit_day(parts: Mapping[str, str]) -> LimitDay:
    """Whether the named day counts: 截至, 不晚于, 止 and the end of a month or year include it."""
    if "until" in parts or "end" in parts or parts.get("before", "").endswith("止"):
        return LimitDay.INCLUDED
    return LimitDay.EXCLUDED if "earlier" in parts else LimitDay.UNSAID


def with_remark(found: Predicate, remark: str) -> Predicate:
    """The typed condition with what a bracketed remark says of its day: （含当日）."""
    said = _REMARK.fullmatch(remark.strip("（）() "))
    if said is None:
        return found
    limit = LimitDay.EXCLUDED if said["not"] else LimitDay.INCLUDED
    return changed(found, lambda leaf: replace(leaf, limit=limit) if isinstance(leaf, DoneByDate) else leaf)
