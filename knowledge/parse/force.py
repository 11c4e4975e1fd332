"""From when until when a text says that it is in force (自2024年1月1日起施行，有效期2年)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ..clause import Clause
from .imprint import read_date
from .numerals import number

_DAY = r"\d{4}\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|(?:[-./]\d{1,2}){2}日?)"
_OWN = r"本(?:(?:实施)?(?:办法|意见|方案)|规定|通知|细则|清单|制度|规则|条例|法|决定|标准|基准|目录)"
_NUMBER = r"(?:第[^条。]{1,6}条\s*|[（(]?[一二三四五六七八九十\d]{1,4}[）).、．]\s*)?"
_FROM = re.compile(
    rf"(?:^|[。；\n])\s*{_NUMBER}(?:(?:{_OWN})?[自从于]|{_OWN})\s*({_DAY})\s*起\s*(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_AT_ISSUE = re.compile(r"自(?:发布|印发|公布|发文|下发)之日起(?:正式)?(?:施行|实施|执行|生效|试行)")
_UNTIL = re.compile(rf"有效期?(?:限)?(?:截?至|到)\s*({_DAY})")
_YEARS = re.compile(r"有效期(?:为|限为)?\s*(\d+|[一二三四五六七八九十]+)\s*年")


def in_force_by(clauses: Iterable[Clause], issued_on: date | None) -> tuple[date | None, date | None]:
    """The first and the last day that the text itself names; None where it names none."""
    return in_force_in([clause.text for clause in clauses], issued_on)


def in_force_in(texts: Sequence[str], issued_on: date | None) -> tuple[date | None, date | None]:
    """The same of texts that stand by themselves, the later ones first: of a list, the lines around it."""
    starts = next((read_date(found[1]) for text in reversed(texts) if (found := _FROM.search(text))), None)
    if starts is None and any(map(_AT_ISSUE.search, texts)):
        starts = issued_on
    ends = next((read_date(found[1]) for text in texts if (found := _UNTIL.search(text))), None)
    years = next((found for text in texts if (found := _YEARS.search(text))), None)
    if ends is None and years and starts:
        ends = _later(starts, int(number(years[1]))) - timedelta(days=1)
    return starts, ends


def _later(begins: date, years: int) -> date:
    last = calendar.monthrange(begins.year + years, begins.month)[1]
    return date(begins.year + years, begins.month, min(begins.day, last))
