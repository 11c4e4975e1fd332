"""With whom the figures of a region are filed, as its notice says: data (``reports.json``; R76)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.clause import ClauseRef
from knowledge.region import ancestors
from portal.wording import Language


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the figures of ``region`` and of what lies in it; ``basis`` is the clause that says so."""

    region: str
    names: dict[str, str]
    basis: ClauseRef

    def name(self, language: Language) -> str:
        return self.names[language.value]


def addressee(region: str) -> Addressee | None:
    """The one that holds for a region; None where its notice names none."""
    own = set(ancestors(region)) if region else set()
    return next((held for held in addressees() if held.region in own), None)


@cache
def addressees() -> tuple[Addressee, ...]:
    rows = json.loads(Path(__file__).with_name("reports.json").read_text(encoding="utf-8"))["addressees"]
    return tuple(
        Addressee(
            row["region"],
            {language.value: row[language.value] for language in Language},
            ClauseRef(row["document"], row["section"]),
        )
        for row in rows
    )
