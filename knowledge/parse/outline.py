"""The outline of a numbered text: a state machine that tells numbers from sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .document import Line
from .lines import Layout, is_prose, terminated
from .numbering import CHAPTERS, Kind, Marker, inline, opens

_LOOK_AHEAD = 80  # lines in which the next item of a list must come
_JUMP = 6  # how many numbers a source may skip
_HEADING = 30  # a line that ends without a full stop is a heading up to this length
_LABEL = 20  # what may stand between a number and the first item on the same line
_STRONG = (Kind.CHINESE, Kind.CHINESE_BRACKET, Kind.ARTICLE)


@dataclass(slots=True)
class Node:
    """One numbered part: its own lines of text and the parts below it, in the order they came."""

    marker: Marker | None
    label: str
    parts: list[Line | Node] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)  # of the parts below

    @property
    def last(self) -> Line | None:
        """The last line of text within, however deep."""
        if not self.parts:
            return None
        end = self.parts[-1]
        return end.last if isinstance(end, Node) else end

    @property
    def is_article(self) -> bool:
        return self.marker is not None and self.marker.kind is Kind.ARTICLE


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands around a number: the text before it, what follows on its line, the lines below."""

    before: str
    rest: str
    ahead: Sequence[Line]
    inline: bool = False

    @property
    def ends(self) -> bool:
        """True when a sentence or a heading ends before the number, so that it may open a part."""
        text = self.before.strip()
        return terminated(text) or (not is_prose(text) and len(text) < _HEADING)


