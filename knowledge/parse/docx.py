"""Word documents into lines: changes accepted, numbers as shown, hidden text left out and reported."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from .document import LeftOut, Line, Reason, Source
from .docx_numbering import Numbering, W
from .errors import MAX_LINES, UnreadableDocument, damaged, too_complex

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.strip("{}").encode())
_MAX_PART = 64 * 1024 * 1024
_MAX_TOTAL = 256 * 1024 * 1024
_DELETED = {f"{W}del", f"{W}moveFrom"}
_SILENT = {f"{W}instrText", f"{W}delInstrText", f"{W}pPr", f"{W}sectPr", f"{_MC}Fallback"}
_CHARACTERS = {f"{W}tab": "\t", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t", f"{W}softHyphen": ""}
_OFF = ("0", "false", "off", "none")


def read_docx(content: bytes) -> Source:
    """Paragraphs and table rows as lines, counted from one in the order they stand in the document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = _Package(package)
            return _Reader(parts).read()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise damaged("Word 文件", "Word document") from None


class _Package:
    """The parts of a document, read within bounds."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        names = {info.filename: info for info in package.infolist()}
        if sum(info.file_size for info in names.values()) > _MAX_TOTAL:
            raise UnreadableDocument(
                "文件解压后过大，不予读取。", "The file unpacks to an unreasonable size and was not read."
            )
        if "word/document.xml" not in names:
            raise UnreadableDocument(
                "这不是 Word 文件，请检查扩展名。", "This is not a Word document; check the file's name."
            )
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise UnreadableDocument(
                "文件含有宏，请另存为不含宏的 .docx 后再导入。",
                "The file holds macros; save it without them and try again.",
            )
        self._names = names

    def part(self, name: str) -> etree._Element | None:
        """The root of an XML part, or None where the document has none."""
        if name not in self._names:
            return None
        with self._package.open(name) as stream:
            data = stream.read(_MAX_PART + 1)
        if len(data) > _MAX_PART or b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
            raise damaged("Word 文件", "Word document")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data.replace(*_STRICT), parser)
        except etree.XMLSyntaxError:
            raise damaged("Word 文件", "Word document") from None

    def parts(self, beginning: str) -> Iterator[etree._Element]:
        for name in sorted(self._names):
            if name.startswith(beginning) and name.endswith(".xml"):
                part = self.part(name)
                if part is not None:
                    yield part


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style passes on to its paragraphs and runs."""

    based_on: str = ""
    number: str = ""
    depth: int | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class _Words:
    """The text of one paragraph under way: shown, hidden and deleted."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, package: _Package) -> None:
        self._package = package
        document = package.part("word/document.xml")
        if document is None or document.find(f"{W}body") is None:
            raise damaged("Word 文件", "Word document")
        self._body = document.find(f"{W}body")
        self._numbering = Numbering.of(package.part("word/numbering.xml"))
        self._styles = _styles(package.part("word/styles.xml"))
        self._lines: list[Line] = []
        self._left: list[LeftOut] = []
        self._number = 0

    def read(self) -> Source:
        self._block(self._body)
        for beginning, reason in (
            ("word/header", Reason.PAGE_MARGIN),
            ("word/footer", Reason.PAGE_MARGIN),
            ("word/footnotes", Reason.NOTE),
            ("word/endnotes", Reason.NOTE),
            ("word/comments", Reason.NOTE),
        ):
            for part in self._package.parts(beginning):
                self._aside(part, reason)
        return Source(tuple(self._lines), tuple(self._left))

    def _aside(self, part: etree._Element, reason: Reason) -> None:
        for paragraph in part.iter(f"{W}p"):
            text = "".join(t.text or "" for t in paragraph.iter(f"{W}t")).strip()
            if text:
                self._left.append(LeftOut(0, text, reason))

    def _block(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in _DELETED:
                self._report(_text(child), Reason.DELETED)
            elif child.tag not in _SILENT:
                self._block(child)  # content controls, custom XML, insertions

    def _paragraph(self, paragraph: etree._Element) -> None:
        self._number += 1
        if self._number > MAX_LINES:
            raise too_complex()
        words = self._words(paragraph)
        number = self._list_number(paragraph, words)
        for place, text in enumerate("".join(words.shown).split("\n")):
            line = (number + text) if place == 0 else text
            if line.strip():
                self._lines.append(Line(self._number, line))
        self._report("".join(words.hidden), Reason.HIDDEN)
        self._report("".join(words.deleted), Reason.DELETED)
        for box in _boxes(paragraph):
            self._block(box)

    def _report(self, text: str, reason: Reason) -> None:
        if text.strip():
            self._left.append(LeftOut(self._number, text.strip(), reason))

    def _words(self, paragraph: etree._Element) -> _Words:
        words = _Words()
        paragraph_hidden = self._style_hides(paragraph.find(f"{W}pPr/{W}pStyle"))
        stack: list[tuple[etree._Element, bool, bool]] = [
            (child, False, False) for child in reversed(paragraph)
        ]
        while stack:
            element, hidden, deleted = stack.pop()
            tag = element.tag
            if tag in _SILENT or tag == f"{W}txbxContent" or not isinstance(tag, str):
                continue
            deleted = deleted or tag in _DELETED or tag == f"{W}delText"
            if tag == f"{W}r":
                hidden = self._is_hidden(element, paragraph_hidden)
            if tag == f"{W}rt":
                self._report(_text(element), Reason.NOTE)
            elif tag in (f"{W}t", f"{W}delText", f"{_MATH}t"):
                target = words.deleted if deleted else words.hidden if hidden else words.shown
                target.append(element.text or "")
            elif tag in (f"{W}br", f"{W}cr"):
                words.shown.append("\n")
            elif tag in _CHARACTERS:
                words.shown.append(_CHARACTERS[tag])
            else:
                stack.extend((child, hidden, deleted) for child in reversed(element))
        return words

    def _is_hidden(self, run: etree._Element, paragraph_hidden: bool) -> bool:
        for name in ("vanish", "specVanish", "webHidden"):
            mark = run.find(f"{W}rPr/{W}{name}")
            if mark is not None:
                return (mark.get(f"{W}val") or "1") not in _OFF
        return paragraph_hidden or self._style_hides(run.find(f"{W}rPr/{W}rStyle"))

    def _style_hides(self, style: etree._Element | None) -> bool:
        return any(s.hidden for s in self._style_chain(style) if s.hidden is not None)

    def _style_chain(self, style: etree._Element | None) -> Iterator[_Style]:
        name = "" if style is None else style.get(f"{W}val") or ""
        for _ in range(20):  # a style based on itself must not hang the reader
            found = self._styles.get(name)
            if found is None:
                return
            yield found
            name = found.based_on

    def _list_number(self, paragraph: etree._Element, words: _Words) -> str:
        """The automatic number before a paragraph, as shown; what is hidden or deleted does not count."""
        number, depth = _list(paragraph.find(f"{W}pPr"))
        for style in self._style_chain(paragraph.find(f"{W}pPr/{W}pStyle")):
            number = number or style.number
            depth = style.depth if depth is None else depth
        gone = not "".join(words.shown).strip() and bool("".join(words.hidden + words.deleted).strip())
        if not number or number == "0" or gone:
            return ""
        shown = self._numbering.next(number, min(depth or 0, 8))
        return shown + " " if shown[-1:].isalnum() else shown

    def _table(self, table: etree._Element) -> None:
        rows = [row for row in table.iter(f"{W}tr") if _nearest(row, f"{W}tbl") is table]
        cells = [[c for c in row.iter(f"{W}tc") if _nearest(c, f"{W}tbl") is table] for row in rows]
        data = sum(len(row) > 1 for row in cells) >= 2  # else a frame around text
        for row, in_row in zip(rows, cells, strict=True):
            if data or _hides(row):
                self._row(row, in_row)
            else:
                for cell in in_row:
                    self._block(cell)

    def _row(self, row: etree._Element, cells: list[etree._Element]) -> None:
        self._number += 1
        text = "\t".join(text for text in map(self._cell, cells) if text)
        if _hides(row):
            self._report(text, Reason.HIDDEN)
        elif row.find(f"{W}trPr/{W}del") is not None:
            self._report(text, Reason.DELETED)
        elif text:
            self._lines.append(Line(self._number, text, apart=True))

    def _cell(self, cell: etree._Element) -> str:
        """A cell's text; a cell that a merge from above continues holds none."""
        pieces = []
        for paragraph in cell.iter(f"{W}p"):
            if _nearest(paragraph, f"{_MC}Fallback") is not None:
                continue
            words = self._words(paragraph)
            text = self._list_number(paragraph, words) + "".join(words.shown)
            pieces.append(text.replace("\n", " ").strip())
            self._report("".join(words.hidden), Reason.HIDDEN)
            self._report("".join(words.deleted), Reason.DELETED)
        return " ".join(piece for piece in pieces if piece)


