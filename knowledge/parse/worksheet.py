"""One worksheet to a grid, while its XML streams by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from .errors import UnreadableDocument
from .grid import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Grid
from .injection import injected, is_injected, reaches_out

MAX_MERGES = 50_000

_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")


def too_large() -> UnreadableDocument:
    return UnreadableDocument(
        "表格展开后太大，请只保留清单本身再导入。",
        "The workbook is too large; keep only the list itself.",
    )


def local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def rich_text(element: Element) -> str:
    """The text of a cell or table entry; furigana and the like are not text."""
    pieces = []
    for child in element:
        if local_name(child) == "t":
            pieces.append(child.text or "")
        elif local_name(child) == "r":
            pieces.extend(t.text or "" for t in child if local_name(t) == "t")
    return "".join(pieces)


@dataclass(slots=True)
class Worksheet:
    """Collects cells, merged areas and what is hidden."""

    name: str
    shared: Sequence[str]
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def read(self, elements: Iterable[tuple[str, Element]]) -> Grid:
        row = column = 0
        for event, element in elements:
            tag = local_name(element)
            if event == "start":
                if tag == "row":
                    row, column = int(element.attrib.get("r", row + 1)), 0
                    self._note_row(row, element)
                continue
            if tag == "c":
                row, column = _position(element.attrib.get("r", ""), row, column + 1)
                self._take(row, column, element)
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

    def _take(self, row: int, column: int, element: Element) -> None:
        text = _cell_text(element, self.shared)
        if not text:
            return
        if row > MAX_ROWS or column > MAX_COLUMNS or len(self.cells) >= MAX_CELLS:
            raise too_large()
        formula = next((child for child in element if local_name(child) == "f"), None)
        if reaches_out(f"={formula.text or ''}") if formula is not None else is_injected(text):
            raise injected(row, column)
        self.cells[row, column] = text
        if formula is not None:
            self.formulas.add((row, column))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _position(first, 1, 1)
        bottom, right = _position(last or first, 1, 1)
        if len(self.merges) >= MAX_MERGES:
            raise too_large()
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
                    raise too_large()
        for at, origin in origins.items():
            if at != origin and origin in self.cells:
                self.cells.setdefault(at, self.cells[origin])
        return origins


def _cell_text(element: Element, shared: Sequence[str]) -> str:
    """The text of a cell; a formula without a stored result stays as its formula."""
    kind = element.attrib.get("t", "n")
    value = formula = ""
    for child in element:
        tag = local_name(child)
        if tag == "v":
            value = child.text or ""
        elif tag == "is":
            return rich_text(child).strip()
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


def _ranges(numbers: Sequence[int]) -> str:
    """3、5–7."""
    parts: list[str] = []
    start = previous = numbers[0]
    for number in [*numbers[1:], numbers[-1] + 2]:
        if number != previous + 1:
            parts.append(str(start) if start == previous else f"{start}–{previous}")
            start = number
        previous = number
    return "、".join(parts)
