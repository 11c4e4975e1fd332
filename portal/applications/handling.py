"""The numbers by which cases are handled, as data (``handling.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("handling.json")


@dataclass(frozen=True, slots=True)
class Handling:
    """``retention_months``: how long a case of each state is kept before the party may have its data
    deleted; ``poor_rating_days``: working days in which a bad rating is answered; ``offer_days``: how long
    the link of an offer holds; ``due_soon_days``: from how many working days before it something counts as
    due soon; ``queue_page``: cases on one page of the queue; ``mailed_acts``: of which acts of the agency a
    party that wants mail is told."""

    retention_months: Mapping[str, int]
    poor_rating_days: int
    offer_days: int
    due_soon_days: int
    queue_page: int
    mailed_acts: tuple[str, ...]


@cache
def handling() -> Handling:
    data = json.loads(_FILE.read_text("utf-8"))
    return Handling(**{**data, "mailed_acts": tuple(data["mailed_acts"])})