def _styles(part: etree._Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for style in part.findall(f"{W}style") if part is not None else ():
        number, depth = _list(style.find(f"{W}pPr"))
        vanish, base = style.find(f"{W}rPr/{W}vanish"), style.find(f"{W}basedOn")
        styles[style.get(f"{W}styleId") or ""] = _Style(
            based_on="" if base is None else base.get(f"{W}val") or "",
            number=number,
            depth=depth,
            hidden=None if vanish is None else (vanish.get(f"{W}val") or "1") not in _OFF,
        )
    return styles


def _list(properties: etree._Element | None) -> tuple[str, int | None]:
    if properties is None:
        return "", None
    number, depth = properties.find(f"{W}numPr/{W}numId"), properties.find(f"{W}numPr/{W}ilvl")
    level = "" if depth is None else depth.get(f"{W}val") or ""
    return ("" if number is None else number.get(f"{W}val") or ""), int(level) if level.isdecimal() else None


def _hides(row: etree._Element) -> bool:
    mark = row.find(f"{W}trPr/{W}hidden")
    return mark is not None and (mark.get(f"{W}val") or "1") not in _OFF


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Text boxes anchored in a paragraph, each once (a fallback repeats it for old programs)."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if _nearest(box, f"{_MC}Fallback") is None and _nearest(box, f"{W}p") is paragraph:
            yield box


def _nearest(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _text(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t", f"{W}delText"))
