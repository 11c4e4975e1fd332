"""Importing: a file becomes a draft edition, or nothing changes and one sentence says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from knowledge import record
from knowledge.edition import Edition, InstrumentKind
from knowledge.parse import UnreadableDocument, parse_document
from knowledge.parse.list_edition import list_edition
from knowledge.parse.table import ParsedList, parse_list
from knowledge.proposal import count_proposals
from knowledge.region import AmbiguousRegion, UnknownRegion
from portal import journal

from .annotations import with_annotations
from .details import Details, ImportRefusedError, read_details
from .models import EditionRow, EditionState, Origin, ReleaseEdition, ReleasePointer
from .proposals import with_proposals
from .publication import gaps
from .record import edition_of, keep_edition

MAX_FILE = 50 * 1024 * 1024
FOLDER_LIST = "notices.csv"
MEMORY = "memory"
"""Stands in place of a source where an item was only remembered, not read anywhere."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read: the edition, the file itself, and what the reader noticed."""

    edition: Edition
    file: tuple[str, bytes]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """One draft that an import made; ``row`` is None where the same text is published already.

    ``proposed`` counts the clauses and items for which topics or ways of asking were proposed.
    """

    reading: Reading
    row: EditionRow | None
    gaps: tuple[str, ...] = ()
    proposed: int = 0


def read_document(path: Path, told: Details) -> Reading:
    """A notice or statute in txt, md, html, docx or pdf; what is told wins over what the file says."""
    if told.instrument is None:
        raise ImportRefusedError("请用 --id 给这份文件一个编号，例如 zhanhe。")
    content = read_file(path)
    try:
        parsed = parse_document(content, path.name)
    except UnreadableDocument as error:
        raise ImportRefusedError(f"{path.name}：{error}") from None
    if not parsed.clauses:
        raise ImportRefusedError(f"{path.name} 里没有读到任何文字。")
    told = told.over(
        Details(
            title=parsed.title or None,
            document_number=parsed.document_number or None,
            issuer=parsed.issuer or None,
            issued_on=parsed.issued_on,
        )
    )
    if told.title is None:
        raise ImportRefusedError(f"没有从 {path.name} 里认出标题，请用 --title 写明。")
    edition = Edition(
        instrument=told.instrument or "",
        kind=parsed.kind,
        title=told.title,
        region=told.region or "",
        document_number=told.document_number or "",
        issuer=told.issuer or "",
        department=told.department or "",
        issued_on=told.issued_on,
        in_force_from=told.in_force_from or told.issued_on,
        in_force_to=told.in_force_to,
        source=path.name,
        clauses=parsed.clauses,
    )
    left_out = [f"第 {piece.line} 行未收（{piece.reason}）：{piece.text[:40]}" for piece in parsed.left_out]
    return Reading(edition, (path.name, content), (*parsed.warnings, *left_out))


def read_exemption_list(path: Path, told: Details) -> Reading:
    """An exemption list in csv or xlsx. Items that no source backs are left out and named."""
    content = read_file(path)
    try:
        parsed = parse_list(content, path.name)
        edition = list_edition(parsed, {**told.told(), "id": told.instrument})
    except (UnreadableDocument, UnknownRegion, AmbiguousRegion) as error:
        raise ImportRefusedError(f"{path.name}：{error}") from None
    instrument = read_details({"instrument": edition.instrument}).instrument
    unsourced = [item for item in edition.items if item.source == MEMORY]
    edition = replace(
        edition,
        instrument=instrument or "",
        in_force_from=edition.in_force_from or edition.issued_on,
        source=_list_source(edition, parsed, path.name, told),
        items=tuple(item for item in edition.items if item not in unsourced),
    )
    notes = (
        *parsed.warnings,
        *parsed.left_out,
        *(f"第 {item.number} 项没有来源，未收入：{item.matter}" for item in unsourced),
        _typed(edition),
    )
    return Reading(edition, (path.name, content), notes)


def _list_source(edition: Edition, parsed: ParsedList, name: str, told: Details) -> str:
    """Where a list comes from: its address or title in the file, else the file where it was described."""
    stated = (edition.source, *parsed.source_urls, *parsed.source_titles)
    named = (source for source in stated if source not in ("", MEMORY))
    described = told.title or told.document_number or told.issuer or edition.document_number
    return next(named, name if described else "")


