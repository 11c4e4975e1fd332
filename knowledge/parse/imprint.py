"""What the title of a list says about the list: number, dates, whether it is a draft or repealed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..edition import EditionStatus
from .list_words import pattern
from .numerals import number

_DATE = r"(?<![\d〔])(?P<date>\d{4}(?:[-.年/]\d{1,2}(?:[-.月/]\d{1,2})?)?)年?月?日?(?![\d〕])"
_REMARK = re.compile(r"[（(]([^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]")
_NAME = re.compile(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》")
_TERM = re.compile(r"有效期(?:为)?(?P<years>\d+|[一二三四五六七八九十]+)年")
_FROM = re.compile(_DATE + r"(?:起|施行|实施|生效)")
_REPEALED = re.compile(_DATE + r"(?:起)?(?:废止|失效)")
_EDITION = re.compile(r"[版度修第]")
"""After a year it names which edition, batch or year of a list is meant (2024年版), not a day."""
_ELSEWHERE = re.compile(_DATE + r"(?:报道|转发|转载|摘录|访问|征求意见)")


@dataclass(frozen=True, slots=True)
class Imprint:
    """``issued_on`` and ``in_force_from`` are None where the title gives no date."""

    title: str
    document_number: str = ""
    issued_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    status: EditionStatus = EditionStatus.CURRENT


def read_imprint(text: str) -> Imprint:
    """Reads a title such as “X公告2021年第6号《…清单》（2021-04-01起施行，有效期2年）”."""
    remarks = "；".join(_REMARK.findall(_without_names(text)))
    starts = _first_date(_FROM, remarks)
    ends = _first_date(_REPEALED, remarks)
    issued = None if starts else next(_plain_dates(remarks, years=bool(_NAME.search(text))), None)
    term = _TERM.search(remarks)
    begins = starts or issued
    if term and begins and not ends:
        ends = _years_later(begins, int(number(term.group("years")))) - timedelta(days=1)
    return Imprint(_title(text), _document_number(text), issued, starts, ends, _status(text, remarks))


def _without_names(text: str) -> str:
    """The text with what stands in 《》 taken out, so that its brackets are not remarks on the list."""
    return re.sub(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》", "", text)


def _status(text: str, remarks: str) -> EditionStatus:
    if pattern("draft").search(text):
        return EditionStatus.DRAFT
    if _REPEALED.search(remarks) or pattern("repealed").search(remarks):
        return EditionStatus.REPEALED
    return EditionStatus.CURRENT


def _title(text: str) -> str:
    """The name in 《》 if the title is one; else the text without number and remarks."""
    named = _NAME.search(text)
    after = _REMARK.sub("", _without_names(text)).strip() if named else ""
    if named and len(after) <= 40 and not re.search(r"适用|依据", text[: named.start()]):
        inner = named.group(1)
        return re.sub(r"[（(]征求意见稿[）)]", "", inner).strip()
    bare = _REMARK.sub("", text)
    return pattern("document_number").sub("", bare).strip() or text.strip()


def _document_number(text: str) -> str:
    """The list's own number; those in a remark on what the list rests on (依据) are others'."""

    def unless_basis(remark: re.Match[str]) -> str:
        return "" if re.search(r"依据|根据", remark.group(1)) else remark.group(0)

    found = pattern("document_number").search(_REMARK.sub(unless_basis, text))
    return found.group(0) if found else ""


def _first_date(kind: re.Pattern[str], text: str) -> date | None:
    found = kind.search(text)
    return read_date(found.group("date")) if found else None


def _plain_dates(remarks: str, *, years: bool) -> Iterator[date]:
    """Dates that say when the list was issued, not when somebody reported or passed it on. A bare year is
    one where it stands behind the name in 《》; in a title without those it is part of the name."""
    told = _ELSEWHERE.sub("", _REPEALED.sub("", remarks))
    for found in re.finditer(_DATE, told):
        bare = found.group("date").isdigit()
        if _EDITION.match(told, found.end()) or (bare and not years):
            continue
        if (day := read_date(found.group("date"))) is not None:
            yield day


def read_date(text: str) -> date | None:
    """2021, 2021-08, 2021-08-09 or 2021年8月9日; the first day where the rest is left open."""
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if not parts or not 1949 <= parts[0] <= 2100:
        return None
    year, month, day = (*parts, 1, 1)[:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years_later(day: date, years: int) -> date:
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))
