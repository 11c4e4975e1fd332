"""Importing: a file becomes a draft edition, or nothing changes and one sentence says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from knowledge import record
from knowledge.edition import Edition, InstrumentKind
from knowledge.proposal import count_proposals
from portal import journal

from .annotations import with_annotations, with_meanings
from .details import Details, ImportRefusedError, read_details
from .models import EditionRow, EditionState, Origin, ReleaseEdition, ReleasePointer
from .proposals import with_proposals
from .publication import gaps
from .readings import Reading, document_text, list_text, reading_of
from .record import edition_of, keep_edition

MAX_FILE = 50 * 1024 * 1024
FOLDER_LIST = "notices.csv"


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
    text = document_text(path.name, read_file(path))
    if told.title is None and not (text.document and text.document.title):
        raise ImportRefusedError(f"没有从 {path.name} 里认出标题，请用 --title 写明。")
    return reading_of(text, told)


def read_exemption_list(path: Path, told: Details) -> Reading:
    """An exemption list in csv or xlsx. Items that no source backs are left out and named."""
    return reading_of(list_text(path.name, read_file(path)), told)


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
    annotated = with_annotations(with_meanings(edition, before), before)
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
