"""Asking against drafts: today's answer, and the one that the drafts would give. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.calendar import today

from .presentation import reply_json
from .side import Side, beside, same

if TYPE_CHECKING:
    from bot.model import Model
    from knowledge.library import Knowledge


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as an editor tries it; ``history`` is what was asked before in the conversation."""

    text: str
    region: str | None
    on: date
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer of today beside that of the drafts."""

    now: Side
    draft: Side

    @property
    def same(self) -> bool:
        return same(self.now, self.draft)


def reply_now(knowledge: Knowledge, model: Model | None, asking: Asking) -> dict[str, Any]:
    """What the public is told today."""
    return _reply(knowledge, model, asking, today())


def reply_then(knowledge: Knowledge, model: Model | None, asking: Asking) -> dict[str, Any]:
    """What the public would be told on the day asked about."""
    return _reply(knowledge, model, asking, asking.on)


def tried(now: dict[str, Any], then: dict[str, Any]) -> Tried:
    return Tried(*beside(now, then))


def _reply(knowledge: Knowledge, model: Model | None, asking: Asking, on: date) -> dict[str, Any]:
    from bot import Question, answer

    memory: Any = {}
    for earlier in asking.history:
        memory = answer(Question(earlier, asking.region, on, memory), knowledge, model).memory
    reply = answer(Question(asking.text, asking.region, on, memory), knowledge, model)
    return reply_json(reply, answer_id="", conversation="", release=knowledge.release)
