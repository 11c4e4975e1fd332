"""What can go wrong with an application, as callers are told it."""

from __future__ import annotations

from portal.errors import Problem
from portal.wording import Language, wording

from .lifecycle import CLOSED, Act, State


class UnknownApplication(Problem):
    """No such number, a wrong code, no code: all the same, so that none of them can be told apart."""

    slug = "unknown_application"


class NoticeChanged(Problem):
    """The notice of the right to choose was replaced since it was read."""

    slug = "notice_changed"


class StateConflict(Problem):
    """The act is not possible in the state that the application is in now."""

    slug = "wrong_state"

    def __init__(self, state: State, act: Act) -> None:
        super().__init__()
        self.found = state
        self.act = act

    def detail(self, language: Language) -> str:
        t = wording(language)
        self.values = {
            "state": t.of("application_state", self.found),
            "act": t.of("application_act", self.act),
        }
        words = super().detail(language)
        closed = self.found in CLOSED or self.found is State.ARCHIVED
        return words + str(t("applications.closed_further")) if closed else words

    def to_json(self, language: Language) -> dict[str, object]:
        return {**super().to_json(language), "state": self.found.value}


class EditConflict(Problem):
    """Another change came in between; ``revision`` is the current one, ``changed`` what it changed."""

    slug = "edit_conflict"

    def __init__(self, revision: int, changed: tuple[str, ...]) -> None:
        super().__init__()
        self.revision = revision
        self.changed = changed

    def to_json(self, language: Language) -> dict[str, object]:
        return {**super().to_json(language), "revision": self.revision, "changed": list(self.changed)}
