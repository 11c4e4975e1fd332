"""Flags open cases to their officers when a release changes or repeals what they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from portal import journal
from portal.journal import JournalEntry
from portal.library.touch import Touches
from portal.library.watch import CASES, Stake, Step

from .acts import flag
from .basis import AFFECTED, rests_on
from .models import Application
from .staff_access import readable

if TYPE_CHECKING:
    from portal.accounts.current import SignedIn

SHOWN = 30
"""How many cases are named before a publication."""

_SUBJECT = "application:"
_AT_ONCE = 200


class CaseWatcher:
    """Cases under way, and the texts they rest on."""

    def stake(self, session: Session, touches: Touches, staff: SignedIn) -> Stake:
        allowed = set(session.scalars(select(Application.id).where(readable(staff))))
        documents: Counter[str] = Counter()
        agencies: Counter[str] = Counter()
        numbers = []
        for application in _resting(session, touches):
            changed = {touch.document for touch in touches.on(rests_on(application)) if not touch.is_restated}
            if not changed:
                continue
            documents.update(changed)
            agencies[application.agency.name if application.agency else ""] += 1
            numbers += [application.number] if application.id in allowed else []
        groups = tuple(sorted(agencies.items(), key=lambda pair: (-pair[1], pair[0])))
        return Stake(CASES, agencies.total(), documents, groups, tuple(numbers[:SHOWN]))

    def released(self, step: Step) -> Mapping[str, object]:
        """Leaves an open change with every case that is touched, and an event in its journal.

        An act upon a case holds its row and then stands in line for the journal. So does this: first the
        rows, in the order of their ids, then the line. Whatever an act committed meanwhile is looked at once
        more when we are in line, where no other act can come in between.
        """
        session = step.session
        seen = journal.length(session)
        held = _hold(session, [application.id for application in _resting(session, step.touches)])
        journal.stand_in_line(session)
        late = _moved(session, since=seen, but={application.id for application in held})
        flagged = sum(flag(step, application) for application in (*held, *late))
        return {CASES: flagged} if flagged else {}


def _resting(session: Session, touches: Touches) -> Iterator[Application]:
    """The cases under way that rest on what is touched. What they say is encrypted, so they are looked
    through here rather than in the database."""
    found = _whole(Application.state.in_([state.value for state in AFFECTED]))
    for application in session.scalars(found, execution_options={"yield_per": _AT_ONCE}):
        if touches.on(rests_on(application)):
            yield application


def _hold(session: Session, ids: Collection[int]) -> list[Application]:
    """These cases as they are now, held until the commit."""
    held: list[Application] = []
    for some in _batches(sorted(ids)):
        rows = select(Application.id).where(Application.id.in_(some)).order_by(Application.id)
        session.execute(rows.with_for_update(key_share=True)).all()
        held += _fresh(session, Application.id.in_(some))
    return held


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _moved(session: Session, *, since: int, but: Collection[int]) -> list[Application]:
    """The cases upon which something was done after the first ``since`` events of the journal."""
    subjects = session.scalars(
        select(JournalEntry.subject)
        .where(JournalEntry.number > since, JournalEntry.subject.startswith(_SUBJECT))
        .distinct()
    )
    numbers = [name.removeprefix(_SUBJECT) for name in subjects]
    return [a for a in _fresh(session, Application.number.in_(numbers)) if a.id not in but]


def _fresh(session: Session, which: ColumnElement[bool]) -> list[Application]:
    return list(session.scalars(_whole(which), execution_options={"populate_existing": True}))


def _whole(which: ColumnElement[bool]) -> Select[Application]:
    return (
        select(Application).where(which).options(selectinload(Application.revisions)).order_by(Application.id)
    )
