"""The words and patterns by which lists are read (``list_words.json``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def _table() -> Mapping[str, str | list[str] | dict[str, str]]:
    text = resources.files(__package__).joinpath("list_words.json").read_text("utf-8")
    table: Mapping[str, str | list[str] | dict[str, str]] = json.loads(text)
    return table


@cache
def pattern(name: str) -> re.Pattern[str]:
    value = _table()[name]
    assert isinstance(value, str)
    return re.compile(value)


def words(name: str) -> tuple[str, ...]:
    value = _table()[name]
    assert isinstance(value, list)
    return tuple(value)


def mapping(name: str) -> Mapping[str, str]:
    value = _table()[name]
    assert isinstance(value, dict)
    return value
