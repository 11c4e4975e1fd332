"""The library as its pages show it: clauses, items and versions made ready for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from knowledge.clause import Clause
from knowledge.edition import Edition, EditionStatus
from knowledge.exemption import ListItem
from portal.errors import NotFound
from portal.library.addresses import section_anchor
from portal.library.reading import DocumentView, Published
from portal.library.touch import TYPED, facets

LONG_CONTENTS = 60
OPENING = 110
LONGEST_NUMBER = 8  # of what is printed before a heading, such as 第二十三章


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause on the page of its document. ``title`` is its heading where its text does not open with it."""

    clause: Clause
    address: str
    title: str

    @property
    def anchor(self) -> str:
        return section_anchor(self.clause.section)

    @property
    def is_title(self) -> bool:
        """True where the clause is a heading and nothing more."""
        text, heading = self.clause.text.rstrip("。"), self.clause.heading
        return bool(heading) and text.endswith(heading) and len(text) <= len(heading) + LONGEST_NUMBER

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.clause.text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Version:
    """One clause or item in one edition; ``same`` tells that it says what the next newer one says. Of an item
    that is everything which decides whom it helps, and ``item`` is it."""

    published: Published
    text: str
    same: bool
    item: ListItem | None = None


def clause_address(document: str, section: str) -> str:
    """The page of one clause or list item."""
    return f"/library/{quote(document, safe='')}/{quote(section, safe='/')}"


def clause_rows(edition: Edition, clauses: Iterable[Clause] | None = None) -> tuple[ClauseRow, ...]:
    """The clauses of an edition, or those given, in document order."""
    return tuple(
        ClauseRow(c, clause_address(edition.instrument, c.section), _title(c))
        for c in (edition.clauses if clauses is None else clauses)
    )


def contents(rows: Sequence[ClauseRow]) -> tuple[ClauseRow, ...]:
    """The rows for the table of contents: two levels, or one where two would be too long."""
    headed = [r for r in rows if r.clause.level <= 2 and (r.clause.heading or r.clause.level == 1)]
    if len(headed) <= LONG_CONTENTS:
        return tuple(headed)
    return tuple(r for r in headed if r.clause.level == 1 and not r.clause.chapter)


def neighbours(sections: Sequence[str], section: str) -> tuple[str, str]:
    """The sections before and after one; empty at the ends."""
    place = sections.index(section)
    before = sections[place - 1] if place else ""
    after = sections[place + 1] if place + 1 < len(sections) else ""
    return before, after


def state(edition: Edition, on: date, *, in_force: bool) -> str:
    """Which state of ``document.*`` in the wording an edition is in on a day."""
    if in_force:
        return "current"
    if edition.status is EditionStatus.DRAFT:
        return "draft"
    if edition.status is EditionStatus.REPEALED:
        return "repealed"
    start = edition.in_force_from or edition.issued_on
    return "not_yet" if start and start > on else "ended"


def text_of(edition: Edition, section: str) -> str:
    """What an edition says at a section: a clause with its children, or an item's matter and conditions."""
    item = item_of(edition, section)
    if item:
        return "\n".join((item.matter, *(condition.text for condition in item.conditions)))
    return edition.full_text(section)


def item_of(edition: Edition, number: str) -> ListItem | None:
    return next((item for item in edition.items if item.number == number), None)


def versions(history: Sequence[Published], section: str) -> tuple[Version, ...]:
    """The editions that hold a section, the newest first."""
    told = [p for p in reversed(history) if holds(p.edition, section)]
    return tuple(
        Version(
            published,
            text_of(published.edition, section),
            place > 0 and says(published.edition, section) == says(told[place - 1].edition, section),
            item_of(published.edition, section),
        )
        for place, published in enumerate(told)
    )


def holds(edition: Edition, section: str) -> bool:
    return item_of(edition, section) is not None or edition.clause(section) is not None


def shown_with(view: DocumentView, section: str) -> Published:
    """The edition that counts on the day, where it has the section; else the latest that has or had it.

    A clause that a newer edition no longer has stays readable at its address. NotFound where none has it.
    """
    held = (p for p in (view.shown, *reversed(view.history)) if holds(p.edition, section))
    found = next(held, None)
    if found is None:
        raise NotFound
    return found


def says(edition: Edition, section: str) -> object:
    """What a reader is told at a section; how the pre-check computes with it is no part of that."""
    if item_of(edition, section) is None:
        return edition.full_text(section)
    return {name: said for name, said in (facets(edition, section) or {}).items() if name != TYPED}


def opening(edition: Edition, clause: Clause) -> str:
    """The first words of a clause, for a list of what was found; a bare number is told by what it holds."""
    text = " ".join(edition.full_text(clause.section).split())
    heading = _title(clause)
    told = f"{heading} {text}" if heading else text
    return told if len(told) <= OPENING else f"{told[:OPENING]}……"


def _title(clause: Clause) -> str:
    opening = clause.text[: len(clause.heading) + 12]
    return clause.heading if clause.heading and clause.heading not in opening else ""
