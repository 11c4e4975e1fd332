"""What a region's notice asks of the making and the filing of its lists: data (``making.json``)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from knowledge.clause import ClauseRef
from knowledge.edition import InstrumentKind


class StepKind(StrEnum):
    """The steps of making a list (舟山 二（一）1; R28): 调研论证, 意见征询, 合法性审核."""

    STUDY = "study"
    CONSULTATION = "consultation"
    LEGALITY = "legality"


@dataclass(frozen=True, slots=True)
class AskedSteps:
    """The steps that a notice asks for before a text of ``kinds`` is issued in ``region`` or below it."""

    region: str
    kinds: frozenset[InstrumentKind]
    steps: tuple[StepKind, ...]
    basis: ClauseRef


@dataclass(frozen=True, slots=True)
class FilingRule:
    """Within ``days`` days of its publication a text is filed with ``authority`` (舟山 二（一）1; R29)."""

    region: str
    kinds: frozenset[InstrumentKind]
    days: int
    authority: str
    basis: ClauseRef


@dataclass(frozen=True, slots=True)
class MakingRules:
    """``words``: how long a text may be; ``unit``: the name of a unit; ``paper_kinds`` and
    ``paper_mib``: which files may back a step; ``soon_days``: how early a review is shown as due."""

    words: int
    unit: int
    paper_kinds: tuple[str, ...]
    paper_mib: int
    soon_days: int
    asked_steps: tuple[AskedSteps, ...]
    filing: tuple[FilingRule, ...]


Rule = TypeVar("Rule", AskedSteps, FilingRule)


@cache
def making_rules() -> MakingRules:
    data = json.loads(Path(__file__).with_name("making.json").read_text(encoding="utf-8"))
    return MakingRules(
        words=data["words"],
        unit=data["unit"],
        paper_kinds=tuple(data["paper_kinds"]),
        paper_mib=data["paper_mib"],
        soon_days=data["soon_days"],
        asked_steps=tuple(
            AskedSteps(
                row["region"],
                frozenset(map(InstrumentKind, row["kinds"])),
                tuple(map(StepKind, row["steps"])),
                ClauseRef(row["document"], row["section"]),
            )
            for row in data["asked_steps"]
        ),
        filing=tuple(
            FilingRule(
                row["region"],
                frozenset(map(InstrumentKind, row["kinds"])),
                row["days"],
                row["authority"],
                ClauseRef(row["document"], row["section"]),
            )
            for row in data["filing"]
        ),
    )


def rule_for(rules: Iterable[Rule], kind: InstrumentKind, region: str) -> Rule | None:
    """The rule that holds for a text of ``kind`` in ``region``: one of the region or of what it lies in.

    Nothing where the notices are silent; a text for several regions is held to the first that has a rule.
    """
    places = region.split("、")
    for rule in rules:
        if kind in rule.kinds and any((place + "/").startswith(rule.region + "/") for place in places):
            return rule
    return None
