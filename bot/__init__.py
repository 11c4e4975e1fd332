"""The assistant. ``answer()`` is the only door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .question import Question

if TYPE_CHECKING:
    from knowledge.library import Knowledge

    from .model import Model
    from .reply import Reply

__all__ = ["Question", "answer"]


def answer(question: Question, knowledge: Knowledge, model: Model | None = None) -> Reply:
    """The reply to one question; see ``bot.pipeline.answer``."""
    from .pipeline import answer as run

    return run(question, knowledge, model)
