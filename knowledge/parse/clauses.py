"""From the outline to clauses: section paths, own texts and headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..clause import Clause
from .document import Line
from .lines import Layout, is_prose, tight
from .numbering import CHAPTERS, Kind, chinese_numeral, opens
from .outline import Node

_HEADING = 30  # the longest text that is still a heading


def own_text(lines: Sequence[Line], layout: Layout, *, prose_only: bool = False) -> str:
    """The text of lines that belong together, sentences that a line break cut made whole.

    With ``prose_only`` titles and names keep the line breaks they were printed with.
    """
    text = ""
    for place, line in enumerate(lines):
        piece = line.text.strip()
        if not place:
            text = piece
            continue
        before = lines[place - 1]
        opened = place == 1 and opens(before.text) is not None
        whole = prose_only and not is_prose(before.text)
        if not whole and layout.joined(before, line, opened=opened):
            text += layout.glue(text, piece) + piece
        else:
            text += "\n" + piece
    return text


@dataclass(slots=True)
class Writer:
    """Writes a tree of nodes as clauses, in document order, each section path once."""

    layout: Layout
    chapters_in_path: bool

    def write(self, root: Node, prefix: str = "") -> Iterator[Clause]:
        """The clauses below ``root``; ``prefix`` is the path they stand under."""
        chapter: list[tuple[Kind, str]] = []
        for part in root.parts:
            if isinstance(part, Line):
                continue
            marker = part.marker
            if marker and marker.kind in CHAPTERS:
                chapter = [level for level in chapter if level[0] < marker.kind]
                chapter.append((marker.kind, part.label))
                path = "/".join(label for _, label in chapter)
                own = [p for p in part.parts if isinstance(p, Line)]
                yield Clause(_under(prefix, path), own_text(own, self.layout), _after_number(own))
                below = _under(prefix, path) if self.chapters_in_path else prefix
                yield from self._nodes(part.parts, below, path)
            else:
                yield from self._node(part, prefix, "/".join(label for _, label in chapter))

    def _nodes(self, parts: Iterable[Line | Node], prefix: str, chapter: str) -> Iterator[Clause]:
        for part in parts:
            if isinstance(part, Node):
                yield from self._node(part, prefix, chapter)

    def _node(self, node: Node, prefix: str, chapter: str) -> Iterator[Clause]:
        section = _under(prefix, node.label)
        if node.marker and node.marker.kind is Kind.ARTICLE:
            yield from self._article(node, section, chapter)
            return
        own = [part for part in node.parts if isinstance(part, Line)]
        has_parts = len(own) < len(node.parts)
        text = own_text(own, self.layout)
        yield Clause(section, text, heading(text, has_parts=has_parts), chapter=chapter)
        yield from self._nodes(node.parts, section, chapter)

    def _article(self, node: Node, section: str, chapter: str) -> Iterator[Clause]:
        """An article in paragraphs (款), each with its items; one paragraph makes no level of its own."""
        title, paragraphs = self._paragraphs(node)
        if len(paragraphs) <= 1:
            lines = [part for part in node.parts if isinstance(part, Line)]
            yield Clause(section, own_text(lines, self.layout), _article_heading(lines), chapter=chapter)
            for _, items in paragraphs:
                yield from self._nodes(items, section, chapter)
            return
        yield Clause(section, own_text(title, self.layout), _article_heading(title), chapter=chapter)
        order = 0
        for lines, items in paragraphs:
            path = section  # items that nothing leads in are the article's own
            if lines:
                order += 1
                path = f"{section}/第{chinese_numeral(order)}款"
                yield Clause(path, own_text(lines, self.layout), chapter=chapter)
            yield from self._nodes(items, path, chapter)

    def _paragraphs(self, node: Node) -> tuple[list[Line], list[tuple[list[Line], list[Node]]]]:
        """An article's printed number (with a title in brackets), and its paragraphs with their items."""
        title: list[Line] = []
        paragraphs: list[tuple[list[Line], list[Node]]] = []
        before: Line | None = None
        for part in node.parts:
            if isinstance(part, Node):
                if not paragraphs:
                    paragraphs.append(([], []))
                paragraphs[-1][1].append(part)
                before = None
                continue
            line = part
            if not title:
                number, rest = _split_number(line)
                title.append(number)
                if rest is None:
                    continue
                line = rest
            if before is not None and paragraphs and self.layout.joined(before, line):
                paragraphs[-1][0].append(line)
            else:
                paragraphs.append(([line], []))
            before = line
        return title, paragraphs


def _under(prefix: str, label: str) -> str:
    return f"{prefix}/{label}" if prefix else label


_BRACKETED = re.compile(r"\s*(?:【[^】]{1,30}】|[（(][^）)，。]{1,20}[）)](?=[\s\u3000]))")


def _split_number(line: Line) -> tuple[Line, Line | None]:
    """A line 第三条【…】… in its number (with the bracketed title) and the text that follows."""
    marker = opens(line.text)
    end = marker.end if marker else 0
    title = _BRACKETED.match(line.text, end)
    end = title.end() if title else end
    number = Line(line.number, line.text[:end], joins=line.joins)
    rest = line.text[end:]
    return number, Line(line.number, rest, joins=None) if rest.strip() else None


def _article_heading(lines: Sequence[Line]) -> str:
    found = re.search(r"【([^】]+)】", lines[0].text) if lines else None
    if found:
        return found[1].strip()
    found = _BRACKETED.match(lines[0].text, end.end) if lines and (end := opens(lines[0].text)) else None
    return found[0].strip().strip("（()）") if found else ""


def _after_number(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    marker = opens(lines[0].text)
    return tight(lines[0].text[marker.end if marker else 0 :])


def heading(text: str, *, has_parts: bool = False) -> str:
    """The short title that opens a clause: before the first full stop, line break or colon.

    A clause that is one sentence has no title, unless parts stand below it.
    """
    marker = opens(text)
    body = text[marker.end if marker else 0 :].strip()
    found = re.match(r"([^。\n：:；]+)(.*)", body, re.DOTALL)
    if not found:
        return ""
    title, rest = found[1].strip(), found[2].strip("。\n ：:")
    if len(title) > _HEADING or not (rest or has_parts):
        return ""
    if is_prose(title) and (rest or not has_parts):
        return ""
    ends_lead_in = found[2].startswith(("：", ":")) or re.search(
        r"(下列|以下|如下|之一|条件|情形)的?$", title
    )
    return "" if ends_lead_in or found[2].startswith("；") else tight(title)
