"""The lists that ship: facts restated in our own words, each item with the ways people tell of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from .edition import Edition
from .exemption import ListItem
from .parse.list_edition import list_edition
from .parse.table import parse_list
from .topic import SOURCES

_FOLDER = SOURCES / "lists"


@cache
def starter_lists() -> tuple[Edition, ...]:
    """Every list of ``sources/lists``, as ``lists.json`` describes it, digests all."""
    entries = json.loads((_FOLDER / "lists.json").read_text(encoding="utf-8"))
    return tuple(_edition(entry) for entry in entries)


def _edition(entry: Mapping[str, object]) -> Edition:
    name = f"{entry['id']}.csv"
    parsed = parse_list((_FOLDER / name).read_bytes(), name)
    edition = list_edition(parsed, {**entry, "digest": True})
    return replace(edition, items=tuple(_told_as_people_do(item) for item in edition.items))


def _told_as_people_do(item: ListItem) -> ListItem:
    return replace(item, asked_as=_asked_as().get((item.list, item.number), ()))


@cache
def _asked_as() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The ways of telling of each item, by list and number."""
    asked: dict[tuple[str, str], list[str]] = {}
    for line in (_FOLDER / "asked_as.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        asked.setdefault((row["list"], row["item"]), []).append(row["question"])
    return {key: tuple(questions) for key, questions in asked.items()}
