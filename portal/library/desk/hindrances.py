"""Why what was approved cannot be published as it stands, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from knowledge.edition import Edition
from portal.library.held import Placed, contents
from portal.library.publication import gaps
from portal.library.record import edition_of, topics_now

from .drafts import is_stale, next_editions
from .items.cases import case_hindrances
from .part import Part, proposed_of
from .topic_changes import is_outdated, open_changes, topic_of, with_changes

if TYPE_CHECKING:
    from .release import Approved


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why the piece of this ``subject`` cannot be published, in one sentence."""

    subject: str
    reason: str


def hindrances(session: Session, ready: Approved, rows: Sequence[Placed]) -> tuple[Hindrance, ...]:
    """Why these pieces cannot be published together as they stand; ``rows`` are the editions that there
    would be."""
    now = topics_now(session)
    found = [Hindrance(draft.subject, gap) for draft in ready.drafts for gap in gaps(draft.edition)]
    found += [
        Hindrance(
            draft.subject,
            f"《{draft.edition.title}》的草稿打开之后已发布了另一版，请编辑更新草稿后重新送审。",
        )
        for draft in ready.drafts
        if is_stale(session, draft)
    ]
    found += [
        Hindrance(draft.subject, reason)
        for draft in ready.drafts
        for reason in case_hindrances(session, draft)
    ]
    found += [
        Hindrance(change.subject, f"话题“{topic_of(change).name}”已发布的内容有变，请编辑更新后重新送审。")
        for change in ready.changes
        if is_outdated(change, now)
    ]
    return (*found, *_unknown_topics(session, ready, rows))


def hindered(session: Session, ready: Approved) -> Mapping[str, tuple[str, ...]]:
    """By their subject, the pieces that are best left out, each with why: the rest can be published.

    What only a hindered piece would bring is missing without it, so that leaving one out may hinder others.
    """
    why: dict[str, tuple[str, ...]] = {}
    while True:
        left = ready.without(why)
        rows = next_editions(session, [draft.edition for draft in left.drafts])
        there = {piece.subject for piece in left.pieces}
        found = [one for one in hindrances(session, left, rows) if one.subject in there]
        if not found:
            return why
        for one in found:
            why[one.subject] = (*why.get(one.subject, ()), one.reason)


def _unknown_topics(session: Session, ready: Approved, rows: Sequence[Placed]) -> Iterator[Hindrance]:
    """Topics that the next release would need and not have: not published yet, or just retired.

    Without a retired topic only what changes is read: the rest stands as it was published.
    """
    now = topics_now(session)
    after = with_changes(now, ready.changes)
    known = {**with_changes(now, open_changes(session)), **now}
    gone = set(now) - set(after)
    retired = {change.topic_id: change.subject for change in ready.changes}

    def lacking(edition: Edition, topic: str, subject: str) -> Hindrance:
        name = known[topic].name if topic in known else topic
        return Hindrance(subject, f"《{edition.title}》用到的话题“{name}”不在这次发布里。")

    composed = {row.id for row in rows}
    for draft in ready.drafts:
        if draft.edition_id in composed:
            edition = edition_of(draft.edition)
            yield from (lacking(edition, t, draft.subject) for t in sorted(_carried(edition) - set(after)))
    changed = {draft.edition_id for draft in ready.drafts}
    for edition in contents(session, [row for row in rows if row.id not in changed]) if gone else []:
        yield from (lacking(edition, topic, retired[topic]) for topic in sorted(_carried(edition) & gone))
    for held in after.values():
        if held.parent and held.parent not in after:
            subject = retired.get(held.parent) or retired.get(held.id) or f"topic:{held.id}"
            yield Hindrance(subject, f"话题“{held.name}”的上级话题不在这次发布里。")


def _carried(edition: Edition) -> set[str]:
    parts: tuple[Part, ...] = (*edition.clauses, *edition.items)
    return {topic for part in parts for topic in (*part.topics, *proposed_of(part))}
