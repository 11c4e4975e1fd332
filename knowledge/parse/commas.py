"""Comma-separated text to a grid."""

from __future__ import annotations

import csv
import io

from .encoding import decode
from .errors import UnreadableDocument
from .grid import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Grid
from .injection import injected, is_injected

_DELIMITERS = ",\t;，"


def read_commas(content: bytes, name: str) -> Grid:
    """The grid of a csv file of any usual encoding and delimiter."""
    text = decode(content)
    cells: dict[tuple[int, int], str] = {}
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter(text)), 1):
            if number > MAX_ROWS or len(row) > MAX_COLUMNS or len(cells) > MAX_CELLS:
                raise UnreadableDocument(
                    "表格太大，请只保留清单本身再导入。", "The table is too large; keep only the list itself."
                )
            for column, cell in enumerate(row, 1):
                if is_injected(cell):
                    raise injected(number, column)
                if cell.strip():
                    cells[number, column] = cell.strip()
    except csv.Error:
        raise UnreadableDocument(
            "CSV 文件的格式有误，无法按行列读取。", "The CSV file is malformed and cannot be read as a table."
        ) from None
    return Grid(name, cells)


def delimiter(text: str) -> str:
    """The sign that the first line uses most."""
    first = text.lstrip().partition("\n")[0]
    return max(_DELIMITERS, key=first.count)
