"""What a file holds by its content, whatever it is called: a text in clauses, or a list in rows."""

from __future__ import annotations

import csv
import io
import zipfile
from itertools import islice
from pathlib import PurePath

from .commas import delimiter
from .encoding import decode
from .errors import UnreadableDocument
from .grid import Grid
from .header import SEARCHED_ROWS, find_header

_TABLES = (".csv", ".xlsx", ".xlsm", ".xls", ".et")
_TEXTS = (".txt", ".text", ".md", ".markdown", "")
_HEADING = 24
_BELOW = 3  # rows under a header, one of which has as many cells
_BEGINNING = 400_000  # bytes of a text in which a header is looked for


def is_list(content: bytes, filename: str) -> bool:
    """True for a workbook, a csv file, and a text whose first rows are the header of a list."""
    ending = PurePath(filename).suffix.lower()
    if content.startswith(b"PK"):
        return _is_workbook(content, ending)
    if content.startswith(b"%PDF-") or ending in _TABLES:
        return not content.startswith(b"%PDF-")
    return ending in _TEXTS and _begins_as_list(content)


def _is_workbook(content: bytes, ending: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        return ending in _TABLES
    if "word/document.xml" in names:
        return False
    return "xl/workbook.xml" in names or ending in _TABLES


def _begins_as_list(content: bytes) -> bool:
    try:
        text = decode(content[:_BEGINNING]) if len(content) <= _BEGINNING else _whole_lines(content)
        rows = csv.reader(io.StringIO(text), delimiter=delimiter(text))
        beginning = list(islice(rows, SEARCHED_ROWS))
    except (UnreadableDocument, csv.Error):
        return False
    cells = {
        (number, column): cell.strip()
        for number, row in enumerate(beginning, 1)
        for column, cell in enumerate(row, 1)
        if cell.strip()
    }
    header = find_header(Grid("", cells))
    return header is not None and _is_table(beginning[header.first - 1 : header.last + _BELOW])


def _is_table(rows: list[list[str]]) -> bool:
    """True for a header and a row under it of as many cells, as no running text has them."""
    header, *below = rows
    short = all(len(heading.strip()) <= _HEADING for heading in header)
    return short and len(header) >= 2 and any(len(row) == len(header) for row in below)


def _whole_lines(content: bytes) -> str:
    """The beginning of a long text; a character is never cut in two where its lines are not."""
    return decode(content[: content.rfind(b"\n", 0, _BEGINNING) + 1])
