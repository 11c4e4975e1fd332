"""What a line opens: the printed numbering of Chinese official documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """Kinds of numbering, from the outermost in; the order is that of 公文 usage."""

    PART = 1  # 编
    SUBPART = 2  # 分编
    CHAPTER = 3  # 章
    DIVISION = 4  # 节
    ARTICLE = 5  # 第一条
    CHINESE = 6  # 一、
    CHINESE_BRACKET = 7  # （一）
    ARABIC = 8  # 1.
    ARABIC_BRACKET = 9  # （1）
    CIRCLED = 10  # ①


CHAPTERS = (Kind.PART, Kind.SUBPART, Kind.CHAPTER, Kind.DIVISION)


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number: its kind and value, the label a section path shows, and its length in the text.

    ``plain`` marks a number that could also be a reference inside a sentence (第三条 without a space),
    ``cited`` one that reads like a reference (第三条规定…).
    """

    kind: Kind
    number: int
    label: str
    end: int
    sub: int = 0
    plain: bool = False
    cited: bool = False

    def follows(self, number: int, sub: int) -> bool:
        """True when this number comes right after ``number`` (and 之``sub``)."""
        return (self.number, self.sub) in ((number + 1, 0), (number, sub + 1))

    @property
    def first(self) -> bool:
        return self.number == 1 and self.sub == 0


_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CN = "〇零一二两三四五六七八九十百千"


def chinese_number(text: str) -> int:
    """The value of a Chinese (``二十三``) or Arabic numeral; raises ValueError for anything else."""
    text = unicodedata.normalize("NFKC", text)
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        elif char in _DIGITS:
            digit = digit * 10 + _DIGITS[char] if digit and not total else _DIGITS[char]
        else:
            raise ValueError(text)
    return total + digit


def chinese_numeral(number: int) -> str:
    """``120`` as 一百二十; from 10,000 on plain digits."""
    if not 0 < number < 10_000:
        return "零" if number == 0 else str(number)
    text, gap = "", False
    for power, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + unit
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if 10 <= number < 20 else text


# A number in front of a unit, another number or a 项/款/条 is part of a sentence.
_NOT_CITED = r"(?!\s*(?:[项款条号](?:规定|所列|的|、|和|或|以|至|内容|情形)|目(?:规定|所列|、|和|或)))"
_NUMBER = rf"(?:[{_CN}]+|[0-9０-９]+)"
_GAP = r"[ \t\u3000\u00a0]*"

# A chapter's number stands alone, before a space, or before a title that is the rest of the line.
_TITLED = r"(?=[\s\u3000]|$|[^。；，：]{1,40}$)"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    *(
        (kind, re.compile(rf"第{_GAP}(?P<n>{_NUMBER}){_GAP}(?P<unit>{unit}){_TITLED}"))
        for kind, unit in zip(CHAPTERS, ("编", "分编", "章", "节"), strict=True)
    ),
    (Kind.ARTICLE, re.compile(rf"第{_GAP}(?P<n>{_NUMBER}){_GAP}(?P<unit>条)(?:之(?P<sub>[{_CN}]+))?")),
    (
        Kind.CHINESE,
        re.compile(
            rf"(?P<n>[{_CN}]{{1,4}}){_GAP}[、．.](?![{_CN}]+(?:[、级类期线档等]|是))",
        ),
    ),
    (Kind.CHINESE_BRACKET, re.compile(rf"[（(]{_GAP}(?P<n>[{_CN}]{{1,4}}){_GAP}[)）][、．.]?{_NOT_CITED}")),
    (
        Kind.ARABIC,
        re.compile(rf"(?P<n>[0-9０-９]{{1,3}}){_GAP}[.．、](?:(?![0-9０-９])|(?=\d{{4}}{_GAP}年))"),
    ),
    (
        Kind.ARABIC_BRACKET,
        re.compile(rf"[（(]?{_GAP}(?P<n>[0-9０-９]{{1,2}}){_GAP}[)）][、．.]?{_NOT_CITED}"),
    ),
)
_ARTICLE_CITED = re.compile(r"\s*(?:第[^编章节]{1,6}[款项条目]|的|之规定|、|，|和第|或者第|至第)")
_ARTICLE_PERHAPS_CITED = re.compile(r"\s*(?:规定|所列|所称|所规定|款|项(?!目)|等)")
_SINGLE = {}
for _code in (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)):
    _SINGLE[chr(_code)] = (Kind.CIRCLED, int(unicodedata.normalize("NFKC", chr(_code))))
