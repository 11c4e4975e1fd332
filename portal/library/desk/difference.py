"""What changes from one edition to another, clause by clause and word by word; for topics field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from knowledge.clause import Clause
from knowledge.edition import Edition, EditionStatus
from knowledge.topic import Topic
from portal.word_changes import WORD, word_changes

from .items.words import item_lines
from .part import Part, name_of, proposed_of

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
LONG = 1500
"""From this many characters on, texts are compared sentence by sentence."""


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


_KINDS = {"same": Kind.SAME, "gone": Kind.REMOVED, "new": Kind.ADDED}


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One change of what stands beside a clause. ``act``: confirmed, added, removed, rejected, proposed."""

    act: str
    text: str


@dataclass(frozen=True, slots=True)
class PartChange:
    """How one clause or item changes: its text and plain words, its topics, its ways of asking."""

    section: str
    heading: str
    kind: Kind
    text: tuple[Words, ...] = ()
    plain: tuple[Words, ...] = ()
    topics: tuple[Mark, ...] = ()
    askings: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """``details`` are the facts of the whole document that change: name, before, after."""

    details: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[PartChange, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.details and not self.parts

    @property
    def texts(self) -> int:
        """How many clauses or items come, go or change their text."""
        return sum(bool(part.text) or part.kind is not Kind.CHANGED for part in self.parts)


DETAILS = (
    "title",
    "document_number",
    "issuer",
    "region",
    "department",
    "issued_on",
    "in_force_from",
    "in_force_to",
    "digest",
    "status",
    "source",
)


def difference(before: Edition | None, after: Edition) -> Difference:
    """What a reader of ``before`` finds changed in ``after``; without ``before`` everything is new."""
    old = {name_of(part): part for part in _parts(before)} if before else {}
    new = {name_of(part): part for part in _parts(after)}
    changes = [_changed(old.get(name), part) for name, part in new.items()]
    gone = [_gone(part) for name, part in old.items() if name not in new]
    return Difference(_details(before, after), tuple(c for c in (*changes, *gone) if c is not None))


def words_between(before: str, after: str) -> tuple[Words, ...]:
    """The words of both texts in order, each run as it stayed, went or came; empty where they are equal."""
    if before == after:
        return ()
    cut = _SENTENCE if max(len(before), len(after)) > LONG else WORD
    return tuple(Words(_KINDS[piece.kind], piece.text) for piece in word_changes(before, after, cut))


def topic_difference(before: Topic | None, after: Topic | None) -> tuple[tuple[str, tuple[Words, ...]], ...]:
    """The fields of a topic that change, each with its words; ways of asking one a line."""
    named = [f.name for f in fields(Topic) if f.name != "id"]
    pairs = ((name, _field(before, name), _field(after, name)) for name in named)
    return tuple((name, words_between(old, new)) for name, old, new in pairs if old != new)


def _field(topic: Topic | None, name: str) -> str:
    value = getattr(topic, name) if topic else ""
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _parts(edition: Edition) -> Iterator[Part]:
    yield from edition.clauses
    yield from edition.items


def _text(part: Part) -> str:
    if isinstance(part, Clause):
        return part.text
    return "\n".join(item_lines(part))


def _changed(old: Part | None, new: Part) -> PartChange | None:
    if old == new:
        return None
    return PartChange(
        name_of(new),
        new.heading if isinstance(new, Clause) else "",
        Kind.CHANGED if old else Kind.ADDED,
        words_between(_text(old) if old else "", _text(new)),
        words_between(_plain(old), _plain(new)),
        _marks(_held(old), _waiting(old), new.topics, proposed_of(new)),
        _marks(old.asked_as if old else (), old.carried if old else (), new.asked_as, new.carried),
    )


def _gone(old: Part) -> PartChange:
    heading = old.heading if isinstance(old, Clause) else ""
    return PartChange(name_of(old), heading, Kind.REMOVED, words_between(_text(old), ""))


def _plain(part: Part | None) -> str:
    return part.plain if isinstance(part, Clause) else ""


def _held(part: Part | None) -> tuple[str, ...]:
    return part.topics if part else ()


def _waiting(part: Part | None) -> tuple[str, ...]:
    return proposed_of(part) if part else ()


def _marks(
    held: Iterable[str], waiting: Iterable[str], now: Iterable[str], proposed: Iterable[str]
) -> tuple[Mark, ...]:
    """What became of the values that were ``held`` and ``waiting``, now that ``now`` are held."""
    held, waiting, now, proposed = tuple(held), tuple(waiting), tuple(now), tuple(proposed)
    came = [Mark("confirmed" if v in waiting else "added", v) for v in now if v not in held]
    went = [Mark("removed", v) for v in held if v not in now]
    turned_down = [Mark("rejected", v) for v in waiting if v not in (*now, *proposed)]
    new = [Mark("proposed", v) for v in proposed if v not in (*waiting, *held)]
    return (*came, *went, *turned_down, *new)


def _details(before: Edition | None, after: Edition) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, _said(getattr(before, name, "")), _said(getattr(after, name))) for name in DETAILS)
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def _said(value: object) -> str:
    if value is True:
        return "摘要"
    return "" if value in (None, False, EditionStatus.CURRENT) else str(value)


def named(parts: Iterable[PartChange], topics: Mapping[str, Topic]) -> tuple[PartChange, ...]:
    """The changes with the topics' names in place of their ids."""

    def name(mark: Mark) -> Mark:
        topic = topics.get(mark.text)
        return Mark(mark.act, topic.name if topic else mark.text)

    return tuple(replace(part, topics=tuple(map(name, part.topics))) for part in parts)
