"""The word lists that reading documents rests on (``words.json``)."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources


@cache
def _table() -> dict[str, list[str]]:
    text = resources.files(__package__).joinpath("words.json").read_text("utf-8")
    table: dict[str, list[str]] = json.loads(text)
    return table


@cache
def words(name: str) -> tuple[str, ...]:
    """The list called ``name``."""
    return tuple(_table()[name])


@cache
def whole_line(name: str) -> re.Pattern[str]:
    """Matches a line that is, as a whole, one of the patterns called ``name``."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in words(name)), re.IGNORECASE)
