"""The starter knowledge: notices, statutes and lists in our own words.

A fresh installation answers from it at once; an official text imported under the same id
supersedes the digest of that instrument (``edition.in_force``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from .clause import Clause
from .edition import Edition
from .record import edition_from_json
from .starter_lists import starter_lists
from .topic import SOURCES, Topic, asked_as_of, load_topics, topics_of

FOLDERS = ("notices", "statutes")


def starter_editions() -> tuple[Edition, ...]:
    """Everything that ships: notices, statutes, then lists."""
    return (*starter_digests(), *starter_lists())


@cache
def starter_digests() -> tuple[Edition, ...]:
    """The notices and statutes that ship, each clause with its topics and ways of asking."""
    files = (file for folder in FOLDERS for file in sorted((SOURCES / folder).glob("*.json")))
    return tuple(_edition(file) for file in files)


def starter_topics() -> Mapping[str, Topic]:
    """The topics that ship, by id."""
    return load_topics()


def _edition(file: Path) -> Edition:
    edition = edition_from_json(json.loads(file.read_text(encoding="utf-8")))
    asked = asked_as_of(edition.instrument)
    english = {clause.section: clause.plain_en for clause in edition.clauses}
    clauses = (
        replace(
            clause,
            topics=topics_of(edition.ref(clause.section)),
            asked_as=asked.get(clause.section, ()),
            plain_en=_english(clause, english),
        )
        for clause in edition.clauses
    )
    return replace(edition, clauses=tuple(clauses))


def _english(clause: Clause, english: Mapping[str, str]) -> str:
    """A paragraph or item without English of its own is introduced by that of the clause above it."""
    section = clause.section
    while section and not english.get(section):
        section = section.rpartition("/")[0]
    return english.get(section, "")
