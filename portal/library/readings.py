"""Readings: the bytes of a file become an edition, or one sentence says why they do not.

Whatever door a file comes by, it is read here: a path on the command line, an upload, pasted text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, TypeVar

from knowledge import record
from knowledge.edition import Edition
from knowledge.parse import UnreadableDocument, parse_source
from knowledge.parse.active import without_scripts
from knowledge.parse.document import Line, ParsedDocument
from knowledge.parse.form import is_list
from knowledge.parse.list_edition import list_edition
from knowledge.parse.source import read
from knowledge.parse.table import ParsedList, parse_list
from knowledge.region import AmbiguousRegion, UnknownRegion

from .details import Details, ImportRefusedError, read_details

MEMORY = "memory"
"""Stands in place of a source where an item was only remembered, not read anywhere."""
_PAGES = (".html", ".htm", ".xhtml")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file says, before anyone has said anything of it: clauses with the lines they stand in, or a
    list. ``content`` is what is kept of the file; ``remarks`` say what was taken out of it; ``pages`` are
    the first lines of the pages of a file that has pages to be drawn."""

    name: str
    content: bytes
    document: ParsedDocument | None = None
    table: ParsedList | None = None
    lines: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All but the file itself, as plain JSON values."""
        told = (
            ("document", self.document),
            ("table", self.table),
            ("lines", self.lines),
            ("pages", self.pages),
        )
        return {"remarks": list(self.remarks), **{name: record.to_json(v) for name, v in told if v}}

    @classmethod
    def from_json(cls, name: str, content: bytes, told: dict[str, Any]) -> FileText:
        return cls(
            name,
            content,
            record.from_json(ParsedDocument | None, told.get("document")),
            record.from_json(ParsedList | None, told.get("table")),
            record.from_json(tuple[Line, ...], told.get("lines", [])),
            tuple(told["remarks"]),
            tuple(told.get("pages", ())),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read: the edition, the file itself, and what the reader noticed."""

    edition: Edition
    file: tuple[str, bytes]
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.warnings, *self.left_out, *self.summary)


def text_of(name: str, content: bytes) -> FileText:
    """What a file says, as a document or a list by its content; ImportRefusedError with one sentence."""
    return list_text(name, content) if is_list(content, name) else document_text(name, content)


def document_text(name: str, content: bytes) -> FileText:
    """A notice or statute in txt, md, html, docx or pdf."""
    kept, remarks = _harmless(name, content)
    source = _told(name, lambda: read(content, name))
    parsed = parse_source(source)
    if not parsed.clauses:
        raise ImportRefusedError(f"{name} 里没有读到任何文字。")
    text = FileText(name, kept, parsed, lines=source.lines, remarks=remarks, pages=source.pages)
    return _storable(text)


def list_text(name: str, content: bytes) -> FileText:
    """An exemption list in csv or xlsx."""
    return _storable(FileText(name, content, table=_told(name, lambda: parse_list(content, name))))


def reading_of(text: FileText, told: Details) -> Reading:
    """The edition that a file makes with what is told of it; what is told wins over what the file says."""
    return _list_reading(text, text.table, told) if text.table else _document_reading(text, told)


def _document_reading(text: FileText, told: Details) -> Reading:
    parsed = text.document
    assert parsed is not None
    told = told.over(
        Details(
            title=parsed.title or None,
            document_number=parsed.document_number or None,
            issuer=parsed.issuer or None,
            issued_on=parsed.issued_on,
        )
    )
    edition = Edition(
        instrument=told.instrument or "",
        kind=parsed.kind,
        title=told.title or "",
        region=told.region or "",
        document_number=told.document_number or "",
        issuer=told.issuer or "",
        department=told.department or "",
        issued_on=told.issued_on,
        in_force_from=told.in_force_from or told.issued_on,
        in_force_to=told.in_force_to,
        source=text.name,
        clauses=parsed.clauses,
    )
    left_out = (f"第 {piece.line} 行未收（{piece.reason}）：{piece.text[:40]}" for piece in parsed.left_out)
    warnings = (*text.remarks, *parsed.warnings)
    return Reading(edition, (text.name, text.content), warnings, tuple(left_out))


def _list_reading(text: FileText, parsed: ParsedList, told: Details) -> Reading:
    edition = _told(text.name, lambda: list_edition(parsed, {**told.told(), "id": told.instrument}))
    instrument = read_details({"instrument": edition.instrument}).instrument
    unsourced = [item for item in edition.items if item.source == MEMORY]
    edition = replace(
        edition,
        instrument=instrument or "",
        in_force_from=edition.in_force_from or edition.issued_on,
        source=_list_source(edition, parsed, text.name, told),
        items=tuple(item for item in edition.items if item not in unsourced),
    )
    left_out = (
        *parsed.left_out,
        *(f"第 {item.number} 项没有来源，未收入：{item.matter}" for item in unsourced),
    )
    return Reading(edition, (text.name, text.content), parsed.warnings, left_out, (typed_share(edition),))


def _list_source(edition: Edition, parsed: ParsedList, name: str, told: Details) -> str:
    """Where a list comes from: its address or title in the file, else the file where it was described."""
    stated = (edition.source, *parsed.source_urls, *parsed.source_titles)
    named = (source for source in stated if source not in ("", MEMORY))
    described = told.title or told.document_number or told.issuer or edition.document_number
    return next(named, name if described else "")


def typed_share(edition: Edition) -> str:
    """What share of the conditions has a meaning that the pre-check can judge."""
    conditions = [condition for item in edition.items for condition in item.conditions]
    typed = sum(condition.predicate is not None for condition in conditions)
    return f"适用条件 {len(conditions)} 条，能自动对照的 {typed} 条，其余由执法机关判断。"


def _told(name: str, act: Callable[[], Read]) -> Read:
    """The outcome of reading; what the reader refuses is told with the file's name before it."""
    try:
        return act()
    except (UnreadableDocument, UnknownRegion, AmbiguousRegion) as error:
        raise ImportRefusedError(f"{name}：{error}") from None


def _harmless(name: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """What is kept of a file: of a web page everything but what acts in it."""
    if PurePath(name).suffix.lower() not in _PAGES:
        return content, ()
    kept, gone = _told(name, lambda: without_scripts(content))
    return kept, (f"网页里的脚本、框架等 {gone} 处已去掉，没有保存。",) if gone else ()


def _storable(text: FileText) -> FileText:
    if "\\u0000" in json.dumps(text.to_json()):
        raise ImportRefusedError(f"{text.name}：文件里有看不见的控制字符，请另存为文本后再导入。")
    return text
