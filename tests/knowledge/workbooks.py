"""Workbooks as agencies make them, built for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = ("序号", "违法行为", "处罚依据", "适用条件", "处理结果", "配套措施")


def sheet(rows: Sequence[Sequence[object]], title: str = "清单") -> tuple[Workbook, Worksheet]:
    """A workbook with one sheet of these rows."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = title
    for row in rows:
        page.append(list(row))
    return book, page


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, part: str) -> bytes:
    """The workbook with one of its parts replaced, as no honest program would write it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
    return stream.getvalue()
