"""Who must know of what a release changes: the parts of the portal whose records rest on published texts.

They put themselves on the database (``watch``), so that a release made at the desk and one made on the
command line tell them alike, in the release's own transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from portal.calendar import today
from portal.database import Database
from portal.journal import JournalEntry

from .models import EditionRow, ReleaseEdition
from .record import edition_of
from .touch import Touches, touched

if TYPE_CHECKING:
    from portal.accounts.current import SignedIn
    from portal.rules.rule import Resting

CASES = "cases"
"""The kind of stake that is flagged; answers and others are only counted."""
RULES = "rules"
"""The kind of stake that is compared by hand: shipped rules."""
_KEY = "rouwen.watchers"


@dataclass(frozen=True, slots=True)
class Stake:
    """What rests on texts that change: ``count`` records of one ``kind``, each counted once.

    ``documents`` counts them by the document they rest on, ``groups`` by whom they belong to; ``numbers``
    are those that whoever looks may open, the first ones only. ``resting`` are the rules themselves, where
    the records are rules.
    """

    kind: str
    count: int
    documents: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[tuple[str, int], ...] = ()
    numbers: tuple[str, ...] = ()
    resting: tuple[Resting, ...] = ()


@dataclass(frozen=True)
class Step:
    """The step from one release to the next, within the transaction that makes it."""

    session: Session
    before: int
    after: int

    @cached_property
    def touches(self) -> Touches:
        return self.touches_since(self.before)

    def touches_since(self, release: int) -> Touches:
        """What differs from an earlier release."""
        if release not in self._known:
            self._known[release] = touched_between(
                self.session, edition_ids(self.session, release), edition_ids(self.session, self.after)
            )
        return self._known[release]

    @cached_property
    def _known(self) -> dict[int, Touches]:
        return {}


class Watcher(Protocol):
    """A part of the portal whose records rest on published texts."""

    def stake(self, session: Session, touches: Touches, staff: SignedIn) -> Stake:
        """What would be touched; changes nothing. ``staff`` is who looks."""
        ...

    def released(self, step: Step) -> Mapping[str, object]:
        """Takes note of a release; what it gives back stands in the journal with the release.

        It comes before the release's own event, so that no writer is held up in line yet.
        """
        ...


def watch(database: Database, *watchers: Watcher) -> None:
    """From now on the sessions of ``database`` tell ``watchers`` of every release."""
    database.info.setdefault(_KEY, []).extend(watchers)


def watchers_of(session: Session) -> tuple[Watcher, ...]:
    return tuple(session.info.get(_KEY, ()))


def tell(session: Session, before: int | None, after: int) -> dict[str, object]:
    """Tells all who watch of the release ``after``; nothing where it touches nothing."""
    told: dict[str, object] = {}
    if before is None or not (step := Step(session, before, after)).touches:
        return told
    for watcher in watchers_of(session):
        told |= watcher.released(step)
    return told


def flagged_by(session: Session, releases: Collection[int]) -> dict[int, int]:
    """How many cases each of these releases flagged to their officers, as the journal has it."""
    events = session.scalars(
        select(JournalEntry).where(
            JournalEntry.subject.in_([str(number) for number in releases]),
            JournalEntry.act.startswith("release."),
        )
    )
    counts = {int(event.subject): event.detail.get(CASES) for event in events}
    return {number: count for number, count in counts.items() if isinstance(count, int)}


def edition_ids(session: Session, release: int) -> set[int]:
    """The ids of the editions of a release."""
    return set(session.scalars(select(ReleaseEdition.edition_id).where(ReleaseEdition.release == release)))


def touched_between(session: Session, before: Collection[int], after: Collection[int]) -> Touches:
    """What differs between two sets of editions, by their ids; only documents that differ are read."""
    differing = set(before) ^ set(after)
    if not differing:
        return Touches(())
    documents = select(EditionRow.instrument_id).where(EditionRow.id.in_(differing))
    held = select(EditionRow.id).where(EditionRow.instrument_id.in_(documents))
    wanted = set(session.scalars(held)) & {*before, *after}
    rows = session.scalars(
        select(EditionRow).where(EditionRow.id.in_(wanted)).options(undefer(EditionRow.content))
    )
    editions = {row.id: edition_of(row) for row in rows.all()}
    old = {number: edition for number, edition in editions.items() if number in before}
    new = {number: edition for number, edition in editions.items() if number in after}
    return touched(old, new, today())
