"""What a release touches: every clause and list item that comes into force, goes out of it, or reads
otherwise. Pure.

Only what bears on a case counts: the text of a clause; of a list item everything that decides whom it
helps and how. Plain words, topics and ways of asking lead people to the law and are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from knowledge.clause import ClauseRef
from knowledge.edition import Edition, InstrumentKind, in_force
from knowledge.exemption import ListItem
from knowledge.predicate import FirstOffence, leaves
from knowledge.record import digest

from .issue import is_same_issue

Facets = Mapping[str, str]
"""What a clause or item says, by the name of each thing it says."""

TYPED = "typed"
"""The facet of an item that only the pre-check reads: its conditions as they are computed with."""


class TouchKind(StrEnum):
    """``restated``: our digest of a text gave way to the official text of the same issue, or stands in for it
    again. The words are others, and the law is not."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RESTATED = "restated"


@dataclass(frozen=True, slots=True)
class Touch:
    """One clause or item that is not what it was. ``since`` is the first day, today or later, on which it
    differs; ``before`` and ``after`` are the ids of the editions that are in force on that day."""

    document: str
    section: str
    kind: TouchKind
    since: date
    before: int | None = None
    after: int | None = None

    @property
    def ref(self) -> ClauseRef:
        return ClauseRef(self.document, self.section)

    @property
    def is_restated(self) -> bool:
        return self.kind is TouchKind.RESTATED


def is_restatement(was: Edition | None, is_now: Edition | None) -> bool:
    """True where a digest and the official text of one issue, in force from the same day in the same regions,
    take each other's place. Never for a list: its items are referred to by numbers of their own."""
    if was is None or is_now is None or was.digest == is_now.digest:
        return False
    if InstrumentKind.LIST in (was.kind, is_now.kind) or was.items or is_now.items:
        return False
    begins = {edition.in_force_from or edition.issued_on for edition in (was, is_now)}
    return len(begins) == 1 and set(was.regions) == set(is_now.regions) and is_same_issue(was, is_now)


def touch_json(touch: Touch) -> dict[str, Any]:
    """A touch as it is kept."""
    return {
        "document": touch.document,
        "section": touch.section,
        "kind": touch.kind.value,
        "since": touch.since.isoformat(),
        "before": touch.before,
        "after": touch.after,
    }


def touch_from(part: Mapping[str, Any]) -> Touch:
    """The touch that was kept."""
    return Touch(
        part["document"],
        part["section"],
        TouchKind(part["kind"]),
        date.fromisoformat(part["since"]),
        part["before"],
        part["after"],
    )


class Touches:
    """Everything that one release touches, to be asked what of it bears on something."""

    def __init__(self, touches: Iterable[Touch]) -> None:
        self.all = tuple(touches)
        self._own = {touch.ref: touch for touch in self.all}
        self._within: dict[ClauseRef, list[Touch]] = {}
        for touch in self.all:
            for ref in _and_above(touch.ref):
                self._within.setdefault(ref, []).append(touch)

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(touch.document for touch in self.all))

    def of(self, document: str) -> tuple[Touch, ...]:
        return tuple(touch for touch in self.all if touch.document == document)

    def on(self, refs: Iterable[ClauseRef]) -> tuple[Touch, ...]:
        """What bears on someone who rests on ``refs``: the very clause, one below it, or one that it stands
        under; each once, in order."""
        bearing = {touch.ref for ref in refs for touch in self._bearing(ref)}
        return tuple(touch for touch in self.all if touch.ref in bearing)

    def _bearing(self, ref: ClauseRef) -> Iterator[Touch]:
        yield from self._within.get(ref, ())
        yield from (self._own[above] for above in _and_above(ref) if above in self._own)


def touched(before: Mapping[int, Edition], after: Mapping[int, Edition], today: date) -> Touches:
    """What is no longer in force, newly in force or in force with other words, when the editions ``before``
    give way to those ``after``; both by their ids.

    Today counts and every later day on which an edition begins or ends: a change that is published ahead is
    found with its day. What was in force on past days only is left aside.
    """
    ids = {id(edition): number for number, edition in (*before.items(), *after.items())}
    found: dict[ClauseRef, Touch] = {}
    for day in _days((*before.values(), *after.values()), today):
        old, new = in_force(before.values(), day), in_force(after.values(), day)
        for document in dict.fromkeys((*new, *old)):
            was, is_now = old.get(document), new.get(document)
            held = (ids.get(id(was)), ids.get(id(is_now)))
            for section, kind in _differing(was, is_now):
                touch = Touch(document, section, kind, day, *held)
                held_already = found.get(touch.ref)
                if held_already is None or (held_already.is_restated and not touch.is_restated):
                    found[touch.ref] = touch
    return Touches(found.values())


def facets(edition: Edition, section: str) -> Facets | None:
    """What an edition says at a section; None where it has no such section."""
    clause = edition.clause(section)
    if clause is not None:
        return {"text": clause.text, "department": edition.department}
    item = next((i for i in edition.items if i.number == section), None)
    return _item(edition, item) if item is not None else None


def _all_facets(edition: Edition | None) -> dict[str, Facets]:
    if edition is None:
        return {}
    clauses: dict[str, Facets] = {
        c.section: {"text": c.text, "department": edition.department} for c in edition.clauses
    }
    return clauses | {i.number: _item(edition, i) for i in edition.items}


def _item(edition: Edition, item: ListItem) -> Facets:
    return {
        "matter": item.matter,
        "conditions": "\n".join(condition.text for condition in item.conditions),
        TYPED: _typed(edition, item),
        "outcome": item.outcome.value,
        "mandatory": "yes" if item.mandatory else "",
        "violation_basis": item.violation_basis,
        "penalty_basis": item.penalty_basis,
        "measures": item.measures,
        "field": item.field,
        "department": item.department or edition.department,
    }


def _typed(edition: Edition, item: ListItem) -> str:
    """The conditions as the pre-check computes with them; where a first offence counts from the day of the
    list, that day is part of them."""
    predicates = [condition.predicate for condition in item.conditions]
    parts = [part for p in predicates if p is not None for part in leaves(p)]
    since = any(isinstance(part, FirstOffence) and part.since_list for part in parts)
    return digest([*predicates, edition.in_force_from if since else None])


def _differing(was: Edition | None, is_now: Edition | None) -> Iterator[tuple[str, TouchKind]]:
    """The sections in which two editions differ, those of the new one first."""
    if was == is_now:
        return
    old, new = _all_facets(was), _all_facets(is_now)
    if is_restatement(was, is_now):
        yield from (
            (section, TouchKind.RESTATED)
            for section in dict.fromkeys((*new, *old))
            if old.get(section) != new.get(section)
        )
        return
    left = was is not None and is_now is not None and not set(was.regions) <= set(is_now.regions)
    for section, says in new.items():
        if section not in old:
            yield section, TouchKind.ADDED
        elif left or old[section] != says:
            yield section, TouchKind.CHANGED
    yield from ((section, TouchKind.REMOVED) for section in old if section not in new)


def _days(editions: Iterable[Edition], today: date) -> tuple[date, ...]:
    """Today, and the later days on which an edition begins or has just ended."""
    days = {today}
    for edition in editions:
        start, end = edition.in_force_from or edition.issued_on, edition.in_force_to
        days.update(day for day in (start, end + timedelta(days=1) if end else None) if day and day > today)
    return tuple(sorted(days))


def _and_above(ref: ClauseRef) -> Iterator[ClauseRef]:
    """A clause and everything it stands under."""
    section = ref.section
    while section:
        yield ClauseRef(ref.document, section)
        section = section.rpartition("/")[0]
