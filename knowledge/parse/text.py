"""Plain text and Markdown into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .document import LeftOut, Line, Reason, Source

_LINE_END = re.compile(r"\r\n|\n|\r")
_BREAK = re.compile(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def read_text(text: str) -> Source:
    """Lines as an editor counts them; a page break ends a line without being one."""
    lines = [
        Line(number, piece)
        for number, line in enumerate(_LINE_END.split(text), 1)
        for piece in _BREAK.split(line)
        if piece.strip()
    ]
    return Source(tuple(lines))


_FENCE = re.compile(r"\s{0,3}(```|~~~)\S*\s*$")
_TAG = re.compile(r"<!--|</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"(!?\[)([^\[\]]*)(\]\([^()\s]*(?:\s+\"[^\"]*\")?\))")
_STRONG = re.compile(r"(\*\*\*|\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_LEAD = re.compile(r"(\s*)((?:>\s?)+|[-*+]\s+(?=\S))")
_CLOSING = re.compile(r"(\s+#+)\s*$")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!>~|-])")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*$")


def read_markdown(text: str) -> Source:
    """Markdown as the text it shows; the marks are left out (those of headings later, as in any text)."""
    left: list[LeftOut] = []
    lines: list[Line] = []
    for line in read_text(_without_comments(text, left)).lines:
        if _FENCE.match(line.text) or (_TABLE_RULE.match(line.text) and "|" in line.text):
            left.append(LeftOut(line.number, line.text.strip(), Reason.MARKUP))
        elif line.text.strip().startswith("|") and line.text.strip().endswith("|"):
            lines.append(Line(line.number, _cells(line, left), apart=True))
        else:
            lines.append(Line(line.number, _unmark(line, left)))
    return Source(tuple(lines), tuple(left))


def _without_comments(text: str, left: list[LeftOut]) -> str:
    pieces: list[str] = []
    at, number = 0, 1
    for start, end in _markup(text):
        number += text.count("\n", at, start)
        left.append(LeftOut(number, text[start:end], Reason.MARKUP))
        breaks = text.count("\n", start, end)
        pieces += [text[at:start], "\n" * breaks]
        at, number = end, number + breaks
    return "".join((*pieces, text[at:]))


def _markup(text: str) -> Iterator[tuple[int, int]]:
    """Where HTML tags and comments stand; a comment that never ends is text."""
    at, closing = 0, True
    while found := _TAG.search(text, at):
        at = found.end()
        if found[0] == "<!--":
            end = text.find("-->", at) if closing else -1
            closing = end >= 0
            if not closing:
                continue
            at = end + 3
        yield found.start(), at


def _cells(line: Line, left: list[LeftOut]) -> str:
    cells = line.text.strip().split("|")
    left.append(LeftOut(line.number, "|" * (len(cells) - 1), Reason.MARKUP))
    return "\t".join(cell.strip() for cell in cells if cell.strip())


def _unmark(line: Line, left: list[LeftOut]) -> str:
    marks: list[str] = []

    def keep(found: re.Match[str], *, inner: int) -> str:
        marks.extend(part for group, part in enumerate(found.groups(), 1) if group != inner)
        if found.re is _STRONG:
            marks.append(found[1])
        return found[inner]

    text = line.text
    lead = None if re.match(r"\s*([-*_]\s*){3,}$", text) else _LEAD.match(text)
    if lead:
        marks.append(lead[2].strip())
        text = text[lead.end() :]
    text = _LINK.sub(lambda found: keep(found, inner=2), text)
    for _ in range(3):  # marks within marks
        text = _STRONG.sub(lambda found: keep(found, inner=2), text)
    closing = _CLOSING.search(text) if text.lstrip().startswith("#") else None
    if closing:
        marks.append(closing[1].strip())
        text = text[: closing.start()]
    marks += _ESCAPE.findall(text)
    text = _ESCAPE.sub("", text)
    left.extend(LeftOut(line.number, mark, Reason.MARKUP) for mark in marks if mark.strip())
    return text
