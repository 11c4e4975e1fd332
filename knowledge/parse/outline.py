"""The outline of a numbered text: a state machine that tells numbers from sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .document import Line
from .lines import Layout, is_prose, terminated
from .numbering import CHAPTERS, Kind, Marker, inline, opens

_LOOK_AHEAD = 80  # lines in which the second item of a list must come
_JUMP = 6  # how many numbers a source may skip
_STRONG = (Kind.CHINESE, Kind.CHINESE_BRACKET, Kind.ARTICLE)


@dataclass(slots=True)
class Node:
    """One numbered part: its own pieces of text and the parts below it, in the order they came."""

    marker: Marker | None
    label: str
    parts: list[Line | Node] = field(default_factory=list)

    @property
    def last(self) -> Line | None:
        """The last line of text within, however deep."""
        if not self.parts:
            return None
        end = self.parts[-1]
        return end.last if isinstance(end, Node) else end


class Outline:
    """Reads lines one by one into a tree. A number opens a part only where it is in sequence."""

    def __init__(self, layout: Layout) -> None:
        self.root = Node(None, "")
        self.warnings: list[str] = []
        self._layout = layout
        self._stack: list[Node] = []
        self._tops: dict[Kind, Node] = {}
        self._articles = False

    def read(self, lines: Sequence[Line]) -> Node:
        for place, line in enumerate(lines):
            self._line(line, lines[place + 1 : place + 1 + _LOOK_AHEAD])
        return self.root

    def _line(self, line: Line, ahead: Sequence[Line]) -> None:
        if line.apart:
            self._add(line)
            return
        start, after = 0, 0
        marker = opens(line.text)
        if marker and self._open(marker, None, line.text[marker.end :], ahead):
            after = marker.end
        for place, item in inline(line.text, after):
            before, rest = line.text[start:place], line.text[place + item.end :]
            if self._fits_inline(item, line.text[after:place], rest, ahead):
                self._add(_piece(line, before, whole=start == 0))
                self._open(item, before, rest, ahead)
                start, after = place, place + item.end
        self._add(_piece(line, line.text[start:], whole=start == 0))

    def _add(self, line: Line) -> None:
        """Puts text into the part that is open; a new paragraph below an article's items is the article's."""
        if not line.text.strip():
            return
        node = self._stack[-1] if self._stack else self.root
        base = self._stack[0] if self._stack else None
        if (
            base is not None
            and base is not node
            and base.marker
            and base.marker.kind is Kind.ARTICLE
            and node.parts
        ):
            before = base.last
            if before is not None and not self._layout.joined(before, line):
                del self._stack[1:]
                node = base
        node.parts.append(line)

    def _open(self, marker: Marker, before: str | None, rest: str, ahead: Sequence[Line]) -> bool:
        depth = self._depth(marker, before, rest, ahead)
        if depth is None:
            return False
        del self._stack[depth:]
        node = Node(marker, marker.label)
        (self._stack[-1] if self._stack else self.root).parts.append(node)
        if depth == 0:
            self._tops[marker.kind] = node
        if marker.kind in CHAPTERS:
            for kind in [
                k for k in self._tops if k > marker.kind and (k in CHAPTERS or k is not Kind.ARTICLE)
            ]:
                del self._tops[kind]
        self._articles = self._articles or marker.kind is Kind.ARTICLE
        self._stack.append(node)
        return True

    def _depth(self, marker: Marker, before: str | None, rest: str, ahead: Sequence[Line]) -> int | None:
        """How deep a number opens a part here, or None when it belongs to the sentence."""
        text = self._text_before() if before is None else before
        if text.rstrip().endswith("第"):
            return None
        if marker.kind in CHAPTERS:
            return self._chapter_depth(marker)
        known = self._brother(marker)
        if known is not None:
            return self._after_brother(marker, *known, text)
        if not marker.first:
            strong = marker.kind in _STRONG and not marker.plain and self._ends(text)
            if strong and self._is_new_to_all(marker):
                self.warnings.append(f"编号从“{marker.label}”开始，前面的编号没有找到。")
                return 0 if marker.kind in (Kind.CHINESE, Kind.ARTICLE) else self._rank_depth(marker, text)
            return None
        if self._ends(text) or before is not None or self._second_follows(marker, rest, ahead):
            return self._rank_depth(marker, text)
        return None

    def _chapter_depth(self, marker: Marker) -> int | None:
        top = self._tops.get(marker.kind)
        if top is not None and top.marker and not top.marker.follows(0, 0):
            pass
        last = top.marker if top else None
        if last is None:
            return 0 if marker.first or not self._tops else None
        return 0 if marker.follows(last.number, last.sub) else None

    def _brother(self, marker: Marker) -> tuple[int, Marker] | None:
        """The open part of the same kind, with its depth; for articles and 一、 the last at the top."""
        for depth, node in enumerate(self._stack):
            if node.marker and node.marker.kind is marker.kind:
                return depth, node.marker
        if marker.kind in (Kind.ARTICLE, Kind.CHINESE) and not marker.first:
            top = self._tops.get(marker.kind)
            if top is not None and top.marker:
                return 0, top.marker
        return None

    def _after_brother(self, marker: Marker, depth: int, brother: Marker, text: str) -> int | None:
        ends = self._ends(text)
        if marker.follows(brother.number, brother.sub):
            return None if marker.plain and not ends else depth
        ahead = marker.number - brother.number
        if 0 < ahead <= _JUMP and marker.kind in _STRONG and not marker.plain and ends:
            self.warnings.append(f"编号从“{brother.label}”跳到“{marker.label}”。")
            return depth
        if ends and marker.number <= brother.number and marker.kind in _STRONG and not marker.plain:
            self.warnings.append(f"编号“{marker.label}”重复或倒退，其文字留在前一条款中。")
        return None

    def _rank_depth(self, marker: Marker, text: str) -> int:
        """Below everything that is of a higher rank; what a colon announces stands below it."""
        if marker.kind is Kind.ARTICLE:
            return 0
        depth = len(self._stack)
        if text.rstrip().endswith(("：", ":")):
            return depth
        while depth > 1 and (open_marker := self._stack[depth - 1].marker) and open_marker.kind > marker.kind:
            depth -= 1
        if depth == 1 and self._articles and marker.kind is Kind.CHINESE and not self._stack[0].parts:
            return depth
        return depth

    def _is_new_to_all(self, marker: Marker) -> bool:
        parent = self._stack[-1] if self._stack else self.root
        return not any(
            isinstance(part, Node) and part.marker and part.marker.kind is marker.kind
            for part in parent.parts
        )

    def _fits_inline(self, marker: Marker, before: str, rest: str, ahead: Sequence[Line]) -> bool:
        """True when a number inside a line is an item: the next of its list, or the first of a list to come."""
        known = self._brother(marker)
        end = before.rstrip()[-1:]
        if known is not None:
            allowed = "；;。" if marker.kind is Kind.ARABIC else "；;。，,、：:"
            return marker.follows(known[1].number, known[1].sub) and end in allowed
        announced = end in "：:" or (end not in "；;。，,、" and len(before.strip()) <= 20)
        return marker.first and announced and self._second_follows(marker, rest, ahead)

    def _second_follows(self, marker: Marker, rest: str, ahead: Sequence[Line]) -> bool:
        """True when the second item of the list that ``marker`` would open comes before anything higher."""
        for _, item in inline(rest, 0):
            if item.kind is marker.kind:
                return item.number == 2
        for line in ahead:
            item = None if line.apart else opens(line.text)
            if item and item.kind is marker.kind:
                return item.number == 2
            if item and item.kind < marker.kind and not item.plain:
                return False
            for _, inner in inline(line.text, item.end if item else 0):
                if inner.kind is marker.kind:
                    return inner.number == 2
        return False

    def _text_before(self) -> str:
        last = self.root.last
        return last.text if last is not None else ""

    def _ends(self, text: str) -> bool:
        """True when a sentence or a heading ends with ``text``, so that a number may open a part."""
        text = text.strip()
        return terminated(text) or (not is_prose(text) and len(text) < max(self._layout.width, 30))


def _piece(line: Line, text: str, *, whole: bool) -> Line:
    return Line(line.number, text, line.apart, line.joins if whole else False)
