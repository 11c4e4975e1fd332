"""The numbers by which the portal is kept, as data (``policy.json``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StaffPolicy:
    """How staff sign in. ``failures`` wrong passwords or codes in a row lock an account for
    ``lock_minutes``; ``address_failures`` of one address within ``address_minutes`` lock that out.
    A session ends after ``idle_minutes`` without a request and after ``session_hours``; a sign-in that is
    not finished, after ``pending_minutes``. ``code_drift``: how many steps of 30 seconds a clock may be off.
    A password has from ``password_min`` to ``password_max`` characters, of ``password_kinds`` kinds
    (capital, small, digit, other) and ``password_distinct`` different ones, and holds none of
    ``password_common``."""

    failures: int
    lock_minutes: int
    address_failures: int
    address_minutes: int
    idle_minutes: int
    session_hours: int
    pending_minutes: int
    code_drift: int
    recovery_codes: int
    password_min: int
    password_max: int
    password_kinds: int
    password_distinct: int
    password_common: list[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """``same_clause_overlap``: from which share of common character pairs a clause at the same section
    counts as the same clause reworded; ``moved_clause_overlap``: the same for one at another section;
    ``kept_releases``: how many releases keep their shelves; ``lock_minutes``: after how long a
    publication on another machine counts as dead; ``golden_bar``: the share of golden questions that
    must pass; ``golden_falls``: the largest share of those that pass today which a release may let fall;
    ``golden_most``: how many may be kept; ``golden_page``: how many a page of them shows;
    ``kept_checks``: how many checks of a release are kept beside those that led to one or were overridden;
    ``unsure_below``: an answer of less confidence goes on the editors' list (of the golden and practice
    questions half of the answers below it were wrong, and one in fifty above); ``work_page``: items of that
    list on one page; ``trial_shelves``: how many shelves of drafts that were tried may stand before they
    are swept;
    ``most_topics_of_a_clause``: how many topics an editor may give to one clause; ``certainty_bars``: the
    certainties from which a whole document's proposals may be confirmed at once;
    ``code_guesses`` wrong access codes from one address within ``code_guess_minutes`` are answered, later
    ones not; ``party_session_minutes``: how long a page keeps an application open without a new code, and
    a party signed in without a request; ``party_sign_in_hours``: after how long it signs in again in any
    case; ``party_pending_minutes``: how long a sign-in may take at the identity service;
    ``staff``: see there."""

    same_clause_overlap: float
    moved_clause_overlap: float
    kept_releases: int
    lock_minutes: int
    golden_bar: float
    unsure_below: float
    work_page: int
    trial_shelves: int
    golden_falls: float
    golden_most: int
    golden_page: int
    kept_checks: int
    most_topics_of_a_clause: int
    certainty_bars: tuple[float, ...]
    code_guesses: int
    code_guess_minutes: int
    party_session_minutes: int
    party_sign_in_hours: int
    party_pending_minutes: int
    staff: StaffPolicy


@cache
def policy() -> Policy:
    data = json.loads(Path(__file__).with_name("policy.json").read_text(encoding="utf-8"))
    return Policy(**{**data, "staff": StaffPolicy(**data["staff"])})
