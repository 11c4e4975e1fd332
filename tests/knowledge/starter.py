"""The starter knowledge as it lies in the package, for the tests that prove it whole."""

import csv
import json
from functools import cache

from knowledge.topic import SOURCES

NOTICES = ("zhanhe", "zhoushan", "qianjiang", "panjin", "luan")


@cache
def sections_by_document() -> dict[str, list[str]]:
    """Every clause of every digest, by the id of its document."""
    files = sorted([*SOURCES.glob("notices/*.json"), *SOURCES.glob("statutes/*.json")])
    digests = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return {digest["instrument"]: [clause["section"] for clause in digest["clauses"]] for digest in digests}


def whole_clauses(document: str) -> list[str]:
    """The clauses that people ask for: each one of a notice, each article of a statute."""
    sections = sections_by_document()[document]
    return sections if document in NOTICES else [s for s in sections if "/" not in s]


def whole_clause(document: str, section: str) -> str:
    return section if document in NOTICES else section.partition("/")[0]


def lists_on_record() -> list[dict[str, str]]:
    records: list[dict[str, str]] = json.loads((SOURCES / "lists" / "lists.json").read_text(encoding="utf-8"))
    return records


def items_of(list_id: str) -> list[dict[str, str]]:
    with (SOURCES / "lists" / f"{list_id}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
