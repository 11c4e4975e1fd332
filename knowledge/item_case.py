"""Test cases of a list item: a situation, and what the item must come to in it.

A case speaks of its item alone, whatever else the law may give: an item that is met leads to its own
effect, one that fails to ``conditions_not_met``, one that waits to ``needs_facts``, and one that only the
authority can judge to ``officer_decides``. Cases are proposed from the typed conditions for a person who
knows the list to confirm, and run again whenever the item or the rules change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from . import record
from .assess import assess
from .casework import blank, negatives, positive
from .evaluation import all_of, evaluate
from .exemption import ItemFinding, ListItem, Outcome, Verdict
from .listing import effect, requirements
from .predicate import Appraised, OtherGround, Predicate, leaves
from .situation import Finding, Situation

KEY = 16


class NoProposal(StrEnum):
    """Why no case is proposed: nothing in the item can be told, or its conditions exclude each other."""

    UNTYPED = "untyped"
    CONTRADICTORY = "contradictory"


@dataclass(frozen=True, slots=True)
class ItemCase:
    """``due`` is what the item must come to; ``condition`` the printed one that must be found wanting."""

    situation: Situation
    due: Outcome
    condition: str = ""


@dataclass(frozen=True, slots=True)
class CaseProposal:
    """The cases that an item's typed conditions give, or why they give none."""

    cases: tuple[ItemCase, ...] = ()
    reason: NoProposal | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case came out: what the item came to, and which conditions failed or are still open.

    ``verdict`` is the whole pre-check, which another ground may decide.
    """

    passes: bool
    outcome: Outcome
    failed: tuple[str, ...]
    open: tuple[str, ...]
    verdict: Verdict


def propose_cases(item: ListItem) -> CaseProposal:
    """One case that meets every typed condition and, for each of them, one in which it alone is unmet.

    Conditions that turn on the same fact fail together and share a case. A commitment letter makes none:
    it never decides, so nothing changes without it.
    """
    typed = {r.text for r in requirements(item) if r.gate and can_be_told(r.predicate)}
    if not typed:
        return CaseProposal(reason=NoProposal.UNTYPED)
    best = positive(item).situation
    due = _due(item, best)
    if due is Outcome.CONDITIONS_NOT_MET:
        return CaseProposal(reason=NoProposal.CONTRADICTORY)
    different: dict[str, ItemCase] = {}
    for case in (ItemCase(best, due), *_unmet(item, typed)):
        different.setdefault(case_key(case), case)
    return CaseProposal(tuple(different.values()))


def judge_case(item: ListItem, case: ItemCase) -> CaseResult:
    """Runs the case through the pre-check, with this item as the only one in force.

    A condition that the item no longer prints is not looked for: only what the case comes to counts.
    """
    place = item.region.partition("、")[0]
    verdict = assess(case.situation, [item], region=place, sure=[item.ref])
    if not verdict.considered:
        return CaseResult(verdict.outcome is case.due, verdict.outcome, (), (), verdict)
    found = verdict.considered[0]
    outcome = _outcome(item, found.finding)
    met = {c.condition for c in found.conditions if c.finding is Finding.MET}
    passes = outcome is case.due and case.condition not in met
    return CaseResult(
        passes, outcome, _texts(found, Finding.NOT_MET), _texts(found, Finding.UNKNOWN), verdict
    )


def officers_case(item: ListItem) -> ItemCase:
    """The case of an item of which nothing can be told: whatever happened, the authority decides."""
    return ItemCase(blank(item), Outcome.OFFICER_DECIDES)


def case_key(case: ItemCase) -> str:
    """Names a case within its item: two cases that tell the same are the same case, in whatever order.

    The field does not count: it is the item's, not the case's.
    """
    told = replace(
        case.situation,
        sectors=(),
        told=tuple(sorted(case.situation.told)),
        quantity=tuple(sorted(case.situation.quantity, key=lambda q: (q.unit, q.value))),
    )
    return record.digest(told)[:KEY]


def meaning_digest(item: ListItem) -> str:
    """A fingerprint of what decides an item's cases: its conditions and its effect."""
    return record.digest([item.outcome, item.mandatory, item.conditions])


def can_be_told(predicate: Predicate) -> bool:
    """True where an asker can tell at least one part of a predicate."""
    return any(not isinstance(leaf, Appraised | OtherGround) for leaf in leaves(predicate))


def dues(item: ListItem) -> tuple[Outcome, ...]:
    """Everything that the item can come to, its own effect first."""
    return (
        effect(item),
        Outcome.CONDITIONS_NOT_MET,
        Outcome.NEEDS_FACTS,
        Outcome.OFFICER_DECIDES,
        Outcome.NO_OPINION,
    )


def _unmet(item: ListItem, typed: set[str]) -> Iterator[ItemCase]:
    for sample in negatives(item):
        if sample.condition in typed and not _holds(item, sample.condition, sample.situation):
            yield ItemCase(sample.situation, _due(item, sample.situation), sample.condition)


def _holds(item: ListItem, condition: str, situation: Situation) -> bool:
    return any(
        evaluate(r.predicate, situation) is Finding.MET for r in requirements(item) if r.text == condition
    )


def _due(item: ListItem, situation: Situation) -> Outcome:
    gates = [r for r in requirements(item) if r.gate]
    finding = all_of(evaluate(r.predicate, situation) for r in gates) if gates else Finding.OFFICER
    return _outcome(item, finding)


def _outcome(item: ListItem, finding: Finding) -> Outcome:
    waiting = {
        Finding.NOT_MET: Outcome.CONDITIONS_NOT_MET,
        Finding.UNKNOWN: Outcome.NEEDS_FACTS,
        Finding.OFFICER: Outcome.OFFICER_DECIDES,
    }
    return waiting.get(finding) or effect(item)


def _texts(found: ItemFinding, finding: Finding) -> tuple[str, ...]:
    return tuple(c.condition for c in found.conditions if c.finding is finding)
