"""Joins the library with those whose records rest on what it publishes."""

from __future__ import annotations

from .database import Database
from .library.watch import watch


def join_watchers(database: Database) -> Database:
    """Lets the cases and the answers of ``database`` be told of every release; returns it."""
    from .applications.flagging import CaseWatcher
    from .chat.citing import AnswerWatcher

    watch(database, CaseWatcher(), AnswerWatcher())
    return database
