"""The release in force, opened once a process and opened anew when the pointer moves."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask, current_app, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calendar import today
from portal.database import Database, current_session
from portal.errors import NotReady
from portal.settings import Settings

from .models import ReleasePointer
from .record import open_release
from .shelving import Shelving

if TYPE_CHECKING:
    from knowledge.library import Knowledge

RETRY_AFTER = 5
WARM_UP = "第一次违法，已经改正，会罚吗？"


class KnowledgeHolder:
    """Holds the opened release of this process. Open it after the fork: the vector store survives none."""

    def __init__(self, shelving: Shelving) -> None:
        self.shelving = shelving
        self._lock = Lock()
        self._open: Knowledge | None = None

    def current(self, session: Session) -> Knowledge:
        """The release that the pointer names; raises NotReady where none is published or it cannot open."""
        number = session.scalar(select(ReleasePointer.release))
        held = self._open
        if held is not None and held.release == number:
            return held
        if number is None:
            raise NotReady(retry_after=RETRY_AFTER)
        # While one thread opens a new release, the others go on with the one before.
        if not self._lock.acquire(blocking=held is None) and held is not None:
            return held
        try:
            held = self._open
            if held is None or held.release != number:
                held = self._open = self._opened(session, number, held)
        finally:
            self._lock.release()
        return held

    def _opened(self, session: Session, number: int, before: Knowledge | None) -> Knowledge:
        from knowledge.shelf import ShelfMissingError

        try:
            knowledge = open_release(session, self.shelving, number, before)
        except ShelfMissingError:
            raise NotReady(retry_after=RETRY_AFTER) from None
        self.shelving.probe(knowledge, before)
        return knowledge


def join_knowledge(app: Flask, settings: Settings) -> None:
    app.extensions["rouwen.knowledge"] = KnowledgeHolder(Shelving(settings))


def knowledge_holder(app: Flask) -> KnowledgeHolder:
    holder: KnowledgeHolder = app.extensions["rouwen.knowledge"]
    return holder


def current_knowledge() -> Knowledge:
    """The release in force, the same for the whole of a request."""
    if "knowledge" not in g:
        g.knowledge = knowledge_holder(current_app).current(current_session())
    knowledge: Knowledge = g.knowledge
    return knowledge


def load_libraries() -> None:
    """Imports what answering needs, for all workers at once. Nothing is opened before the fork."""
    import bot.pipeline
    import knowledge.library
    from knowledge.vectors import load_library

    assert bot.pipeline
    assert knowledge.library
    load_library()


def warm_up(app: Flask) -> bool:
    """Opens the release in a fresh worker and answers one question, so that no caller waits for it.

    False where no release is ready.
    """
    from bot import Question, answer

    database: Database = app.extensions["rouwen.database"]
    with database.session() as session:
        try:
            knowledge = knowledge_holder(app).current(session)
        except NotReady:
            return False
    answer(Question(WARM_UP, None, today()), knowledge)
    return True