class Outline:
    """Reads lines one by one into a tree. A number opens a part only where it is in sequence."""

    def __init__(self, layout: Layout) -> None:
        self.root = Node(None, "")
        self.warnings: list[str] = []
        self._layout = layout
        self._number = 0
        self._stack: list[Node] = []
        self._tops: dict[Kind, Marker] = {}  # the last part of each kind that stands at the top

    def read(self, lines: Sequence[Line]) -> Node:
        for place, line in enumerate(lines):
            self._number = line.number
            self._line(line, lines[place + 1 : place + 1 + _LOOK_AHEAD])
        return self.root

    def _line(self, line: Line, ahead: Sequence[Line]) -> None:
        marker = None if line.apart else opens(line.text)
        start, after = 0, 0
        if marker and self._open(marker, self._context(line.text[marker.end :], ahead)):
            after = marker.end
        for place, item in () if line.apart else inline(line.text, after):
            around = _Context(line.text[after:place], line.text[place + item.end :], ahead, inline=True)
            if self._fits_inline(item, around):
                self._add(_piece(line, start, place))
                self._open(item, around)
                start, after = place, place + item.end
        self._add(_piece(line, start, len(line.text)))

    def _warn(self, text: str) -> None:
        self.warnings.append(f"第 {self._number} 行：{text}")

    def _context(self, rest: str, ahead: Sequence[Line]) -> _Context:
        last = self.root.last
        return _Context("" if last is None else last.text, rest, ahead)

    def _add(self, line: Line) -> None:
        """Puts text into the part that is open; a new paragraph below an article's items is the article's."""
        if not line.text.strip():
            return
        node = self._stack[-1] if self._stack else self.root
        below = len(self._stack) > 1 and self._stack[0].is_article and bool(node.parts)
        last = self._stack[0].last if below else None
        if last is not None and not self._layout.joined(last, line):
            del self._stack[1:]
            node = self._stack[0]
        node.parts.append(line)

    def _open(self, marker: Marker, around: _Context) -> bool:
        """Opens a part where ``marker`` may stand here; False when it belongs to a sentence."""
        depth = self._depth(marker, around)
        if depth is None:
            return False
        del self._stack[depth:]
        node, parent = Node(marker, marker.label), self._stack[-1] if self._stack else self.root
        parent.parts.append(node)
        parent.kinds.add(marker.kind)
        self._stack.append(node)
        if depth == 0:
            self._tops[marker.kind] = marker
        if marker.kind in CHAPTERS:  # articles count on through chapters, everything else starts anew
            for kind in [k for k in self._tops if k > marker.kind and k is not Kind.ARTICLE]:
                del self._tops[kind]
        return True

    def _depth(self, marker: Marker, around: _Context) -> int | None:
        """How deep a number opens a part here, or None when it belongs to the sentence."""
        if around.before.rstrip().endswith("第"):
            return None
        if marker.kind in CHAPTERS:
            return self._chapter_depth(marker, around)
        brother = self._brother(marker)
        if brother is not None:
            return self._after_brother(marker, *brother, around)
        if marker.first:
            opens_list = around.ends or around.inline or self._next_follows(marker, around)
            return self._rank_depth(marker, around) if opens_list and not marker.cited else None
        return self._midway_depth(marker, around)

    def _chapter_depth(self, marker: Marker, around: _Context) -> int | None:
        """Chapters stand at the top; a source may skip a number or leave out the part (编) above."""
        top = self._tops.get(marker.kind)
        ahead = marker.number - (top.number if top else 0)
        if ahead == 1:
            return 0
        if around.ends and (1 < ahead <= _JUMP or (marker.first and top)):
            self._warn(f"编号“{marker.label}”前缺少编号。")
            return 0
        return None

    def _brother(self, marker: Marker) -> tuple[int, Marker] | None:
        """The open part of the same kind, with its depth; for articles and 一、 the last at the top."""
        for depth, node in enumerate(self._stack):
            if node.marker and node.marker.kind is marker.kind:
                return depth, node.marker
        top = self._tops.get(marker.kind)
        counts_on = marker.kind in (Kind.ARTICLE, Kind.CHINESE) and not marker.first
        return (0, top) if top and counts_on else None

    def _after_brother(self, marker: Marker, depth: int, brother: Marker, around: _Context) -> int | None:
        if marker.follows(brother.number, brother.sub):
            return depth if around.ends or not marker.plain else None
        if marker.kind not in _STRONG or not around.ends or marker.cited:
            return None
        certain = marker.kind is Kind.ARTICLE and not marker.plain  # no sentence begins 第九条 and a space
        if certain or 0 < marker.number - brother.number <= _JUMP:
            self._warn(f"编号从“{brother.label}”跳到“{marker.label}”。")
            return depth
        if marker.number <= brother.number and not marker.plain:
            self._warn(f"编号“{marker.label}”重复或倒退，其文字留在前一条款中。")
        return None

    def _midway_depth(self, marker: Marker, around: _Context) -> int | None:
        """A list that does not begin with its first number: an excerpt, or an item that lost its number."""
        if marker.kind not in _STRONG or marker.cited or not around.ends:
            return None
        parent = self._stack[-1] if self._stack else self.root
        if marker.kind in parent.kinds or (marker.plain and not self._next_follows(marker, around)):
            return None
        self._warn(f"编号从“{marker.label}”开始，前面的编号没有找到。")
        return 0 if marker.kind is Kind.CHINESE else self._rank_depth(marker, around)

    def _rank_depth(self, marker: Marker, around: _Context) -> int:
        """Below everything that is of a higher rank; what a colon announces stands below it."""
        if marker.kind is Kind.ARTICLE:
            return 0
        depth = len(self._stack)
        if around.before.rstrip().endswith(("：", ":")):
            return depth
        while depth > 1 and (above := self._stack[depth - 1].marker) and above.kind > marker.kind:
            depth -= 1
        return depth

    def _fits_inline(self, marker: Marker, around: _Context) -> bool:
        """True when a number inside a line is the next item of its list, or the first of a list to come."""
        brother = self._brother(marker)
        end = around.before.rstrip()[-1:]
        if brother is not None:
            allowed = "；;。" if marker.kind is Kind.ARABIC else "；;。，,、：:"
            return marker.follows(brother[1].number, brother[1].sub) and end in allowed
        announced = end in "：:" or (end not in "；;。，,、" and len(around.before.strip()) <= _LABEL)
        return marker.first and announced and self._next_follows(marker, around)

    def _next_follows(self, marker: Marker, around: _Context) -> bool:
        """True when the next item of the list that ``marker`` would open comes before anything higher."""
        for item in _items(around, marker.kind):
            if item.kind is marker.kind:
                return item.number == marker.number + 1
            if item.kind < marker.kind and not item.plain:
                return False
        return False


def _items(around: _Context, kind: Kind) -> Iterator[Marker]:
    """The numbers that come next: on the same line, then opening or inside the lines below."""
    yield from (item for _, item in inline(around.rest, 0) if item.kind is kind)
    for line in around.ahead:
        opening = None if line.apart else opens(line.text)
        if opening:
            yield opening
        if not line.apart:
            start = opening.end if opening else 0
            yield from (item for _, item in inline(line.text, start) if item.kind is kind)


def _piece(line: Line, start: int, end: int) -> Line:
    """A part of a line; a part from its middle starts a paragraph of its own."""
    return Line(line.number, line.text[start:end], line.apart, line.joins if start == 0 else False)
