"""Topics on the desk: new ones, changes, and retiring one. Each waits for a release, as editions do."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knowledge import record
from knowledge.topic import Topic, lineage
from portal import journal
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.library.models import EditionState
from portal.library.record import edition_of, editions_now, topics_now

from .drafts import DraftMoved, sign
from .models import Draft, TopicAct, TopicChange

ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
FREE_TEXT = {"name": 40, "explanation": 500, "name_en": 80, "explanation_en": 1000}
ASKING = 200
ASKINGS = 200
ATTEMPTS = 5


class TopicChanged(Problem):
    """Another editor has changed the same fields meanwhile; ``fields`` names them."""

    slug = "topic_changed"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A clause or item that carries a topic, and whether only a draft says so."""

    document: str
    section: str
    draft: bool


def change_of(session: Session, topic_id: str) -> TopicChange | None:
    """The open change of a topic."""
    return session.scalar(select(TopicChange).where(TopicChange.open_for == topic_id))


def open_changes(session: Session) -> list[TopicChange]:
    return list(
        session.scalars(select(TopicChange).where(TopicChange.open_for.is_not(None)).order_by(TopicChange.id))
    )


def topic_of(change: TopicChange) -> Topic:
    return cast(Topic, record.from_json(Topic, change.content))


def topics_on_desk(session: Session) -> dict[str, Topic]:
    """The topics as the desk sees them: published ones with the open changes on them."""
    return with_changes(topics_now(session), open_changes(session))


def with_changes(topics: Mapping[str, Topic], changes: Iterable[TopicChange]) -> dict[str, Topic]:
    """Topics as they are once the changes are taken."""
    changed = dict(topics)
    for change in changes:
        if change.act == TopicAct.RETIRE.value:
            changed.pop(change.topic_id, None)
        else:
            changed[change.topic_id] = topic_of(change)
    return changed


def new_topic(session: Session, topic: Topic, *, actor: str) -> TopicChange:
    """Begins a topic; without an id it is given one. FieldErrors where it cannot be one."""
    known = topics_on_desk(session)
    topic = replace(topic, id=topic.id or _made_id(topic))
    errors = _errors(topic, known)
    if topic.id in {*known, *topics_now(session), "new"} or not ID.fullmatch(topic.id) or len(topic.id) > 60:
        errors.append(FieldError("id", "topic_id"))
    if errors:
        raise FieldErrors(errors=errors)
    change = TopicChange(
        topic_id=topic.id,
        open_for=topic.id,
        act=TopicAct.NEW.value,
        content=_json(topic),
        authors=[actor],
    )
    session.add(change)
    journal.append(session, actor, "topic.drafted", change.subject, {"content": change.content})
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise FieldErrors(errors=[FieldError("id", "topic_id")]) from None
    return change


def edit_topic(session: Session, typed: Topic, seen: Topic, *, actor: str) -> TopicChange:
    """Writes a topic as ``typed`` by someone who saw ``seen``.

    Fields that another editor changed meanwhile stay changed; TopicChanged names those that both changed.
    """
    for attempt in range(ATTEMPTS):
        change = _needed_change(session, typed.id, TopicAct.EDIT, actor)
        now = topic_of(change)
        merged = _merged(now, typed, seen)
        errors = _errors(merged, {k: v for k, v in topics_on_desk(session).items() if k != typed.id})
        if errors:
            raise FieldErrors(errors=errors)
        if merged == now and change.act != TopicAct.RETIRE.value:
            return change
        try:
            session.add(change)
            change.content = _json(merged)
            if change.act == TopicAct.RETIRE.value:
                change.act = TopicAct.EDIT.value
            sign(change, actor)
            journal.append(session, actor, "topic.edited", change.subject, {"content": change.content})
            session.commit()
        except (StaleDataError, IntegrityError):
            session.rollback()
            if attempt == ATTEMPTS - 1:
                raise
            continue
        return change
    raise AssertionError("unreachable")


def retire_topic(session: Session, topic_id: str, *, actor: str) -> TopicChange:
    """Begins to retire a topic; FieldErrors name the clauses and topics that still need it."""
    if topic_id not in topics_now(session):
        raise NotFound
    if needing := who_needs(session, topic_id):
        raise FieldErrors(errors=[FieldError("topic", "topic_needed", {"by": needing})])
    change = _needed_change(session, topic_id, TopicAct.RETIRE, actor)
    change.act = TopicAct.RETIRE.value
    session.add(change)
    sign(change, actor)
    journal.append(session, actor, "topic.retiring", change.subject)
    session.commit()
    return change


def discard_change(session: Session, topic_id: str, *, actor: str) -> None:
    """Puts an open change away; the published topic stays as it is."""
    change = change_of(session, topic_id)
    if change is None:
        raise NotFound
    if change.state != EditionState.DRAFT.value:
        raise DraftMoved
    if change.act == TopicAct.NEW.value and (needing := who_needs(session, topic_id)):
        raise FieldErrors(errors=[FieldError("topic", "topic_needed", {"by": needing})])
    change.state, change.open_for = EditionState.SUPERSEDED.value, None
    journal.append(session, actor, "topic.discarded", change.subject)
    session.commit()


def renew_change(session: Session, topic_id: str, *, actor: str) -> TopicChange:
    """Puts an open change on what the release shows now; it must then be reviewed anew."""
    change = change_of(session, topic_id)
    if change is None:
        raise NotFound
    now = topics_now(session).get(topic_id)
    change.base = _json(now) if now else None
    if change.act != TopicAct.RETIRE.value:
        change.act = (TopicAct.EDIT if now else TopicAct.NEW).value
    change.state, change.submitted_by, change.reviewed_by = EditionState.DRAFT.value, "", ""
    sign(change, actor)
    journal.append(session, actor, "topic.renewed", change.subject)
    session.commit()
    return change


