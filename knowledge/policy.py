"""The numbers that the verdict turns on, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("sources") / "verdict.json"


@dataclass(frozen=True, slots=True)
class Policy:
    """``settled_lookback_months``: an act of the same kind within it is no first offence anywhere.

    The law sets no look-back, and lists look back 12 months, 24 months or for ever; so beyond the
    shortest only the authority can say. ``working_day_slack``: calendar days that holidays can add
    to a limit in working days. ``facts_by_weight`` breaks ties among facts to ask for. The rest is
    行政处罚法 第三十条, 第三十六条 and 第八十六条.
    """

    settled_lookback_months: int
    working_day_slack: int
    time_bar_years: float
    long_time_bar_years: float
    long_time_bar_sectors: frozenset[str]
    minor_age: int
    adult_age: int
    penalty_law_in_force: date
    facts_by_weight: tuple[str, ...]


@cache
def policy() -> Policy:
    values = json.loads(_FILE.read_text(encoding="utf-8"))
    values["long_time_bar_sectors"] = frozenset(values["long_time_bar_sectors"])
    values["penalty_law_in_force"] = date.fromisoformat(values["penalty_law_in_force"])
    values["facts_by_weight"] = tuple(values["facts_by_weight"])
    return Policy(**values)
