"""What is asked: one question with where, when and what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Question:
    """``region`` is a region path or None; ``memory`` is ``Reply.memory`` of the turn before, or empty."""

    text: str
    region: str | None
    on: date
    memory: Mapping[str, object] = field(default_factory=dict)
