"""Exemption lists and verdicts: the vocabulary of the pre-check.

A verdict is a pre-check, never a decision: only the authority decides (行政处罚法 第五十七条).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .clause import ClauseRef
from .predicate import Predicate
from .situation import Finding


class ListOutcome(StrEnum):
    """The effect a list gives to its item, in the list's own words."""

    FIRST_OFFENCE_EXEMPT = "首违不罚"
    SHALL_BE_EXEMPT = "不予处罚"
    MAY_BE_EXEMPT = "可以不予处罚"
    LIGHTER = "从轻"
    MITIGATED = "减轻"


class Outcome(StrEnum):
    SHALL_BE_EXEMPT = "shall_be_exempt"
    MAY_BE_EXEMPT = "may_be_exempt"
    LIGHTER = "lighter"
    MITIGATED = "mitigated"
    CONDITIONS_NOT_MET = "conditions_not_met"
    NEEDS_FACTS = "needs_facts"
    OFFICER_DECIDES = "officer_decides"
    NO_OPINION = "no_opinion"


class Ground(StrEnum):
    LIST_ITEM = "list_item"
    ARTICLE_33_1_MINOR = "article_33_1_minor"
    ARTICLE_33_1_FIRST = "article_33_1_first"
    ARTICLE_33_2 = "article_33_2"
    ARTICLE_30 = "article_30"
    ARTICLE_31 = "article_31"
    ARTICLE_32 = "article_32"
    ARTICLE_36 = "article_36"
    SUSPECTED_CRIME = "suspected_crime"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a list item, as printed, with what it means where that could be typed.

    ``predicate`` is None where only an officer can judge it.
    """

    text: str
    predicate: Predicate | None = None


@dataclass(frozen=True, slots=True)
class ListItem:
    """One matter of an exemption list; cited as the list's id and ``number``."""

    list: str
    number: str
    matter: str
    outcome: ListOutcome
    conditions: tuple[Condition, ...] = ()
    department: str = ""
    field: str = ""
    violation_basis: str = ""
    penalty_basis: str = ""
    measures: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()

    @property
    def ref(self) -> ClauseRef:
        return ClauseRef(self.list, self.number)


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    condition: str
    finding: Finding
    citation: ClauseRef
    fact: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeFinding:
    """Whether the region bars soft enforcement here; this never decides article 33."""

    excluded: bool | None = None
    citation: ClauseRef | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The pre-check of one case: outcome, the ground it rests on and a finding per condition.

    ``missing`` names facts (contract.md) in the order in which asking them helps most;
    ``citations`` every clause the verdict rests on, the most important first.
    """

    outcome: Outcome
    ground: Ground | None
    programme: ProgrammeFinding = ProgrammeFinding()
    item: ListItem | None = None
    conditions: tuple[ConditionFinding, ...] = ()
    missing: tuple[str, ...] = ()
    citations: tuple[ClauseRef, ...] = ()
    cautions: tuple[str, ...] = ()
