"""The edition that a pending import would become: as read, as its form names it, put right row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from knowledge.edition import Edition
from portal.library.annotations import with_meanings
from portal.library.desk.drafts import shown_edition
from portal.library.models import EditionRow, InstrumentRow
from portal.library.readings import FileText, Reading, reading_of, typed_share
from portal.library.record import edition_of

from .fields import FIELDS, Fields, read_fields
from .models import PendingImport
from .rows import Row, row_of, typed_rows

_UNNAMED = "import"


@dataclass(frozen=True, slots=True)
class Drafted:
    """``reading`` is the whole file with every row put right, whatever is left out; ``rows`` are its items
    by number, as read and as typed. ``base`` is the edition of the same document that the public sees;
    ``other_kind`` where the id belongs to a document of another kind."""

    text: FileText
    values: dict[str, str]
    fields: Fields
    reading: Reading
    rows: dict[str, Row]
    base: EditionRow | None
    other_kind: bool

    @property
    def before(self) -> Edition | None:
        return edition_of(self.base) if self.base else None

    @property
    def meant(self) -> frozenset[str]:
        """The items of which an editor has said what they mean."""
        return frozenset(number for number, row in self.rows.items() if row.corrected)


def values_of(pending: PendingImport) -> dict[str, str]:
    """The fields as they stand: as typed, else as recognised."""
    told = {**pending.recognised, **pending.corrections}
    return {name: told.get(name, "") for name in FIELDS}


def file_text(pending: PendingImport) -> FileText:
    return FileText.from_json(pending.name, pending.content, pending.said)


def drafted(session: Session, pending: PendingImport) -> Drafted:
    """What a pending import as it now stands would become."""
    text, values = file_text(pending), values_of(pending)
    fields = read_fields(values, is_list=text.table is not None)
    reading = _reading(text, fields)
    instrument = reading.edition.instrument
    known = session.get(InstrumentRow, instrument) if instrument else None
    other_kind = known is not None and (known.kind == "list") != (text.table is not None)
    base = shown_edition(session, instrument) if known and not other_kind else None
    read = with_meanings(reading.edition, edition_of(base) if base else None)
    typed = typed_rows(session, pending)
    rows = {item.number: row_of(item, typed.get(item.number)) for item in read.items}
    edition = replace(read, items=tuple(rows[item.number].item for item in read.items))
    summary = (typed_share(edition),) if text.table else reading.summary
    reading = replace(reading, edition=edition, summary=summary)
    return Drafted(text, values, fields, reading, rows, base, other_kind)


def _reading(text: FileText, fields: Fields) -> Reading:
    """The file read with what the form says; every field of the form holds, an empty one too."""
    told = fields.details
    named = replace(told, instrument=told.instrument or _UNNAMED, title=told.title or _UNNAMED)
    reading = reading_of(text, named)
    region = told.region or ""
    edition = replace(
        reading.edition,
        instrument=told.instrument or "",
        kind=fields.kind,
        title=told.title or "",
        document_number=told.document_number or "",
        issuer=told.issuer or "",
        region=region,
        department=told.department or "",
        issued_on=told.issued_on,
        in_force_from=told.in_force_from or told.issued_on,
        in_force_to=told.in_force_to,
        items=tuple(replace(item, region=region) for item in reading.edition.items),
    )
    return replace(reading, edition=edition)


def without(edition: Edition, dropped: Sequence[str]) -> Edition:
    """The edition without the clauses and items named, nor what stands below these clauses."""
    gone = set(dropped)
    return replace(
        edition,
        clauses=tuple(c for c in edition.clauses if c.section not in gone and not is_below(c.section, gone)),
        items=tuple(i for i in edition.items if i.number not in gone),
    )


def is_below(section: str, gone: Iterable[str]) -> bool:
    """True for a clause that stands below one of those named."""
    return any(section.startswith(f"{above}/") for above in gone)