for _code in range(0x2474, 0x2488):
    _SINGLE[chr(_code)] = (Kind.ARABIC_BRACKET, _code - 0x2473)
for _code in range(0x2488, 0x249C):
    _SINGLE[chr(_code)] = (Kind.ARABIC, _code - 0x2487)
for _code in range(0x3220, 0x322A):
    _SINGLE[chr(_code)] = (Kind.CHINESE_BRACKET, _code - 0x321F)


def opens(text: str) -> Marker | None:
    """The number that ``text`` opens with, or None; leading white space is part of the number."""
    body = text.lstrip()
    lead = len(text) - len(body)
    if not body:
        return None
    if body[0] in _SINGLE:
        kind, number = _SINGLE[body[0]]
        return Marker(kind, number, _label(kind, number, body[0]), lead + 1)
    for kind, pattern in _PATTERNS:
        found = pattern.match(body)
        if found:
            return _marker(kind, found, body, lead)
    return None


def _marker(kind: Kind, found: re.Match[str], body: str, lead: int) -> Marker | None:
    number = chinese_number(found["n"])
    sub, plain, cited = 0, False, False
    printed = re.sub(r"\s", "", unicodedata.normalize("NFKC", found["n"]))
    if kind in (*CHAPTERS, Kind.ARTICLE):
        label = f"第{printed}{found['unit']}"
        if kind is Kind.ARTICLE:
            if found["sub"]:
                sub = chinese_number(found["sub"])
                label += f"之{found['sub']}"
            rest = body[found.end() :]
            plain = bool(rest) and not rest[0].isspace()
            if plain and _ARTICLE_CITED.match(rest):
                return None
            cited = plain and bool(_ARTICLE_PERHAPS_CITED.match(rest))
    else:
        label = _label(kind, number, printed)
        if kind is Kind.ARABIC_BRACKET and found[0][0] not in "（(":
            label = str(number)  # printed 1）: the bracket only closes
    return Marker(kind, number, label, lead + found.end(), sub, plain, cited)


def _label(kind: Kind, number: int, printed: str) -> str:
    if kind is Kind.CIRCLED:
        return printed
    if kind is Kind.CHINESE_BRACKET:
        return f"（{unicodedata.normalize('NFKC', printed).strip('()')}）"
    if kind is Kind.ARABIC_BRACKET:
        return f"（{number}）"
    return str(number) if kind is Kind.ARABIC else printed


_BOUNDARY = re.compile(
    rf"(?<=[：:；;。，,、])[ \t\u3000]*(?=[（(]{_GAP}{_NUMBER}{_GAP}[)）]|\d{{1,2}}[.．、]|[①-⑳])"
)
_MARKER = 40  # no printed number is longer
_AFTER_HEADING = re.compile(rf"[^。；，：、,;:（(]{{2,20}}?[ \t\u3000]*(?=[（(]{_GAP}[一1]{_GAP}[)）])")


def inline(text: str, start: int) -> Iterator[tuple[int, Marker]]:
    """Numbers inside ``text`` after ``start`` that stand where an item could begin, one by one."""
    heading = _AFTER_HEADING.match(text, start)
    first = -1
    if heading and not text[start : heading.end()].rstrip().endswith(("第", "附件")):
        first = heading.end()
        yield from _item(text, first)
    for found in _BOUNDARY.finditer(text, start):
        if found.end() != first:
            yield from _item(text, found.end())


def _item(text: str, place: int) -> Iterator[tuple[int, Marker]]:
    marker = opens(text[place : place + _MARKER])
    if marker and marker.kind >= Kind.CHINESE_BRACKET:
        yield place, marker


_ANNEX = re.compile(
    rf"\s*(?P<word>附{_GAP}[件表录])[ \t\u3000]*(?P<n>{_NUMBER})?[ \t\u3000]*(?P<colon>[:：]?)(?P<rest>.*)$"
)


def annex(text: str) -> tuple[str, str] | None:
    """``(label, rest)`` when a line heads or lists an annex (``附件1``), else None."""
    found = _ANNEX.match(text)
    if not found or len(text) > 60 or "。" in text:
        return None
    rest = found["rest"].strip()
    if rest and not found["colon"] and not text[found.start("rest") - 1].isspace():
        return None
    label = re.sub(r"\s", "", found["word"]) + unicodedata.normalize("NFKC", found["n"] or "")
    return label, rest
