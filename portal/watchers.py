"""Joins the library with those whose records rest on what it publishes."""

from __future__ import annotations

from .database import Database
from .library.watch import watch


def join_watchers(database: Database) -> Database:
    """Lets whatever of ``database`` rests on published texts be told of every release; returns it.

    The rules come first: whoever compares one holds its row and then stands in line for the journal, and
    the cases stand in line.
    """
    from .applications.flagging import CaseWatcher
    from .chat.citing import AnswerWatcher
    from .rules.watching import RuleWatcher

    watch(database, RuleWatcher(), CaseWatcher(), AnswerWatcher())
    return database