def _typed(edition: Edition) -> str:
    """What share of the conditions has a meaning that the pre-check can judge."""
    conditions = [condition for item in edition.items for condition in item.conditions]
    typed = sum(condition.predicate is not None for condition in conditions)
    return f"适用条件 {len(conditions)} 条，能自动对照的 {typed} 条，其余由执法机关判断。"


def read_folder(folder: Path) -> tuple[Reading, ...]:
    """Every document that the folder's ``notices.csv`` names, or none of them."""
    table = folder / FOLDER_LIST
    if not table.is_file():
        raise ImportRefusedError(f"{folder} 里没有 {FOLDER_LIST}。")
    try:
        rows = list(csv.DictReader(io.StringIO(read_file(table).decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise ImportRefusedError(f"{table.name} 不是 UTF-8 编码的 CSV 文件。") from None
    if not rows:
        raise ImportRefusedError(f"{table.name} 里一份文件也没有列出。")
    readings = []
    for number, row in enumerate(rows, start=2):
        if not row.get("id") or not row.get("file"):
            raise ImportRefusedError(f"{table.name} 第 {number} 行缺少 id 或 file。")
        path = folder / str(row["file"])
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ImportRefusedError(f"{table.name} 第 {number} 行的文件不在这个文件夹里。")
        told = read_details(
            {"instrument": row["id"], **{name: row.get(name) for name in _COLUMNS if name in row}}
        )
        readings.append(read_document(path, told))
    return tuple(readings)


_COLUMNS = (
    "title",
    "document_number",
    "issuer",
    "region",
    "department",
    "issued_on",
    "in_force_from",
    "in_force_to",
)


def draft(session: Session, readings: Sequence[Reading], *, actor: str) -> tuple[Imported, ...]:
    """Keeps what was read as drafts, all in one commit.

    What editors wrote beside the clauses of the edition in force is carried over; for clauses that have
    nothing, topics and ways of asking are proposed. A draft of the same edition that was waiting is
    replaced; a text that is published already makes no new draft.
    """
    imported = tuple(_draft(session, reading, actor) for reading in readings)
    session.commit()
    return imported


def read_file(path: Path) -> bytes:
    """The bytes of a file; ImportRefusedError with one sentence where it cannot be read."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise ImportRefusedError(f"{path.name} 超过 {MAX_FILE // 1024 // 1024} MB。")
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportRefusedError(f"没有找到文件 {path}。") from None
    except OSError:
        raise ImportRefusedError(f"文件 {path} 无法读取。") from None
    if not content.strip():
        raise ImportRefusedError(f"文件 {path.name} 是空的。")
    return content


def _draft(session: Session, reading: Reading, actor: str) -> Imported:
    edition = reading.edition
    shown = _shown(session, edition.instrument)
    before = edition_of(shown[-1]) if shown else None
    if before and (before.kind is InstrumentKind.LIST) != (edition.kind is InstrumentKind.LIST):
        raise ImportRefusedError(f"编号“{edition.instrument}”已用于另一类文件，请换一个编号。")
    annotated = with_annotations(edition, before)
    edition = with_proposals(session, annotated)
    if record.digest(edition) in {row.digest for row in shown}:
        return Imported(reading, None)
    for waiting in _waiting(session, edition):
        waiting.state = EditionState.SUPERSEDED.value
    row = keep_edition(session, edition, origin=Origin.COMMAND_LINE, author=actor, file=reading.file)
    detail = {"digest": row.digest, "file": row.source.sha256 if row.source else None}
    journal.append(session, actor, "edition.drafted", edition.instrument, detail)
    return Imported(reading, row, gaps(row), count_proposals(annotated, edition))


def _shown(session: Session, instrument: str) -> list[EditionRow]:
    """The editions of an instrument that the public sees, the latest last, official texts after summaries."""
    rows = session.scalars(
        select(EditionRow)
        .join(ReleaseEdition, ReleaseEdition.edition_id == EditionRow.id)
        .join(ReleasePointer, ReleasePointer.release == ReleaseEdition.release)
        .where(EditionRow.instrument_id == instrument)
        .options(undefer(EditionRow.content))
    )
    return sorted(rows, key=lambda row: (not row.summary, str(row.in_force_from or row.issued_on or "")))


def _waiting(session: Session, edition: Edition) -> list[EditionRow]:
    rows = session.scalars(
        select(EditionRow).where(
            EditionRow.instrument_id == edition.instrument,
            EditionRow.state == EditionState.DRAFT.value,
            EditionRow.origin == Origin.COMMAND_LINE.value,
        )
    )
    return [row for row in rows if row.in_force_from == edition.in_force_from]
