"""Excel workbooks to grids, within bounds of memory and time.

The usual library builds a cell object for every cell of a merged area and of the sheet's declared
size, so one hostile line of XML exhausts it. This reader streams the parts that a list needs (text,
merged areas, what is hidden) and refuses what is too large before unpacking it. Formulas are not
computed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, iterparse

from .errors import UnreadableDocument
from .grid import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Grid

MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 2_000
MAX_MERGES = 50_000

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_TOO_LARGE = (
    "表格展开后太大，请只保留清单本身再导入。",
    "The workbook is too large; keep only the list itself.",
)
_BROKEN = (
    "文件不是完整的 Excel 工作簿（.xlsx），无法读取。",
    "The file is not a complete Excel workbook (.xlsx).",
)
_DAMAGE = (zipfile.BadZipFile, ParseError, LookupError, ValueError, EOFError, RuntimeError, zlib.error)
_OLD = (
    "这是旧版或加密的 Excel 文件，请另存为不加密的 .xlsx 再导入。",
    "This is an old or encrypted Excel file; save it as plain .xlsx.",
)


def read_workbook(content: bytes) -> tuple[Grid, ...]:
    """Every visible sheet as a grid; hidden sheets, rows and columns are left out and named."""
    if content.startswith(_OLD_EXCEL):
        raise UnreadableDocument(*_OLD)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            return _grids(archive)
    except _DAMAGE:
        raise UnreadableDocument(*_BROKEN) from None


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableDocument(*_TOO_LARGE)


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Element]]:
    """Start and end of every element of a part, by its local name; memory stays flat."""
    with archive.open(part) as stream:
        data = stream.read(MAX_UNPACKED + 1)
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ValueError("a document type declaration")
    yield from iterparse(io.BytesIO(data), ("start", "end"))  # noqa: S314 - no DTD is accepted


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _grids(archive: zipfile.ZipFile) -> tuple[Grid, ...]:
    shared = _shared_strings(archive)
    grids: list[Grid] = []
    hidden: list[str] = []
    for name, part, visible in _sheets(archive):
        if visible:
            grids.append(_Sheet(name).read(archive, part, shared))
        else:
            hidden.append(f"隐藏的工作表“{name}”")
    if not grids:
        raise UnreadableDocument("工作簿里没有可见的工作表。", "The workbook has no visible sheet.")
    first = grids[0]
    grids[0] = Grid(first.name, first.cells, first.origins, (*hidden, *first.left_out), first.formulas)
    return tuple(grids)


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """Name, part and visibility of each worksheet, in the order of the tabs."""
    targets = {
        element.attrib["Id"]: element.attrib["Target"]
        for event, element in _elements(archive, "xl/_rels/workbook.xml.rels")
        if event == "end" and _local(element) == "Relationship"
    }
    sheets = [
        (element.attrib["name"], targets[element.attrib[_RELATION]], element.attrib.get("state", "visible"))
        for event, element in _elements(archive, "xl/workbook.xml")
        if event == "end" and _local(element) == "sheet"
    ]
    return [
        (name, target.lstrip("/") if target.startswith("/") else f"xl/{target}", state == "visible")
        for name, target, state in sheets
        if "chartsheet" not in target
    ]


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """The workbook's text table; furigana and the like are not text."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts: list[str] = []
    for event, element in _elements(archive, "xl/sharedStrings.xml"):
        if event == "end" and _local(element) == "si":
            texts.append(_rich_text(element))
            element.clear()
    return texts


def _rich_text(element: Element) -> str:
    pieces = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces.extend(t.text or "" for t in child if _local(t) == "t")
    return "".join(pieces)


