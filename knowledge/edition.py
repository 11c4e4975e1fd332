"""Instruments and their dated editions: what was in force on which day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .clause import Clause, ClauseRef
from .exemption import ListItem


class InstrumentKind(StrEnum):
    NOTICE = "notice"
    STATUTE = "statute"
    LIST = "list"


class EditionStatus(StrEnum):
    """What the source says of itself; a draft or a repealed text is never in force."""

    CURRENT = "current"
    DRAFT = "draft"
    REPEALED = "repealed"


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated text of an instrument; ``instrument`` is the id shared by all its editions.

    ``region`` is a path from the nation down (``全国`` or ``河南省/平顶山市/湛河区``);
    several regions of one list are separated by ``、``. ``digest`` marks a summary in our own
    words (摘要) that an official text under the same id supersedes.
    """

    instrument: str
    kind: InstrumentKind
    title: str
    region: str
    document_number: str = ""
    issuer: str = ""
    department: str = ""
    issued_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    digest: bool = False
    status: EditionStatus = EditionStatus.CURRENT
    source: str = ""
    clauses: tuple[Clause, ...] = ()
    items: tuple[ListItem, ...] = ()

    def clause(self, section: str) -> Clause | None:
        return next((c for c in self.clauses if c.section == section), None)

    def children(self, section: str) -> tuple[Clause, ...]:
        """Every clause below ``section``, in document order."""
        return tuple(c for c in self.clauses if c.section.startswith(section + "/"))

    def full_text(self, section: str) -> str:
        """A clause as shown or cited: its own text, then its children's (contract, section paths)."""
        own = [c.text for c in self.clauses if c.section == section]
        return "\n".join([*own, *(c.text for c in self.children(section))])

    def ref(self, section: str) -> ClauseRef:
        return ClauseRef(self.instrument, section)

    @property
    def regions(self) -> tuple[str, ...]:
        return regions_of(self.region)

    def holds(self, on: date) -> bool:
        """True when ``on`` lies in this edition's period of force, both ends included."""
        if self.status is not EditionStatus.CURRENT:
            return False
        start = self.in_force_from or self.issued_on
        return (start is None or start <= on) and (self.in_force_to is None or on <= self.in_force_to)


def regions_of(region: str) -> tuple[str, ...]:
    """The region paths that one text names."""
    return tuple(part for part in region.split("、") if part)


def in_force(editions: Iterable[Edition], on: date) -> dict[str, Edition]:
    """The edition in force on a day, by instrument.

    The latest whose period holds the day wins; an official text beats a digest.
    """
    chosen: dict[str, Edition] = {}
    for edition in editions:
        if not edition.holds(on):
            continue
        rival = chosen.get(edition.instrument)
        if rival is None or _rank(edition) >= _rank(rival):
            chosen[edition.instrument] = edition
    return chosen


def _rank(edition: Edition) -> tuple[bool, date]:
    return (not edition.digest, edition.in_force_from or edition.issued_on or date.min)
