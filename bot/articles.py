"""Articles that a question names: 行政处罚法第33条, Article 33 of the Administrative Penalty Law."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef

from .phrases import table

if TYPE_CHECKING:
    from knowledge.library import Knowledge

_ARTICLE = re.compile(r"第\s*([0-9]{1,3}|[零〇一二三四五六七八九十百]{1,7})\s*条")
_BARE = re.compile(r"(?<![0-9第])([0-9]{1,3})\s*条(?!第|件)")
_ARTICLE_EN = re.compile(r"\b(?:article|art\.?)\s*([0-9]{1,3})\b", re.IGNORECASE)
_DIGITS = "零一二三四五六七八九"


def articles_mentioned(text: str, knowledge: Knowledge, on: date) -> tuple[ClauseRef, ...]:
    """The published articles that the text names by statute and number, in the order named.

    A number without a statute's name is not enough: another law may be meant.
    """
    statute = _statute(text)
    if statute is None:
        return ()
    edition = knowledge.edition(statute, on)
    if edition is None:
        return ()
    numbers = [
        m.group(1) for m in (*_ARTICLE.finditer(text), *_ARTICLE_EN.finditer(text), *_BARE.finditer(text))
    ]
    sections = (f"第{_chinese(n)}条" for n in numbers)
    found = (s for s in dict.fromkeys(sections) if edition.clause(s) or edition.children(s))
    return tuple(ClauseRef(statute, section) for section in found)


def _statute(text: str) -> str | None:
    """The statute named; the longest name wins, so that 行政处罚法 is not read as 处罚法 of another law."""
    folded = text.lower()
    names = [(len(n), doc) for doc, ns in table("statutes").items() for n in ns if n.lower() in folded]
    return max(names)[1] if names else None


def _chinese(number: str) -> str:
    """Article numbers as printed: 33 → 三十三, 105 → 一百零五."""
    if not number.isdigit():
        return number.replace("〇", "零")
    value = int(number)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")
