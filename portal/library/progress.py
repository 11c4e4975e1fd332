"""How far long work has come, told by the work itself to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What is being done, in the order of a publication."""

    SHELVES = "shelves"
    ASKING_NOW = "asking_now"
    ASKING_NEXT = "asking_next"
    RELEASE = "release"


Progress = Callable[[Stage, int, int], object]
"""Told a stage, which part of it begins (the first is 1) and of how many; 0 of 0 where it has no parts."""

Noted = Callable[[int], object]
"""Told the number of a release within the transaction that makes it: what it writes stands or falls with
it."""


def untold(_stage: Stage, _part: int, _parts: int) -> None:
    """Nobody wants to know how far it is."""


def unnoted(_release: int) -> None:
    """Nobody notes the release."""
