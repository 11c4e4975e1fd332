"""The numbers by which the portal is kept, as data (``policy.json``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Policy:
    """``same_clause_overlap``: from which share of common character pairs a clause at the same section
    counts as the same clause reworded; ``moved_clause_overlap``: the same for one at another section;
    ``kept_releases``: how many releases keep their shelves; ``lock_minutes``: after how long a
    publication on another machine counts as dead; ``golden_bar``: the share that must pass;
    ``code_guesses`` wrong access codes from one address within ``code_guess_minutes`` are answered, later
    ones not; ``party_session_minutes``: how long a page keeps an application open without a new code."""

    same_clause_overlap: float
    moved_clause_overlap: float
    kept_releases: int
    lock_minutes: int
    golden_bar: float
    code_guesses: int
    code_guess_minutes: int
    party_session_minutes: int


@cache
def policy() -> Policy:
    return Policy(**json.loads(Path(__file__).with_name("policy.json").read_text(encoding="utf-8")))
