"""What a publication would touch, before it is done: for the public, for open cases, for past answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.current import SignedIn
from portal.calendar import today
from portal.library.models import EditionRow
from portal.library.record import current_release
from portal.library.touch import Touch, Touches, TouchKind
from portal.library.watch import Stake, edition_ids, touched_between, watchers_of
from portal.rules.groups import Group, groups_before
from portal.rules.watching import resting_on
from portal.wording import Language

from .drafts import next_editions
from .models import Draft

NONE = Stake("", 0)


@dataclass(frozen=True, slots=True)
class DocumentImpact:
    """What changes in one document, and how many ``stakes`` of each kind rest on it."""

    document: str
    title: str
    touches: tuple[Touch, ...]
    stakes: Mapping[str, int]

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many clauses and items come, go and change; only what there is."""
        found = Counter(touch.kind for touch in self.touches)
        return tuple((kind.value, found[kind]) for kind in TouchKind if found[kind])

    @property
    def ahead(self) -> date | None:
        """The first day on which anything changes, where that is not today."""
        first = min(touch.since for touch in self.touches)
        return first if first > today() else None


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that a release would touch; ``rules`` are the shipped rules that rest on it, with the old
    and new words."""

    documents: tuple[DocumentImpact, ...] = ()
    stakes: Mapping[str, Stake] = field(default_factory=dict)
    rules: tuple[Group, ...] = ()

    def of(self, document: str) -> DocumentImpact | None:
        return next((found for found in self.documents if found.document == document), None)

    def stake(self, kind: str) -> Stake:
        return self.stakes.get(kind, NONE)


def impact_of(
    session: Session, editions: Collection[int], staff: SignedIn, language: Language = Language.CHINESE
) -> Impact:
    """What a release of these editions, by their ids, would touch; ``staff`` is who looks."""
    current = current_release(session)
    if current is None:
        return Impact()
    touches = touched_between(session, edition_ids(session, current.number), editions)
    if not touches:
        return Impact()
    stakes = [watcher.stake(session, touches, staff) for watcher in watchers_of(session)]
    titles = _titles(session, touches)
    return Impact(
        tuple(
            DocumentImpact(
                document,
                titles[document],
                touches.of(document),
                {stake.kind: stake.documents.get(document, 0) for stake in stakes},
            )
            for document in touches.documents
        ),
        {stake.kind: stake for stake in stakes},
        groups_before(session, (held for stake in stakes for held in stake.resting), language),
    )


def rules_under(session: Session, draft: Draft, language: Language) -> tuple[Group, ...]:
    """The shipped rules that rest on what this draft alone would change."""
    current = current_release(session)
    if current is None:
        return ()
    rows = next_editions(session, [draft.edition])
    touches = touched_between(session, edition_ids(session, current.number), [row.id for row in rows])
    return groups_before(session, resting_on(touches), language)


def _titles(session: Session, touches: Touches) -> dict[str, str]:
    """What each document is called, by the edition that comes where there is one."""
    ids = {touch.document: touch.after or touch.before for touch in touches.all}
    rows = session.execute(select(EditionRow.id, EditionRow.title).where(EditionRow.id.in_(ids.values())))
    titles = {row.id: row.title for row in rows}
    return {document: titles[number] for document, number in ids.items() if number is not None}
