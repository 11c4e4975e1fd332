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


class Caution(StrEnum):
    """What must be said beside a verdict; the wording is data (``sources/cautions.json``)."""

    PRE_CHECK = "pre_check"
    MAY_IS_DISCRETION = "may_is_discretion"
    OTHER_LIMB_MINOR = "other_limb_minor"
    MINOR_IS_JUDGED = "minor_is_judged"
    CORRECT_NOW = "correct_now"
    REFUSAL_IS_PENALISED = "refusal_is_penalised"
    EXEMPT_NOT_LIABLE = "exempt_not_liable"
    EDUCATION_FOLLOWS = "education_follows"
    NOT_ON_LIST = "not_on_list"
    PROGRAMME_IS_SEPARATE = "programme_is_separate"
    EMERGENCY_IS_HEAVIER = "emergency_is_heavier"
    PROVE_NO_FAULT = "prove_no_fault"
    NO_FAULT_UNTOLD = "no_fault_untold"
    TIME_BAR = "time_bar"
    LOOKBACK_UNDEFINED = "lookback_undefined"
    LIGHTER_REMAINS = "lighter_remains"
    LIGHTER_OR_MITIGATED = "lighter_or_mitigated"
    COMMITMENT_IS_NO_GATE = "commitment_is_no_gate"
    CRIME_GOES_TO_POLICE = "crime_goes_to_police"
    GUARDIAN = "guardian"
    OLD_ACT_OLD_LAW = "old_act_old_law"
    FACTS_CONFLICT = "facts_conflict"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a list item, as printed, with what it means where that could be typed.

    ``predicate`` is None where only an officer can judge it.
    """

    text: str
    predicate: Predicate | None = None


@dataclass(frozen=True, slots=True)
class ListItem:
    """One matter of an exemption list; cited as the list's id and ``number``.

    ``carried`` are ways of asking that the import carried over from another list's item on the same matter
    and nobody has confirmed. ``region`` is its list's region. ``mandatory`` is True where a 首违不罚
    list itself says 不予 (the national tax lists do), so that its effect is a duty and not a discretion.
    ``benchmark`` is what the discretion benchmark (裁量基准) sets for the act where the item does not apply.
    """

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
    region: str = ""
    mandatory: bool = False
    carried: tuple[str, ...] = ()
    benchmark: str = ""

    @property
    def ref(self) -> ClauseRef:
        return ClauseRef(self.list, self.number)


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """How one condition stands; ``fact`` is the fact of the contract that it turns on, if any."""

    condition: str
    finding: Finding
    citation: ClauseRef
    fact: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeFinding:
    """Whether the region bars soft enforcement here; this never decides article 33.

    ``missing`` names facts that could still exclude the case. ``applies`` is False where the notice
    does not reach the case at all (another department's), and ``citation`` is then its scope;
    ``strict`` is the clause that calls for strict enforcement in this sector without barring it.
    """

    excluded: bool | None = None
    citation: ClauseRef | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()
    applies: bool = True
    strict: ClauseRef | None = None


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """One list item that was looked at, whether or not the verdict rests on it."""

    item: ListItem
    finding: Finding
    conditions: tuple[ConditionFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The pre-check of one case: outcome, the ground it rests on and a finding per condition.

    ``missing`` names facts (contract.md) in the order in which asking them helps most;
    ``citations`` every clause the verdict rests on, the most important first. ``item`` is the
    list item that the verdict rests on; ``considered`` every item looked at, the nearest first.
    ``open_conditions`` are printed conditions that no fact of the contract covers and that the
    asker may answer by yes or no (``Situation.told``). ``at_least`` is the lighter penalty that
    already follows while it is still open whether there will be any.
    """

    outcome: Outcome
    ground: Ground | None
    programme: ProgrammeFinding = ProgrammeFinding()
    item: ListItem | None = None
    conditions: tuple[ConditionFinding, ...] = ()
    missing: tuple[str, ...] = ()
    citations: tuple[ClauseRef, ...] = ()
    cautions: tuple[Caution, ...] = ()
    considered: tuple[ItemFinding, ...] = ()
    open_conditions: tuple[str, ...] = ()
    at_least: Outcome | None = None
