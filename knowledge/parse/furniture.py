"""Page furniture: what a web page or a printer put around a document, which belongs to no part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .document import LeftOut, Line, Reason
from .lines import is_tail, tight
from .numbering import opens
from .words import whole_line

_RULE = re.compile(r"\s*([-*_=—－─━~·.…]\s*){3,}$")
_HEADING = re.compile(r"(\s{0,3}#{1,6})(?=\s)")
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000e-\u001b\u007f\u0080-\u0084\u0086-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe]"
)
_CERTAIN = re.compile(r"(您|你)?(的)?(当前|所在)(的)?位置|[《<]*\s*[上下]一[篇条]\s*[:：]|首页\s*[>＞»]")


def sift(lines: Sequence[Line]) -> tuple[list[Line], list[LeftOut]]:
    """Parts the lines of a document from the furniture around it."""
    left: list[LeftOut] = []
    lines = [plain for line in lines if (plain := _unmark(line, left)) is not None]
    numbered = [place for place, line in enumerate(lines) if not line.apart and opens(line.text)]
    first, last = (numbered[0], numbered[-1]) if numbered else (len(lines), -1)
    kept: list[Line] = []
    trailing = False
    for place, line in enumerate(lines):
        text = line.text.strip()
        outer = place < first or place > last
        navigation = bool(whole_line("navigation").fullmatch(text)) and (outer or bool(_CERTAIN.match(text)))
        if navigation and place > last >= 0:
            trailing = True
        if whole_line("page_numbers").fullmatch(text) and not line.apart:
            left.append(LeftOut(line.number, text, Reason.PAGE_NUMBER))
        elif navigation or (trailing and not is_tail(text)):
            left.append(LeftOut(line.number, text, Reason.NAVIGATION))
        else:
            kept.append(line)
    return kept, left


def _unmark(line: Line, left: list[LeftOut]) -> Line | None:
    """The line without markup and invisible characters; None when nothing else stood in it."""
    text = line.text
    for invisible in _INVISIBLE.findall(text):
        left.append(LeftOut(line.number, invisible, Reason.INVISIBLE))
    text = _INVISIBLE.sub("", text)
    if _RULE.fullmatch(text):
        left.append(LeftOut(line.number, text.strip(), Reason.MARKUP))
        return None
    heading = _HEADING.match(text)
    if heading:
        left.append(LeftOut(line.number, heading[1].strip(), Reason.MARKUP))
        text = text[heading.end() :]
    if not tight(text):
        return None
    return Line(line.number, text, line.apart, line.joins)
