"""The header of a list: which column holds what, in the many words that agencies use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..exemption import ListOutcome
from .grid import Grid

SEARCHED_ROWS = 40
LONGEST_PART = 12
"""What stands under a heading that spans columns is a heading itself where it is no longer than this."""
_NOISE = re.compile(r"[\s\u3000（）()【】\[\]《》<>:：、，,；;/／·*]|可选|必填")


@cache
def _columns() -> Mapping[str, str]:
    """Each known heading, without spaces and signs, with the column it names."""
    text = resources.files(__package__).joinpath("columns.json").read_text("utf-8")
    table: Mapping[str, list[str]] = json.loads(text)
    return {_key(heading): name for name, headings in table.items() for heading in headings}


@cache
def _outcomes() -> tuple[tuple[ListOutcome, re.Pattern[str]], ...]:
    text = resources.files(__package__).joinpath("outcomes.json").read_text("utf-8")
    return tuple((ListOutcome(outcome), re.compile(pattern)) for outcome, pattern in json.loads(text))


def outcome_in(text: str) -> ListOutcome | None:
    """The effect that a cell, a sheet's name or a title states; None where it states none."""
    bare = re.sub(r"\s", "", text)
    if not bare:
        return None
    return next((outcome for outcome, pattern in _outcomes() if pattern.search(bare)), None)


def _key(heading: str) -> str:
    return _NOISE.sub("", heading).lower()


def column_named(heading: str) -> str:
    """The column that a heading names; in an unusual heading the known word nearest its end counts."""
    key = _key(heading)
    if not key or len(key) > 24:
        return ""
    if key in _columns():
        return _columns()[key]
    held = [known for known in _columns() if len(known) >= 4 and known in key]
    if not held:
        return ""
    return _columns()[max(held, key=lambda known: (key.rindex(known) + len(known), len(known)))]


@dataclass(frozen=True, slots=True)
class Header:
    """Which printed column is which; ``first`` and ``last`` are the rows the header takes."""

    first: int
    last: int
    columns: Mapping[int, str]
    printed: Mapping[str, str]
    unknown: tuple[str, ...] = ()

    def column(self, name: str) -> int:
        return next((c for c, n in self.columns.items() if n == name), 0)

    def named(self, cells: Mapping[int, str]) -> dict[str, str]:
        """A row's texts by column name; columns of one name are joined."""
        named: dict[str, str] = {}
        for column, text in cells.items():
            name = self.columns.get(column)
            if name and text not in named.get(name, "").split("；"):
                named[name] = f"{named[name]}；{text}" if name in named else text
        return named

    def repeats(self, cells: Mapping[int, str]) -> bool:
        """True for a header row printed again, as on every page of a long list."""
        shown = [self.printed.get(self.columns.get(c, ""), "") == text for c, text in cells.items()]
        return len(shown) > 1 and all(shown)


def find_header(grid: Grid) -> Header | None:
    """The first row that names a matter and one more column; a second header row adds to it."""
    rows = grid.rows()
    numbers = list(rows)[:SEARCHED_ROWS]
    for n, number in enumerate(numbers):
        columns = _recognised(rows[number])
        if "matter" not in columns.values() or len(set(columns.values())) < 2:
            continue
        last, headings = number, dict(rows[number])
        following = numbers[n + 1] if n + 1 < len(numbers) else 0
        if following and _is_second_row(rows[number], rows[following]):
            last, headings = following, {**headings, **rows[following]}
            columns = {**columns, **_recognised(rows[following])}
        printed: dict[str, str] = {}
        for column, name in columns.items():
            printed.setdefault(name, headings[column])
        unknown = tuple(dict.fromkeys(h for c, h in headings.items() if c not in columns))
        return Header(number, last, columns, printed, unknown)
    return None


def _recognised(cells: Mapping[int, str]) -> dict[int, str]:
    return {column: name for column, text in cells.items() if (name := column_named(text))}


def _is_second_row(first: Mapping[int, str], second: Mapping[int, str]) -> bool:
    """True where the row below splits a heading that spans columns (依据: 违法依据, 处罚依据); under such a
    heading a part may have any name (适用条件: 首次违法, 具体情形)."""
    spanning = {text for text in first.values() if list(first.values()).count(text) > 1}
    same = [c for c in second if first.get(c) == second[c]]
    split = [c for c in second if c not in same and column_named(second[c])]
    named = [c for c in second if first.get(c, "") in spanning and len(second[c]) <= LONGEST_PART]
    others = [c for c in second if c not in same and c not in split and c not in named]
    return len(split) >= 2 and not others
