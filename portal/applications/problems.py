"""What can go wrong with an application, as callers are told it."""

from __future__ import annotations

from datetime import date

from portal.errors import Problem
from portal.journal import JournalEntry
from portal.phrasing import date_words
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


class CaseConflict(Problem):
    """Something was done to the case since a page was opened: ``since`` is what, ``seen`` its last event."""

    slug = "case_moved"

    def __init__(self, state: State, since: tuple[JournalEntry, ...], seen: int) -> None:
        super().__init__()
        self.found = state
        self.acts = tuple(event.act.rpartition(".")[2] for event in since)
        self.since = tuple((event.act.rpartition(".")[2], event.actor, event.at) for event in since)
        self.seen = seen

    def detail(self, language: Language) -> str:
        t = wording(language)
        done = [t.of("application_event", act) for act in dict.fromkeys(self.acts)]
        self.values = {
            "acts": str(t("applications.and")).join(done),
            "state": t.of("application_state", self.found),
        }
        return super().detail(language)

    def to_json(self, language: Language) -> dict[str, object]:
        return {**super().to_json(language), "state": self.found.value, "since": list(self.acts)}


class NotYetErasable(Problem):
    """What was stated is kept for a time that has not run out; ``until`` is the day from which it may go."""

    slug = "not_yet_erasable"

    def __init__(self, until: date) -> None:
        super().__init__()
        self.until = until

    def detail(self, language: Language) -> str:
        self.values = {"day": date_words(self.until, language)}
        return super().detail(language)
