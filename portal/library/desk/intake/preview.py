"""A pending import as its page shows it: what would become the draft, and where everything stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy.orm import Session

from knowledge.clause import Clause
from knowledge.edition import Edition, EditionStatus
from knowledge.exemption import ListItem
from knowledge.parse.document import Line
from portal.library.annotations import with_annotations, with_meanings
from portal.library.desk.difference import Difference, difference
from portal.library.desk.drafts import draft_of, holders, shown_edition
from portal.library.desk.models import Draft
from portal.library.desk.part import name_of
from portal.library.models import EditionRow, InstrumentRow
from portal.library.page import LONGEST_NUMBER
from portal.library.readings import FileText, Reading, reading_of
from portal.library.record import edition_of

from .fields import FIELDS, Fields, read_fields
from .models import PendingImport

_UNNAMED = "import"
_HEADING = 4
_OPENING = 14  # characters by which a clause is found in the original


@dataclass(frozen=True, slots=True)
class PartRow:
    """One clause or item: whether it comes in, whether one above it is left out, and its line."""

    part: Clause | ListItem
    dropped: bool
    covered: bool = False
    line: int | None = None

    @property
    def name(self) -> str:
        return name_of(self.part)

    @property
    def level(self) -> int:
        return self.part.level if isinstance(self.part, Clause) else 1

    @property
    def is_title(self) -> bool:
        """True where a clause is its heading and nothing more."""
        if not isinstance(self.part, Clause) or not self.part.heading:
            return False
        text, heading = self.part.text.rstrip("。"), self.part.heading
        return text.endswith(heading) and len(text) <= len(heading) + LONGEST_NUMBER


@dataclass(frozen=True, slots=True)
class Preview:
    """``edition`` is what would be drafted; ``found`` its difference from ``base``, the edition that the
    public sees; ``held`` the draft of the same document that is open already, with its ``holders``."""

    values: dict[str, str]
    fields: Fields
    reading: Reading
    edition: Edition
    rows: tuple[PartRow, ...]
    lines: tuple[Line, ...]
    columns: tuple[tuple[str, str], ...]
    base: EditionRow | None
    found: Difference | None
    held: Draft | None
    holders: tuple[str, ...]
    other_kind: bool

    @property
    def status(self) -> EditionStatus:
        return self.edition.status


def values_of(pending: PendingImport) -> dict[str, str]:
    """The fields as they stand: as typed, else as recognised."""
    told = {**pending.recognised, **pending.corrections}
    return {name: told.get(name, "") for name in FIELDS}


def file_text(pending: PendingImport) -> FileText:
    return FileText.from_json(pending.name, pending.content, pending.said)


def preview(session: Session, pending: PendingImport) -> Preview:
    """What a pending import would become as it now stands."""
    text, values = file_text(pending), values_of(pending)
    fields = read_fields(values, is_list=text.table is not None)
    reading = _reading(text, fields)
    edition = without(reading.edition, pending.dropped)
    instrument = edition.instrument
    base = shown_edition(session, instrument) if instrument else None
    known = session.get(InstrumentRow, instrument) if instrument else None
    other_kind = known is not None and (known.kind == "list") != (text.table is not None)
    held = draft_of(session, instrument) if instrument else None
    before = edition_of(base) if base and not other_kind else None
    return Preview(
        values,
        fields,
        reading,
        edition,
        tuple(_rows(reading.edition, pending.dropped, text.lines)),
        text.lines,
        tuple(text.table.columns.items()) if text.table else (),
        base if before else None,
        difference(before, with_annotations(with_meanings(edition, before), before)) if before else None,
        held,
        holders(session, held) if held else (),
        other_kind,
    )


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
        clauses=tuple(c for c in edition.clauses if c.section not in gone and not _below(c.section, gone)),
        items=tuple(i for i in edition.items if i.number not in gone),
    )


def _below(section: str, gone: Iterable[str]) -> bool:
    return any(section.startswith(f"{above}/") for above in gone)


def _rows(edition: Edition, dropped: Sequence[str], lines: Sequence[Line]) -> Iterable[PartRow]:
    gone = set(dropped)
    texts = [_bare(line.text) for line in lines]
    at = 0
    for clause in edition.clauses:
        opening = _bare(clause.text)[:_OPENING]
        found = next((n for n, text in enumerate(islice(texts, at, None), at) if _opens(text, opening)), None)
        at = at if found is None else found
        line = None if found is None else lines[found].number
        yield PartRow(clause, clause.section in gone, _below(clause.section, gone), line)
    for item in edition.items:
        yield PartRow(item, item.number in gone)


def _opens(line: str, opening: str) -> bool:
    """True for a line in which a clause begins, maybe with no more than its heading."""
    return opening in line or (len(line) >= _HEADING and opening.startswith(line))


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
