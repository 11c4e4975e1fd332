"""Acts on the clauses and items of a draft: one commit and one journal event each.

Two editors may work on one document: an act is tried again on what the other has just written, and
refused only where both mean the same proposal or the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from knowledge.clause import Clause, ClauseRef
from knowledge.edition import Edition
from portal.errors import NotFound
from portal.library.record import edition_of

from . import part as parts
from .acting import Entry, act_on_draft
from .drafts import write_edition
from .models import Draft
from .part import Change, Part, PlainWords, part_of, with_part

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Annotation:
    """What an editor does to one clause or item: how it changes, and how the journal tells it."""

    act: str
    change: Change
    detail: Mapping[str, object] = field(default_factory=dict)


def confirm_topic(topic: str) -> Annotation:
    return Annotation("topic_confirmed", lambda p: parts.confirm_topic(p, topic), {"topic": topic})


def reject_topic(topic: str) -> Annotation:
    return Annotation("topic_rejected", lambda p: parts.reject_topic(p, topic), {"topic": topic})


def add_topic(topic: str) -> Annotation:
    return Annotation("topic_added", lambda p: parts.add_topic(p, topic), {"topic": topic})


def remove_topic(topic: str) -> Annotation:
    return Annotation("topic_removed", lambda p: parts.remove_topic(p, topic), {"topic": topic})


def confirm_asking(question: str) -> Annotation:
    return Annotation("asking_confirmed", lambda p: parts.confirm_asking(p, question), {"asked_as": question})


def reject_asking(question: str) -> Annotation:
    return Annotation("asking_rejected", lambda p: parts.reject_asking(p, question), {"asked_as": question})


def remove_asking(question: str) -> Annotation:
    return Annotation("asking_removed", lambda p: parts.remove_asking(p, question), {"asked_as": question})


def write_askings(questions: Iterable[str]) -> Annotation:
    """Ways of asking in the editor's own words."""
    added = tuple(questions)
    return Annotation("askings_written", lambda p: parts.write_askings(p, added), {"asked_as": list(added)})


def write_plain(words: PlainWords, seen: PlainWords) -> Annotation:
    """Plain words; ``seen`` are those that the editor had before the eyes."""
    detail = {"plain": words.chinese, "plain_en": words.english}
    return Annotation("plain_written", lambda p: parts.write_plain(p, words, seen), detail)


def confirm_all() -> Annotation:
    """Everything that is proposed for one clause or item."""
    return Annotation("all_confirmed", parts.confirm_all)


def annotate(session: Session, place: ClauseRef, annotation: Annotation, *, actor: str) -> Part:
    """Changes one clause or item of the draft; NotFound where there is none of that name."""

    def on_edition(_draft: Draft, edition: Edition) -> Edition:
        part = part_of(edition, place.section)
        if part is None:
            raise NotFound
        return with_part(edition, annotation.change(part))

    def told() -> Entry:
        return Entry(f"clause.{annotation.act}", str(place)[:LONGEST_SUBJECT], annotation.detail)

    changed = part_of(_change(session, place.document, on_edition, told, actor=actor), place.section)
    assert changed is not None
    return changed


def confirm_above(session: Session, instrument: str, certainty: float, *, actor: str) -> int:
    """Confirms what is proposed with at least this certainty; how many clauses that were.

    The ways of asking of a clause are as certain as the most certain topic proposed for it.
    """
    confirmed: list[str] = []

    def on_edition(draft: Draft, edition: Edition) -> Edition:
        confirmed.clear()
        for clause in edition.clauses:
            changed = _above(clause, draft.certainties.get(clause.section, {}), certainty)
            if changed != clause:
                edition = with_part(edition, changed)
                confirmed.append(clause.section)
        return edition

    def told() -> Entry:
        detail = {"certainty": certainty, "sections": list(confirmed)}
        return Entry("draft.confirmed_above", instrument, detail)

    _change(session, instrument, on_edition, told, actor=actor)
    return len(confirmed)


def _above(clause: Clause, chances: Mapping[str, float], certainty: float) -> Part:
    sure = [topic for topic in clause.proposed if chances.get(topic, 0) >= certainty]
    part: Part = clause
    for topic in sure:
        part = parts.confirm_topic(part, topic)
    return parts.write_askings(part, part.carried) if sure else part


def _change(
    session: Session,
    instrument: str,
    change: Callable[[Draft, Edition], Edition],
    told: Callable[[], Entry],
    *,
    actor: str,
) -> Edition:
    """One change of the draft, tried anew when another editor was quicker; nothing where nothing changes."""
    now: list[Edition] = []

    def act(draft: Draft) -> Entry | None:
        before = edition_of(draft.edition)
        after = change(draft, before)
        now[:] = [after]
        if after == before:
            return None
        write_edition(draft, after)
        return told()

    act_on_draft(session, instrument, act, actor=actor)
    return now[0]