@dataclass(slots=True)
class _Sheet:
    """Collects one worksheet while its XML streams by."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def read(self, archive: zipfile.ZipFile, part: str, shared: list[str]) -> Grid:
        row = column = 0
        for event, element in _elements(archive, part):
            tag = _local(element)
            if event == "start":
                if tag == "row":
                    row, column = int(element.attrib.get("r", row + 1)), 0
                    self._note_row(row, element)
                continue
            if tag == "c":
                row, column = _position(element.attrib.get("r", ""), row, column + 1)
                self._take(row, column, element, shared)
                element.clear()
            elif tag == "row":
                element.clear()
            elif tag == "col" and _is_on(element.attrib.get("hidden")):
                self.hidden_columns.append((int(element.attrib["min"]), int(element.attrib["max"])))
            elif tag == "mergeCell":
                self._merge(element.attrib["ref"])
        return self._grid()

    def _note_row(self, row: int, element: Element) -> None:
        flat = _is_on(element.attrib.get("customHeight")) and float(element.attrib.get("ht", 1)) == 0
        if (_is_on(element.attrib.get("hidden")) or flat) and row <= MAX_ROWS:
            self.hidden_rows.add(row)

    def _take(self, row: int, column: int, element: Element, shared: list[str]) -> None:
        text = _cell_text(element, shared)
        if not text:
            return
        if row > MAX_ROWS or column > MAX_COLUMNS or len(self.cells) >= MAX_CELLS:
            raise UnreadableDocument(*_TOO_LARGE)
        self.cells[row, column] = text
        if any(_local(child) == "f" for child in element):
            self.formulas.add((row, column))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _position(first, 1, 1)
        bottom, right = _position(last or first, 1, 1)
        if len(self.merges) >= MAX_MERGES:
            raise UnreadableDocument(*_TOO_LARGE)
        self.merges.append((top, left, bottom, right))

    def _grid(self) -> Grid:
        origins = self._spread()
        left_out: list[str] = []
        gone = [row for row in sorted(self.hidden_rows) if any(r == row for r, _ in self.cells)]
        if gone:
            left_out.append(f"工作表“{self.name}”隐藏的第{_ranges(gone)}行")
        columns = {c for _, c in self.cells if any(low <= c <= high for low, high in self.hidden_columns)}
        if columns:
            left_out.append(f"工作表“{self.name}”隐藏的第{_ranges(sorted(columns))}列")
        shown = {
            at: text
            for at, text in self.cells.items()
            if at[0] not in self.hidden_rows and at[1] not in columns
        }
        return Grid(self.name, shown, origins, tuple(left_out), frozenset(self.formulas))

    def _spread(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Gives every cell of a merged area the text of its first cell, within what the sheet holds."""
        last_row = max((row for row, _ in self.cells), default=0)
        last_column = max((column for _, column in self.cells), default=0)
        origins: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in self.merges:
            for row in range(top, min(bottom, last_row) + 1):
                for column in range(left, min(right, last_column) + 1):
                    origins[row, column] = (top, left)
            if len(origins) > MAX_CELLS:
                raise UnreadableDocument(*_TOO_LARGE)
        for at, origin in origins.items():
            if at != origin and origin in self.cells:
                self.cells.setdefault(at, self.cells[origin])
        return origins


def _cell_text(element: Element, shared: list[str]) -> str:
    """The text of a cell; a formula without a stored result stays as its formula."""
    kind = element.attrib.get("t", "n")
    value = formula = ""
    for child in element:
        tag = _local(child)
        if tag == "v":
            value = child.text or ""
        elif tag == "is":
            return _rich_text(child).strip()
        elif tag == "f":
            formula = "=" + (child.text or "")
    if kind == "s" and value:
        return shared[int(value)].strip()
    if kind == "b":
        return {"1": "是", "0": "否"}.get(value, value)
    if formula and not value:
        return formula
    return _number(value) if kind == "n" else value.strip()


def _number(value: str) -> str:
    """A stored number as people write it: 1 for 1.0, 12.5 for 12.500000000000002."""
    try:
        return f"{float(value):.12g}" if value else ""
    except ValueError:
        return value.strip()


def _position(reference: str, row: int, column: int) -> tuple[int, int]:
    found = _REFERENCE.match(reference)
    if not found:
        return row, column
    number = 0
    for letter in found.group(1):
        number = number * 26 + ord(letter) - 64
    return int(found.group(2)), number


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")


def _ranges(numbers: list[int]) -> str:
    """3、5–7."""
    parts: list[str] = []
    start = previous = numbers[0]
    for number in [*numbers[1:], numbers[-1] + 2]:
        if number != previous + 1:
            parts.append(str(start) if start == previous else f"{start}–{previous}")
            start = number
        previous = number
    return "、".join(parts)
