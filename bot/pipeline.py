"""The assistant in six steps; the first one that has a reply ends the turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from . import assess, compose, retrieve, screen, understand, verify
from .memory import Memory
from .question import Question
from .reply import Reply
from .turn import Turn

if TYPE_CHECKING:
    from knowledge.library import Knowledge

    from .model import Model

Step = Callable[[Turn], None]

STEPS: tuple[tuple[str, Step], ...] = (
    ("screen", screen.screen),
    ("understand", understand.understand),
    ("retrieve", retrieve.retrieve),
    ("assess", assess.assess_case),
    ("compose", compose.compose),
    ("verify", verify.verify),
)


def answer(question: Question, knowledge: Knowledge, model: Model | None = None) -> Reply:
    """The reply to one question from what is published and in force on ``question.on``.

    Never raises for anything a person may ask; without a model the reply is written by rules alone.
    """
    turn = Turn(question, knowledge, model, memory=Memory.from_json(question.memory))
    for name, step in STEPS:
        started = time.perf_counter()
        if turn.reply is None or name == "verify":
            step(turn)
        turn.timings[name] = round((time.perf_counter() - started) * 1000, 3)
    if turn.reply is None:
        raise RuntimeError("no step gave a reply")
    return replace(turn.reply, timings=dict(turn.timings))
