"""Excel workbooks to grids, within bounds of memory and time.

The usual library builds a cell object for every cell of a merged area and of the sheet's declared
size, so one hostile line of XML exhausts it. This reader streams the parts that a list needs (text,
merged areas, what is hidden) and refuses what is too large before unpacking it. Formulas are not
computed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError, iterparse

from .errors import UnreadableDocument
from .grid import Grid
from .worksheet import Worksheet, local_name, rich_text, too_large

MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ELEMENTS = 500_000

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BROKEN = (
    "文件不是完整的 Excel 工作簿（.xlsx），无法读取。",
    "The file is not a complete Excel workbook (.xlsx).",
)
_DAMAGE = (zipfile.BadZipFile, ParseError, LookupError, ValueError, EOFError, RuntimeError, zlib.error)
_MACROS = (
    "工作簿含有宏，请另存为不含宏的 .xlsx 后再导入。",
    "The workbook holds macros; save it as .xlsx without them and try again.",
)
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
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise too_large()
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise UnreadableDocument(*_MACROS)
            return _grids(archive)
    except _DAMAGE:
        raise UnreadableDocument(*_BROKEN) from None


def _grids(archive: zipfile.ZipFile) -> tuple[Grid, ...]:
    shared = _shared_strings(archive)
    grids: list[Grid] = []
    hidden: list[str] = []
    for name, part, visible in _sheets(archive):
        if visible:
            grids.append(Worksheet(name, shared).read(_elements(archive, part)))
        else:
            hidden.append(f"隐藏的工作表“{name}”")
    if not grids:
        raise UnreadableDocument("工作簿里没有可见的工作表。", "The workbook has no visible sheet.")
    grids[0] = replace(grids[0], left_out=(*hidden, *grids[0].left_out))
    return tuple(grids)


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Element]]:
    """Start and end of every element of a part, as many as an honest list can have."""
    with archive.open(part) as stream:
        data = stream.read(MAX_UNPACKED + 1)
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ValueError("a document type declaration")
    events = iterparse(io.BytesIO(data), ("start", "end"))  # noqa: S314 - no DTD is accepted
    for count, event in enumerate(events):
        if count > 2 * MAX_ELEMENTS:
            raise too_large()
        yield event


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """Name, part and visibility of each worksheet, in the order of the tabs."""
    targets = {
        element.attrib["Id"]: element.attrib["Target"]
        for event, element in _elements(archive, "xl/_rels/workbook.xml.rels")
        if event == "end" and local_name(element) == "Relationship"
    }
    sheets = [
        (element.attrib["name"], targets[element.attrib[_RELATION]], element.attrib.get("state", "visible"))
        for event, element in _elements(archive, "xl/workbook.xml")
        if event == "end" and local_name(element) == "sheet"
    ]
    return [
        (name, target.lstrip("/") if target.startswith("/") else f"xl/{target}", state == "visible")
        for name, target, state in sheets
        if "chartsheet" not in target
    ]


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """The workbook's table of texts."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts: list[str] = []
    for event, element in _elements(archive, "xl/sharedStrings.xml"):
        if event == "end" and local_name(element) == "si":
            texts.append(rich_text(element))
            element.clear()
    return texts
