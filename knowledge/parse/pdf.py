"""PDF documents into lines, from their text layer: paragraphs by indentation, page margins left out."""

from __future__ import annotations

import io
import re
import time
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .document import LeftOut, Line, Reason, Source
from .errors import MAX_CHARACTERS, UnreadableDocument, damaged, too_complex
from .lines import terminated, tight

_MAX_PAGES = 500
_MAX_SECONDS = 60.0
_MAX_STREAM = 32 * 1024 * 1024  # what one compressed stream, images apart, may unpack to
_MAX_UNPACKED = 192 * 1024 * 1024
_FEW = 8  # characters a page: fewer is a scanned page with a stamp, not text
_EDGE = 0.12  # the share of a page's height in which a header or footer stands
_PAGE_NUMBER = re.compile(
    r"[-－—–―·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-－—–―·\s]*"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line of a page."""

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    height: float  # of its page


def read_pdf(content: bytes) -> Source:
    """Lines in reading order, counted through all pages; broken sentences are marked to be joined."""
    _check_size(content)
    rows, pages = _rows(content)
    left: list[LeftOut] = []
    numbered = list(enumerate(rows, 1))
    margins = _margins(rows)
    body = []
    for number, row in numbered:
        reason = _margin(row, margins)
        if reason:
            left.append(LeftOut(number, row.text, reason))
        else:
            body.append((number, row))
    return Source(tuple(_lines(body)), tuple(left), pages=tuple(_beginnings(rows, pages)))


def _beginnings(rows: Sequence[_Row], pages: int) -> Iterator[int]:
    """The number of the line with which each page begins; of one without text, of the line after it."""
    held = [row.page for row in rows]
    return (bisect_left(held, page) + 1 for page in range(pages))


def _check_size(content: bytes) -> None:
    """Refuses a file whose compressed streams unpack to an unreasonable size, before anything reads them."""
    total = 0
    for found in re.finditer(rb"stream\r?\n", content):
        if content[max(0, found.start() - 3) : found.start()] == b"end":
            continue
        described = content[max(0, found.start() - 1024) : found.start()]
        described = described[described.rfind(b" obj") + 1 :]
        if b"FlateDecode" not in described or b"/Image" in described:
            continue
        total += _unpacked(content[found.end() :], _MAX_STREAM + 1)
        if total > _MAX_UNPACKED:
            break
    else:
        return
    raise too_complex()


def _unpacked(data: bytes, most: int) -> int:
    size, unpack = 0, zlib.decompressobj()
    rest = data
    try:
        while rest and not unpack.eof:
            size += len(unpack.decompress(rest[:65536], 1 << 20))
            rest = unpack.unconsumed_tail + rest[65536:]
            if size > most:
                raise too_complex()
    except zlib.error:
        return size  # encrypted or damaged: the reader itself will say
    return size


def _rows(content: bytes) -> tuple[list[_Row], int]:
    """The printed lines of all pages, and how many pages those are."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > _MAX_PAGES:
                raise too_complex()
            return _read_pages(document.pages), len(document.pages)
    except UnreadableDocument:
        raise
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise UnreadableDocument(
                "PDF 文件已加密，请去掉密码后再导入。",
                "The PDF is encrypted; remove the password and try again.",
            ) from None
        raise damaged("PDF 文件", "PDF") from None
    except Exception:  # a damaged PDF can fail anywhere in the reader, with any error
        raise damaged("PDF 文件", "PDF") from None


def _read_pages(pages: Sequence[Any]) -> list[_Row]:
    rows: list[_Row] = []
    started, characters, unmapped = time.monotonic(), 0, 0
    for number, page in enumerate(pages):
        for line in page.extract_text_lines(strip=True, return_chars=False, x_tolerance_ratio=0.6):
            text = tight(line["text"])
            characters += len(text)
            unmapped += len(re.findall(r"\(cid:\d+\)|\ufffd", text))
            rows.append(
                _Row(number, text, line["x0"], line["x1"], line["top"], line["bottom"], float(page.height))
            )
        page.close()  # what a page has cached is freed at once
        if time.monotonic() - started > _MAX_SECONDS or characters > MAX_CHARACTERS:
            raise too_complex()
    if characters < _FEW * max(len(pages), 1):
        raise UnreadableDocument(
            "PDF 没有文字层（可能是扫描件），请先做文字识别。",
            "The PDF has no text layer (it may be a scan); run text recognition first.",
        )
    if unmapped * 20 > characters:
        raise UnreadableDocument(
            "PDF 的字体没有文字编码，无法取出文字，请换用 Word 版。",
            "The PDF's fonts carry no character codes, so it has no usable text; use the Word version.",
        )
    return rows


def _margins(rows: Sequence[_Row]) -> Counter[str]:
    """Texts that stand at the edge of several pages, their numbers set aside."""
    edges = {(row.page, _pattern(row.text)) for row in rows if _at_edge(row)}
    return Counter(pattern for _, pattern in edges)


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _at_edge(row: _Row) -> bool:
    return row.top < row.height * _EDGE or row.bottom > row.height * (1 - _EDGE)


def _margin(row: _Row, margins: Counter[str]) -> Reason | None:
    if not _at_edge(row):
        return None
    if _PAGE_NUMBER.fullmatch(row.text):
        return Reason.PAGE_NUMBER
    repeated = margins[_pattern(row.text)] >= 3 and len(row.text) <= 60
    return Reason.PAGE_MARGIN if repeated else None


def _lines(rows: Sequence[tuple[int, _Row]]) -> Iterator[Line]:
    """Lines with what the layout shows: an indented one starts a paragraph, one below a full one goes on."""
    if not rows:
        return
    sizes = [row.bottom - row.top for _, row in rows]
    size = median(sizes)
    starts = Counter(round(row.left) for _, row in rows)
    margin = min((x for x, count in starts.items() if count >= max(2, len(rows) // 20)), default=min(starts))
    edge = max(row.right for _, row in rows)
    indents = sum(row.left > margin + 1.2 * size for _, row in rows) * 20 > len(rows)
    before: _Row | None = None
    for number, row in rows:
        joins: bool | None = None
        if before is not None:
            indented = row.left > margin + 1.2 * size
            full = before.right > edge - 3 * size or (
                not terminated(before.text) and before.right > margin + 0.6 * (edge - margin)
            )
            joins = full and not indented and (indents or not terminated(before.text))
        yield Line(number, row.text, joins=joins)
        before = row
