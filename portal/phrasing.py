"""How dates, sections and regions are said to a reader: pure, in either language."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

from knowledge.region import NATION, AmbiguousRegion, UnknownRegion, resolve

from .calendar import CHINA
from .wording import Language

_FILE_NAME = re.compile(r"[^/]+\.(csv|xlsx?|docx?|pdf|html?|txt|md)", re.IGNORECASE)
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+")


def date_words(day: date, language: Language) -> str:
    """2026年11月22日, or 22 November 2026."""
    if language is Language.ENGLISH:
        return f"{day.day} {day:%B} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(moment: datetime, language: Language) -> str:
    """A moment by the clock of Beijing, in 24-hour time."""
    local = moment.astimezone(CHINA)
    return f"{date_words(local.date(), language)} {local:%H:%M}"


def section_words(section: str) -> str:
    """A section path as people read it: ``二/（三）/1`` is 二、（三）1; an item number stays as it is."""
    parts = section.split("/")
    if len(parts) == 1:
        return section
    said = [
        f"{part}、" if _NUMERAL.fullmatch(part) else f"{part}." if part.isdecimal() else part
        for part in parts
    ]
    return "".join(said).rstrip("、.")


def cited_words(section: str) -> str:
    """A section as it is cited behind the title of its document: item 1 of a list is 第1项 there."""
    return f"第{section}项" if section[:1].isdecimal() and "/" not in section else section_words(section)


def stated_source(source: str) -> str:
    """What a text or item names as its source; empty where that is only the name of the file that came in."""
    return "" if _FILE_NAME.fullmatch(source) else source


def region_typed(region: str) -> str:
    """A region as someone would type it: its own name where that is enough, else from the province down."""
    short = region.rpartition("/")[2]
    try:
        enough = resolve(short) == region
    except (AmbiguousRegion, UnknownRegion):
        enough = False
    return short if enough else region.replace("/", " ")


def region_words(region: str | None, language: Language) -> str:
    """A region from the province down, without slashes."""
    if region == NATION and language is Language.ENGLISH:
        return "nationwide (全国)"
    return "、".join(part.replace("/", " ") for part in (region or "").split("、") if part)


@cache
def _basis_openings() -> tuple[str, ...]:
    """How the bot opens a line that names or quotes its basis, read from its own phrases."""
    from bot.phrases import phrase

    hole = "\x00"
    lines = [
        *(phrase(lang, "basis", source=hole, mark="") for lang in Language),
        *(phrase(lang, key, quote=hole) for lang in Language for key in ("says", "says_digest")),
        phrase("zh", "note", note=hole),
    ]
    return tuple(line.partition(hole)[0].rstrip("“ ") for line in lines)


def is_basis(line: str) -> bool:
    """True for a line of an answer that names or quotes what the line before rests on."""
    return line.startswith(_basis_openings())
