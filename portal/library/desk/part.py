"""What an editor does to one clause or list item: pure, each act once, each refusing what is no longer so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.exemption import ListItem
from portal.errors import FieldError, FieldErrors, Problem
from portal.policy import policy

Part = Clause | ListItem
Change = Callable[[Part], Part]


class ProposalGone(Problem):
    """Someone else has dealt with the proposal meanwhile."""

    slug = "proposal_gone"


class PlainChanged(Problem):
    """Someone else has rewritten the plain words meanwhile; ``now`` is what they say."""

    slug = "plain_changed"


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The plain words of a clause (白话), in Chinese and in English."""

    chinese: str = ""
    english: str = ""


def name_of(part: Part) -> str:
    """The section of a clause, the number of an item."""
    return part.section if isinstance(part, Clause) else part.number


def proposed_of(part: Part) -> tuple[str, ...]:
    """The topics that are proposed and not yet confirmed; the import proposes none for list items."""
    return part.proposed if isinstance(part, Clause) else ()


def is_open(part: Part) -> bool:
    """True while something proposed for a clause or item waits for a yes or no."""
    return bool(proposed_of(part) or part.carried)


def is_settled(part: Part) -> bool:
    """True where nothing waits and something was confirmed."""
    return not is_open(part) and bool(part.topics or part.asked_as)


def part_of(edition: Edition, name: str) -> Part | None:
    parts: tuple[Part, ...] = (*edition.clauses, *edition.items)
    return next((part for part in parts if name_of(part) == name), None)


def with_part(edition: Edition, part: Part) -> Edition:
    """The edition with ``part`` in the place of the one of the same name."""
    if isinstance(part, Clause):
        clauses = tuple(part if c.section == part.section else c for c in edition.clauses)
        return replace(edition, clauses=clauses)
    return replace(edition, items=tuple(part if i.number == part.number else i for i in edition.items))


def confirm_topic(part: Part, topic: str) -> Part:
    if topic in part.topics:
        return part
    if topic not in proposed_of(part):
        raise ProposalGone
    return add_topic(part, topic)


def reject_topic(part: Part, topic: str) -> Part:
    if topic in part.topics:
        raise ProposalGone
    return _without_proposed(part, topic)


def add_topic(part: Part, topic: str) -> Part:
    if topic not in part.topics and len(part.topics) >= policy().most_topics_of_a_clause:
        raise FieldErrors(errors=[FieldError("topic", "too_many_topics")])
    return replace(_without_proposed(part, topic), topics=_once((*part.topics, topic)))


def remove_topic(part: Part, topic: str) -> Part:
    return replace(part, topics=tuple(t for t in part.topics if t != topic))


def confirm_asking(part: Part, question: str) -> Part:
    if question in part.asked_as:
        return part
    if question not in part.carried:
        raise ProposalGone
    return write_askings(part, [question])


def reject_asking(part: Part, question: str) -> Part:
    if question in part.asked_as:
        raise ProposalGone
    return replace(part, carried=tuple(q for q in part.carried if q != question))


def write_askings(part: Part, questions: Iterable[str]) -> Part:
    """Adds ways of asking; one that was carried over counts as confirmed by it."""
    added = tuple(questions)
    return replace(
        part,
        asked_as=_once((*part.asked_as, *added)),
        carried=tuple(q for q in part.carried if q not in added),
    )


def remove_asking(part: Part, question: str) -> Part:
    return replace(part, asked_as=tuple(q for q in part.asked_as if q != question))


def confirm_all(part: Part) -> Part:
    """Everything that is proposed for a clause or item, at once."""
    for topic in proposed_of(part):
        part = add_topic(part, topic)
    return write_askings(part, part.carried)


def write_plain(part: Part, words: PlainWords, seen: PlainWords) -> Part:
    """Writes the plain words, unless another than the writer of ``seen`` has changed them meanwhile.

    A language that was not touched keeps what stands there now.
    """
    if not isinstance(part, Clause):
        raise FieldErrors(errors=[FieldError("plain", "no_plain_for_items")])
    chinese = _merged(part.plain, words.chinese, seen.chinese)
    english = _merged(part.plain_en, words.english, seen.english)
    return replace(part, plain=chinese, plain_en=english)


def _merged(now: str, typed: str, seen: str) -> str:
    if typed in (seen, now):
        return now
    if now != seen:
        raise PlainChanged(now=now or "（空）")
    return typed


def _without_proposed(part: Part, topic: str) -> Part:
    if not isinstance(part, Clause):
        return part
    return replace(part, proposed=tuple(t for t in part.proposed if t != topic))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
