"""The release in force, opened once a process and opened anew when the pointer moves."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calendar import today
from portal.database import Database, current_session
from portal.errors import NotReady
from portal.settings import Settings

from .models import Release, ReleasePointer, ReleaseShelf, TopicSet

if TYPE_CHECKING:
    from knowledge.embed import Embedder
    from knowledge.library import Knowledge

RETRY_AFTER = 5


class KnowledgeHolder:
    """Holds the opened release of this process. Open it after the fork: the vector store survives none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._open: Knowledge | None = None

    @cached_property
    def embedder(self) -> Embedder:
        from knowledge.embed import load_embedder

        return load_embedder(self._settings.embedding)

    def current(self, session: Session) -> Knowledge:
        """The release that the pointer names; raises NotReady where none is published or it cannot open."""
        number = session.scalar(select(ReleasePointer.release))
        held = self._open
        if held is not None and held.release == number:
            return held
        if number is None:
            raise NotReady(retry_after=RETRY_AFTER)
        with self._lock:
            held = self._open
            if held is None or held.release != number:
                held = self._open = self._opened(session, number)
        return held

    def _opened(self, session: Session, number: int) -> Knowledge:
        from knowledge.library import open_knowledge
        from knowledge.record import from_json
        from knowledge.shelf import ShelfMissing
        from knowledge.topic import Topic

        release = session.get_one(Release, number)
        shelves = session.scalars(select(ReleaseShelf.digest).where(ReleaseShelf.release == number)).all()
        topics = session.get_one(TopicSet, release.topics_digest)
        try:
            return open_knowledge(
                self._settings.data / "shelves",
                number,
                sorted(shelves),
                {topic["id"]: from_json(Topic, topic) for topic in topics.content},
                self.embedder,
                self._settings.chroma_url,
            )
        except ShelfMissing:
            raise NotReady(retry_after=RETRY_AFTER) from None


def join_knowledge(app: Flask, settings: Settings) -> None:
    app.extensions["rouwen.knowledge"] = KnowledgeHolder(settings)


def knowledge_holder(app: Flask) -> KnowledgeHolder:
    holder: KnowledgeHolder = app.extensions["rouwen.knowledge"]
    return holder


def current_knowledge() -> Knowledge:
    """The release in force, for this request."""
    return knowledge_holder(current_app).current(current_session())


def warm_up(app: Flask) -> bool:
    """Opens the release in a fresh worker so that no caller waits for it; False where none is ready."""
    database: Database = app.extensions["rouwen.database"]
    with database.session() as session:
        try:
            knowledge = knowledge_holder(app).current(session)
        except NotReady:
            return False
    knowledge.search("柔性执法", regions=None, on=today(), limit=1)
    return True
