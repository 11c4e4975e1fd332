"""Web pages into lines: the text of the article, with the page around it left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from .document import LeftOut, Line, Reason, Source
from .errors import MAX_LINES, damaged, too_complex
from .lines import bare, is_document_number, is_tail
from .words import words

_HOLDERS = ("body", "div", "td", "article", "section", "main", "form", "table", "tbody", "tr", "center")
_HEADINGS = ("h1", "h2", "h3")
_TITLE_CLASS = re.compile(r"title|biaoti|headline|\bbt\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAIN_SHARE = 0.8  # how much of a page's running text its article holds
_RUNNING = 20  # characters from which a line counts as running text
_CELL = 400  # a table with longer cells lays out a page


@dataclass(slots=True)
class _Block:
    """One line of a page: where it stands, what it says, how much of it is links."""

    element: etree._Element
    text: str
    linked: int = 0
    reason: Reason | None = None
    apart: bool = False

    @property
    def number(self) -> int:
        return int(self.element.sourceline or 0)

    @property
    def running(self) -> int:
        size = len(bare(self.text))
        return size if size >= _RUNNING and self.linked * 3 < size else 0


def read_html(text: str) -> Source:
    """The article's lines; navigation, hidden text and what stands around the article are left out."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", ""))
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        raise damaged("网页内容", "web page") from None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise damaged(
            "网页内容", "web page"
        )  # the parser stopped midway: better nothing than a part taken for the whole
    blocks = [block for block in _Reader().read(root) if block.text.strip()]
    _leave_out_surroundings(blocks, bare("".join(root.xpath("//head/title//text()"))))
    lines = [Line(block.number, block.text, apart=block.apart) for block in blocks if block.reason is None]
    left = [LeftOut(block.number, block.text, block.reason) for block in blocks if block.reason is not None]
    return Source(tuple(lines), tuple(left))


class _Reader:
    """Walks a page once, without recursion, and cuts its text into blocks."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._text: list[str] = []
        self._linked = 0
        self._links = 0
        self._skip: etree._Element | None = None

    def read(self, root: etree._Element) -> list[_Block]:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if len(self._blocks) > MAX_LINES:
                raise too_complex()
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start" and self._skip is None:
                self._start(element, tag)
            elif event == "end":
                self._end(element, tag)
        self._flush(root)
        return self._blocks

    def _start(self, element: etree._Element, tag: str) -> None:
        if tag in words("html_blocks"):
            parent = element.getparent()
            self._flush(element if parent is None else parent)
        self._links += tag == "a"
        reason = _reason(element, tag)
        if tag in words("html_silent"):
            self._skip = element
        elif reason:
            self._blocks.append(_Block(element, _visible(element), reason=reason))
            self._skip = element
        elif tag == "table" and _is_data(element):
            self._blocks.extend(_rows(element))
            self._skip = element
        else:
            self._take(element.text)

    def _end(self, element: etree._Element, tag: str) -> None:
        if self._skip is not None and self._skip is not element:
            return
        self._skip = None
        if tag in words("html_blocks"):
            self._flush(element)
        self._links -= tag == "a"
        self._take(element.tail)

    def _take(self, text: str | None) -> None:
        if text:
            self._text.append(text)
            self._linked += len(bare(text)) if self._links else 0

    def _flush(self, element: etree._Element) -> None:
        text = _SPACE.sub(" ", "".join(self._text)).strip()
        if text:
            self._blocks.append(_Block(element, text, self._linked))
        self._text, self._linked = [], 0


def _visible(element: etree._Element) -> str:
    silent = " | ".join(f"ancestor-or-self::{tag}" for tag in words("html_silent"))
    return _SPACE.sub(" ", " ".join(element.xpath(f".//text()[not({silent})]"))).strip()


def _reason(element: etree._Element, tag: str) -> Reason | None:
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return Reason.HIDDEN
    return Reason.NAVIGATION if tag in words("html_around") else None


def _is_data(table: etree._Element) -> bool:
    """True for a table that holds data, not one that lays out a page."""
    if table.find(".//table") is not None:
        return False
    rows = [[bare("".join(c.itertext())) for c in row.xpath("./td|./th")] for row in table.iter("tr")]
    wide = [row for row in rows if len(row) >= 2]
    return len(wide) >= 2 and all(len(cell) < _CELL for row in rows for cell in row)


def _rows(table: etree._Element) -> Iterator[_Block]:
    for row in table.xpath(".//caption|.//tr"):
        cells = row.xpath("./td|./th") if row.tag == "tr" else [row]
        text = "\t".join(re.sub(r"\s+", " ", "".join(cell.itertext())).strip() for cell in cells)
        if text.strip():
            yield _Block(row, text, apart=True)


def _leave_out_surroundings(blocks: Sequence[_Block], page_title: str) -> None:
    """Marks what stands outside the article as navigation, its title and its signature apart."""
    kept = [block for block in blocks if block.reason is None]
    main = _main(kept)
    if main is None:
        return
    within = list(main.iter())  # the list keeps lxml's elements alive, so that they stay themselves
    elements = set(within)
    inside = {id(block) for block in kept if block.element in elements}
    places = [place for place, block in enumerate(kept) if id(block) in inside]
    for place, block in enumerate(kept):
        if id(block) in inside:
            continue
        wanted = _is_title(block, page_title) if place < places[0] else _is_signature(block.text)
        if not wanted:
            block.reason = Reason.NAVIGATION


def _main(blocks: Sequence[_Block]) -> etree._Element | None:
    """The innermost element that holds most of a page's running text."""
    if not blocks:
        return None
    everything = list(blocks[0].element.getroottree().iter())
    weights = dict.fromkeys(everything, 0)
    for block in blocks:
        weights[block.element] += block.running
    total = sum(weights.values())
    main = None
    for element in reversed(everything):  # children come before their parents
        parent = element.getparent()
        if main is None and total and weights[element] >= total * _MAIN_SHARE and element.tag in _HOLDERS:
            main = element
        if parent is not None:
            weights[parent] += weights[element]
    return main


def _is_signature(text: str) -> bool:
    return is_tail(text) and not text.strip().startswith("联系")


def _is_title(block: _Block, page_title: str) -> bool:
    text = bare(block.text)
    if block.linked * 2 > len(text):
        return False
    above = [block.element, *islice(block.element.iterancestors(), 2)]
    if any(e.tag in _HEADINGS or _TITLE_CLASS.search(f"{e.get('class')} {e.get('id')}") for e in above):
        return True
    return (
        (len(text) >= 6 and text in page_title)
        or is_document_number(text)
        or text.endswith(words("title_endings"))
    )
