"""Drafts tried before they are published: the release that they would make, opened without being shown.

Its shelves are built beside the others and named by their content, so a publication of the same draft
finds them there. Nothing in the database names them: a sweep may take them at any time, and then they are
built again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from flask import Flask, current_app
from sqlalchemy.orm import Session

from knowledge import record
from knowledge.edition import Edition
from knowledge.topic import Topic
from portal.errors import NotFound, NotReady, Problem
from portal.library.held import Held, held_of
from portal.library.holder import KnowledgeHolder, knowledge_holder
from portal.library.lock import LockedError
from portal.library.models import EditionRow
from portal.library.publication import gaps, kept_shelves, sweep, waiting_drafts
from portal.library.record import current_release, edition_of, topics_now
from portal.library.stock import StockError, stock
from portal.policy import policy

from .drafts import next_editions
from .page import open_drafts, parts_of
from .part import proposed_of
from .topic_changes import open_changes, with_changes

if TYPE_CHECKING:
    from knowledge.library import Knowledge

KEPT = 2
"""So many opened trials a process keeps: trying is done by few people at a time."""
ATTEMPTS = 2
Told = TypeVar("Told")


class TrialGone(Problem):
    """The shelves of the trial were swept while it ran, more than once in a row."""

    slug = "trial_gone"


@dataclass(frozen=True, slots=True)
class Trial:
    """The editions and topics of a release that does not exist, on top of release ``base``; ``digest``
    names them. ``untried`` says of drafts why they could not be part of it, one sentence each."""

    base: int
    digest: str
    editions: tuple[Held, ...]
    topics: Mapping[str, Topic]
    untried: tuple[str, ...]


def drafts_to_try(session: Session) -> tuple[EditionRow, ...]:
    """Every draft: those on the desk, whatever their state, and those that wait from the command line."""
    desk = [draft.edition for draft in open_drafts(session)]
    taken = {row.instrument_id for row in desk}
    return (*desk, *(row for row in waiting_drafts(session) if row.instrument_id not in taken))


def trial_of(session: Session, instrument: str = "") -> Trial:
    """What the public would see if the draft of ``instrument`` were published now, or all that waits.

    One draft brings the new topics that it carries, all of them bring every change of a topic. NotFound for
    an instrument without a draft, NotReady before the first release.
    """
    release = current_release(session)
    if release is None:
        raise NotReady(retry_after=5)
    rows = [row for row in drafts_to_try(session) if not instrument or row.instrument_id == instrument]
    if instrument and not rows:
        raise NotFound
    ready = [row for row in rows if not gaps(row)]
    now, changes = topics_now(session), open_changes(session)
    if instrument:
        needed = _carried(map(edition_of, ready)) - set(now)
        changes = [change for change in changes if change.topic_id in needed]
    shown, topics = next_editions(session, ready), with_changes(now, changes)
    content = [sorted(row.digest for row in shown), [record.to_json(topic) for topic in topics.values()]]
    return Trial(
        release.number,
        record.digest([release.number, *content]),
        tuple(map(held_of, shown)),
        topics,
        tuple(gap for row in rows for gap in gaps(row)),
    )


class Trials:
    """The trials that this process has opened, the latest ones kept."""

    def __init__(self, holder: KnowledgeHolder) -> None:
        self._holder = holder
        self._open: OrderedDict[str, Knowledge] = OrderedDict()
        self._lock = Lock()

    def put(self, session: Session, trial: Trial, ask: Callable[[Knowledge], Told]) -> Told:
        """Puts a question to a trial, which is opened where it is not yet. A trial whose shelves went
        meanwhile is built again; TrialGone where that happens over and over."""
        from knowledge.shelf import ShelfMissingError
        from knowledge.vectors import StoreUnavailableError

        session.rollback()  # no transaction stays open while shelves are built
        for _attempt in range(ATTEMPTS):
            try:
                return ask(self._opened(session, trial))
            except (ShelfMissingError, StoreUnavailableError, StockError, FileNotFoundError):
                with self._lock:
                    self._open.pop(trial.digest, None)
        raise TrialGone

    def _opened(self, session: Session, trial: Trial) -> Knowledge:
        with self._lock:
            held = self._open.get(trial.digest)
            if held is None:
                held = self._open[trial.digest] = self._built(session, trial)
                while len(self._open) > KEPT:
                    self._open.popitem(last=False)
                self._tidy(session)
            self._open.move_to_end(trial.digest)
            return held

    def _built(self, session: Session, trial: Trial) -> Knowledge:
        shelving = self._holder.shelving
        shown = self._holder.current(session)
        session.rollback()
        shelves = stock(session, shelving, trial.editions, trial.topics)
        return shelving.open(trial.base, shelves.values(), trial.topics, shown)

    def _tidy(self, session: Session) -> None:
        """Sweeps once the shelves of earlier trials have become many; a publication goes first."""
        shelving = self._holder.shelving
        own = {shelf.digest for knowledge in self._open.values() for shelf in knowledge.shelves}
        if len(shelving.strays(kept_shelves(session) | own)) <= policy().trial_shelves:
            return
        try:
            sweep(session, shelving, own)
        except LockedError:
            session.rollback()


def join_trials(app: Flask) -> None:
    app.extensions["rouwen.trials"] = Trials(knowledge_holder(app))


def current_trials() -> Trials:
    trials: Trials = current_app.extensions["rouwen.trials"]
    return trials


def _carried(editions: Iterable[Edition]) -> set[str]:
    parts = (part for edition in editions for part in parts_of(edition))
    return {topic for part in parts for topic in (*part.topics, *proposed_of(part))}
