"""A pending import as its page shows it: what would become the draft, and where everything stands."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from knowledge.clause import Clause
from knowledge.edition import Edition, EditionStatus
from knowledge.exemption import ListItem
from knowledge.parse.document import Line
from portal.library.annotations import with_annotations
from portal.library.desk.difference import Difference, difference
from portal.library.desk.drafts import draft_of, holders
from portal.library.desk.models import Draft
from portal.library.desk.part import name_of
from portal.library.models import EditionRow
from portal.library.page import LONGEST_NUMBER
from portal.library.readings import FileText, Reading

from .drafted import Drafted, drafted, is_below, without
from .fields import Fields
from .limits import limits
from .models import PendingImport

_HEADING = 4
_OPENING = 14  # characters by which a clause is found in the original


@dataclass(frozen=True, slots=True)
class PartRow:
    """One clause or item: whether it comes in, whether one above it is left out, its line, and its page where
    pages are drawn; of an item, whether an editor has put it right, and whether what was typed of it will not
    do yet."""

    part: Clause | ListItem
    dropped: bool
    covered: bool = False
    line: int | None = None
    page: int | None = None
    corrected: bool = False
    wrong: bool = False

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
class PageRow:
    """One page of the original with its lines; one beyond the limit is not ``drawn``."""

    number: int
    lines: tuple[Line, ...]
    drawn: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """``edition`` is what would be drafted; ``found`` its difference from ``base``, the edition that the
    public sees; ``held`` the draft of the same document that is open already, with its ``holders``; ``meant``
    the items of which an editor has said what they mean."""

    values: dict[str, str]
    fields: Fields
    reading: Reading
    edition: Edition
    rows: tuple[PartRow, ...]
    lines: tuple[Line, ...]
    pages: tuple[PageRow, ...]
    columns: tuple[tuple[str, str], ...]
    base: EditionRow | None
    found: Difference | None
    held: Draft | None
    holders: tuple[str, ...]
    other_kind: bool
    meant: frozenset[str]

    @property
    def wrong_rows(self) -> tuple[str, ...]:
        """The items that come in and of which something typed will not do yet."""
        return tuple(row.name for row in self.rows if row.wrong and not row.dropped)

    @property
    def status(self) -> EditionStatus:
        return self.edition.status


def preview(session: Session, pending: PendingImport) -> Preview:
    """What a pending import would become as it now stands."""
    known = drafted(session, pending)
    whole, before = known.reading.edition, known.before
    edition = without(whole, pending.dropped)
    held = draft_of(session, whole.instrument) if whole.instrument else None
    return Preview(
        known.values,
        known.fields,
        known.reading,
        edition,
        tuple(_rows(known, pending.dropped)),
        known.text.lines,
        tuple(_pages(known.text)),
        tuple(known.text.table.columns.items()) if known.text.table else (),
        known.base,
        difference(before, with_annotations(edition, before)) if before else None,
        held,
        holders(session, held) if held else (),
        known.other_kind,
        known.meant,
    )


def _rows(known: Drafted, dropped: Sequence[str]) -> Iterable[PartRow]:
    gone, edition, lines = set(dropped), known.reading.edition, known.text.lines
    texts = [_bare(line.text) for line in lines]
    at = 0
    for clause in edition.clauses:
        opening = _bare(clause.text)[:_OPENING]
        found = next((n for n, text in enumerate(islice(texts, at, None), at) if _opens(text, opening)), None)
        at = at if found is None else found
        line = None if found is None else lines[found].number
        page = bisect_right(known.text.pages, line) if line else None
        yield PartRow(clause, clause.section in gone, is_below(clause.section, gone), line, page or None)
    for item in edition.items:
        row = known.rows[item.number]
        yield PartRow(item, item.number in gone, corrected=row.corrected, wrong=bool(row.errors))


def _pages(text: FileText) -> Iterable[PageRow]:
    shown = text.lines[: limits().shown]
    numbers = [line.number for line in shown]
    ends = (*text.pages[1:], sys.maxsize)
    for number, (first, after) in enumerate(zip(text.pages, ends, strict=False), 1):
        lines = shown[bisect_left(numbers, first) : bisect_left(numbers, after)]
        yield PageRow(number, lines, drawn=number <= limits().pages)


def _opens(line: str, opening: str) -> bool:
    """True for a line in which a clause begins, maybe with no more than its heading."""
    return opening in line or (len(line) >= _HEADING and opening.startswith(line))


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
