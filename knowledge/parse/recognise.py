"""What a document says of itself: title, document number, issuer and date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from .division import Parts
from .document import Line
from .lines import (
    DATE,
    NUMBER,
    bare,
    is_addressee,
    is_date,
    is_document_number,
    is_issuer,
    is_prose,
    signature,
    tight,
)
from .numbering import chinese_number
from .words import words

_ORDER = re.compile(r"[一-鿿]{2,20}令\s*第?\s*[0-9一二三四五六七八九十百○〇零]+\s*号")


def day(text: str) -> date | None:
    """The first date in ``text``, or None if there is none that exists."""
    found = DATE.search(text)
    if not found:
        return None
    digits = re.sub(r"[零○Ｏ]", "〇", re.sub(r"\s", "", found[0]))
    year, month, rest = re.split(r"[年月]", digits)
    try:
        return date(chinese_number(year), chinese_number(month), chinese_number(rest.rstrip("日")))
    except ValueError:
        return None


def title(parts: Parts) -> str:
    """The title of the text itself; of a covering letter only where it covers nothing."""
    groups = _title_groups(parts.head)
    if parts.title:
        wanted = bare(parts.title)
        for group in reversed(groups):
            for start in range(len(group)):
                joined = "".join(bare(text) for text in group[start:])
                if joined.endswith(wanted) or (wanted.endswith(joined) and len(joined) >= 8):
                    return _as_title(group[start:])
        return tight(parts.title)
    named = [group for group in groups if _names_an_instrument(group)]
    chosen = named[-1] if named else max(groups, key=lambda group: len("".join(group)), default=[])
    return _as_title(chosen)


def _title_groups(lines: Sequence[Line]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        text = tight(line.text)
        if is_prose(text) or _frames_title(text):
            groups.append([])
        else:
            groups[-1].append(text)
    return [group for group in groups if group]


def _frames_title(text: str) -> bool:
    """True for a line of the heading part that is no title: a number, a date, addressees, a red heading."""
    name = re.sub(r"(文件|令)$", "", text)
    return (
        is_date(text)
        or is_document_number(text)
        or is_addressee(text)
        or (name != text and is_issuer(name))
        or bool(re.fullmatch(r"[（(].*[）)]|第\s*\S{1,6}\s*号|目\s*[录次]", text))
    )


def _as_title(group: Iterable[str]) -> str:
    return tight("".join(group)).replace(" ", "")


def _names_an_instrument(group: Sequence[str]) -> bool:
    text = re.sub(r"[（(][^（()）]*[）)]$", "", "".join(bare(line) for line in group))
    return text.endswith(words("title_endings")) and len(text) >= 5


def document_number(parts: Parts, aside: Sequence[str] = ()) -> str:
    """The document's own number (文号): on a line of its own, or labelled by the page around it."""
    lines = [tight(line.text) for line in parts.head]
    for text in lines:
        if is_document_number(text):
            return _number(text)
    for text in (*aside, *lines):
        if re.match("|".join(words("number_words")), bare(text)) and (
            found := NUMBER.search(text.split("：")[-1])
        ):
            return _number(found[0])
    for text in (*lines, *(above + below for above, below in pairwise(lines))):
        if found := _ORDER.fullmatch(text):
            return bare(found[0])
    for text in lines:
        if not is_prose(text) and not text.startswith(("关于", "根据")) and (found := NUMBER.match(text)):
            return _number(found[0])
    return ""


def _number(text: str) -> str:
    text = re.sub(r"[\[［【(（](?=\d{4})", "〔", bare(text))
    return re.sub(r"(?<=\d{4})[\]］】)）]", "〕", text)


def issuer(parts: Parts, aside: Sequence[str] = ()) -> str:
    """Who issued the document: the signature, the red heading (…文件), the title, the page around it."""
    for line in (*parts.tail, *reversed(parts.head)):
        signed = signature(line.text)
        if signed and signed[0]:
            return re.sub(r"(印发?|发布)$", "", tight(signed[0]))
    for line in parts.head:
        text = bare(line.text)
        name = re.sub(r"(文件|令)$", "", text)
        if name != text and is_issuer(name):
            return name
    found = re.match(r"(.{3,30}?)关于", title(parts))
    if found and is_issuer(found[1]):
        return found[1]
    for text in aside:
        label, _, value = text.partition("：")
        if bare(label) in words("issuer_words") and is_issuer(value):
            return bare(value)
    return ""


def issued_on(parts: Parts, aside: Sequence[str] = ()) -> date | None:
    """The day of issue: beside the signature, in a line of its own, in the note below a statute's title."""
    for line in (*parts.tail, *reversed(parts.head)):
        signed = signature(line.text)
        if (signed and signed[1]) or is_date(line.text):
            return day(line.text)
    notes = "".join(bare(line.text) for line in parts.head)
    adopted = [
        day(found[0])
        for found in re.finditer(DATE.pattern + r"(?!起?(?:施行|实施|生效))", notes)
        if not notes[: found.start()].endswith("自")
    ]
    known = [found for found in adopted if found]
    if known:
        return max(known)
    for text in aside:
        label, _, value = text.partition("：")
        if bare(label) in words("dateline_words") and (found_day := day(value)):
            return found_day
    return None
