"""Questions for one detail (how many days, how much money, which number): does the clause state any?

A clause that is about the matter but gives no such figure is no answer to the question for the figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .phrases import table


@dataclass(frozen=True, slots=True)
class Detail:
    """A kind of detail: how it is asked for, and what stating it looks like."""

    kind: str
    asked: re.Pattern[str]
    stated: re.Pattern[str]


def details() -> tuple[Detail, ...]:
    """The kinds of detail that the assistant watches for (data: ``wording/details.json``)."""
    return tuple(
        Detail(kind, re.compile(row["asked"], re.IGNORECASE), re.compile(row["stated"]))
        for kind, row in table("details")["kinds"].items()
    )


def detail_asked(text: str) -> Detail | None:
    """The detail that a question asks for, if it asks for one."""
    return next((d for d in details() if d.asked.search(text)), None)


def states(detail: Detail, text: str) -> bool:
    """True when a clause states a detail of this kind."""
    return bool(detail.stated.search(text))
