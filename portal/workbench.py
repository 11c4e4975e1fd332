"""What a command of the command line works with: the settings, the record and the shelves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from . import schema
from .database import Database
from .errors import NotReady
from .keys import Keyring
from .library.holder import KnowledgeHolder
from .library.shelving import Shelving
from .settings import Settings
from .watchers import join_watchers

if TYPE_CHECKING:
    from bot.model import Model
    from knowledge.library import Knowledge

OPERATOR = "operator"


class CommandError(Exception):
    """A command cannot be done and changed nothing; the message is one sentence."""


class Workbench:
    """Opens each part when it is first needed, so that a small command stays quick."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def from_environment(cls) -> Workbench:
        return cls(Settings.from_env(os.environ))

    @cached_property
    def database(self) -> Database:
        database = Database(self.settings.database_url, Keyring.open(self.settings).cipher())
        return join_watchers(database)

    @cached_property
    def holder(self) -> KnowledgeHolder:
        return KnowledgeHolder(self.shelving)

    @cached_property
    def shelving(self) -> Shelving:
        return Shelving(self.settings)

    @cached_property
    def model(self) -> Model | None:
        from .chat.assistant import opened_model

        return opened_model(self.settings)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session on a database that has every table; CommandError where set-up is still to be done."""
        if schema.revision(self.database.engine) != schema.head():
            raise CommandError("数据库还没有准备好，请先运行 rouwen setup。")
        with self.database.session() as session:
            yield session

    def knowledge(self, session: Session) -> Knowledge:
        """The release in force."""
        try:
            return self.holder.current(session)
        except NotReady:
            raise CommandError("还没有可以使用的发布，请先运行 rouwen setup。") from None