def is_outdated(change: TopicChange, topics: Mapping[str, Topic]) -> bool:
    """True where the release shows the topic otherwise than when the change was begun."""
    now = topics.get(change.topic_id)
    return (_json(now) if now else None) != change.base


def carriers(session: Session, topic_id: str) -> tuple[Carrier, ...]:
    """The clauses and items that carry a topic, published or on the desk, proposals among them."""
    published = editions_now(session)
    drafts = [d.edition for d in session.scalars(select(Draft).where(Draft.open_for.is_not(None)))]
    found = []
    for row, draft in (*((row, False) for row in published), *((row, True) for row in drafts)):
        edition = edition_of(row)
        for clause in edition.clauses:
            if topic_id in (*clause.topics, *clause.proposed):
                found.append(Carrier(edition.instrument, clause.section, draft))
        found += [Carrier(edition.instrument, i.number, draft) for i in edition.items if topic_id in i.topics]
    return tuple(found)


def who_needs(session: Session, topic_id: str, most: int = 8) -> list[str]:
    """What stands against retiring a topic, in words: topics below it and clauses that carry it."""
    below = [f"话题“{t.name}”" for t in topics_on_desk(session).values() if t.parent == topic_id]
    held = [f"{'草稿 ' if c.draft else ''}{c.document} {c.section}" for c in carriers(session, topic_id)]
    named = [*below, *dict.fromkeys(held)]
    return [*named[:most], f"等 {len(named)} 处"] if len(named) > most else named


def find_topic(topics: Mapping[str, Topic], words: str) -> str:
    """The id of the topic that an editor names: by name, English name or id, else the only one that has
    the words in its name. FieldErrors with the candidates otherwise."""
    told = words.strip()
    if not told:
        raise FieldErrors(errors=[FieldError("topic", "required")])
    exact = [t.id for t in topics.values() if told.casefold() in (t.name, t.id, t.name_en.casefold())]
    held = exact or [t.id for t in topics.values() if told in t.name]
    if len(held) == 1:
        return held[0]
    if held:
        names = [topics[t].name for t in held[:8]]
        raise FieldErrors(errors=[FieldError("topic", "several_topics", {"candidates": names})])
    raise FieldErrors(errors=[FieldError("topic", "unknown_topic")])


def _needed_change(session: Session, topic_id: str, act: TopicAct, actor: str) -> TopicChange:
    """The open change of a topic, or one begun on the published topic, which is not in the session yet."""
    change = change_of(session, topic_id)
    if change is not None:
        if change.state != EditionState.DRAFT.value:
            raise DraftMoved
        return change
    topic = topics_now(session).get(topic_id)
    if topic is None:
        raise NotFound
    return TopicChange(
        topic_id=topic_id,
        open_for=topic_id,
        act=act.value,
        state=EditionState.DRAFT.value,
        content=_json(topic),
        base=_json(topic),
        authors=[actor],
    )


def _merged(now: Topic, typed: Topic, seen: Topic) -> Topic:
    merged: dict[str, object] = {}
    both = []
    for name in (*FREE_TEXT, "parent"):
        there, mine, before = getattr(now, name), getattr(typed, name), getattr(seen, name)
        if mine in (before, there):
            merged[name] = there
        elif there == before:
            merged[name] = mine
        else:
            both.append(name)
    if both:
        raise TopicChanged(fields=both)
    added = [q for q in typed.asked_as if q not in seen.asked_as]
    kept = [q for q in now.asked_as if q in typed.asked_as or q not in seen.asked_as]
    return replace(now, **merged, asked_as=tuple(dict.fromkeys((*kept, *added))))  # type: ignore[arg-type]


def _errors(topic: Topic, others: Mapping[str, Topic]) -> list[FieldError]:
    errors = [FieldError(name, "required") for name in ("name", "explanation") if not getattr(topic, name)]
    for name, limit in FREE_TEXT.items():
        length = len(getattr(topic, name))
        if length > limit:
            errors.append(FieldError(name, "too_long", {"limit": limit, "length": length}))
    if any(other.name == topic.name for other in others.values()):
        errors.append(FieldError("name", "topic_name_taken"))
    if topic.parent and (topic.parent not in others or topic.id in lineage(topic.parent, others)):
        errors.append(FieldError("parent", "topic_parent"))
    return errors + asking_errors(topic.asked_as)


def asking_errors(questions: Iterable[str], field: str = "asked_as") -> list[FieldError]:
    """What is wrong with ways of asking that someone wrote."""
    held = tuple(questions)
    long = [q for q in held if len(q) > ASKING]
    if long:
        return [FieldError(field, "asking_too_long", {"limit": ASKING, "which": f"{long[0][:20]}……"})]
    if len(held) > ASKINGS:
        return [FieldError(field, "too_many_askings", {"limit": ASKINGS})]
    return []


def lines_of(text: str) -> tuple[str, ...]:
    """One way of asking a line, each once, without blanks."""
    return tuple(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))


def _made_id(topic: Topic) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", topic.name_en.lower()))[:50].strip("-")
    return words or f"t-{secrets.token_hex(4)}"


def _json(topic: Topic) -> dict[str, object]:
    return cast(dict[str, object], record.to_json(topic))
