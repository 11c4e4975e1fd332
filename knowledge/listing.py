"""List items as tracks: each with its own conditions, and none of another region or field."""

from __future__ import annotations

from collections.abc import Container, Iterable

from .clause import ClauseRef
from .exemption import Condition, Ground, ItemFinding, ListItem, ListOutcome, Outcome
from .predicate import (
    AllOf,
    Appraisal,
    Appraised,
    Attestation,
    Attested,
    FirstOffence,
    Incapacity,
    Lookback,
    NoFault,
    Predicate,
    TimeBar,
    leaves,
)
from .sector import sectors_of_field
from .situation import Fault, Situation
from .track import Requirement, Track, follow

NATION = "全国"

_EFFECTS = {
    ListOutcome.FIRST_OFFENCE_EXEMPT: Outcome.MAY_BE_EXEMPT,
    ListOutcome.SHALL_BE_EXEMPT: Outcome.SHALL_BE_EXEMPT,
    ListOutcome.MAY_BE_EXEMPT: Outcome.MAY_BE_EXEMPT,
    ListOutcome.LIGHTER: Outcome.LIGHTER,
    ListOutcome.MITIGATED: Outcome.MITIGATED,
}


def effect(item: ListItem) -> Outcome:
    """What follows when the item is met: 首违不罚 means may, unless the list itself says 不予."""
    return Outcome.SHALL_BE_EXEMPT if item.mandatory else _EFFECTS[item.outcome]


def requirements(item: ListItem) -> tuple[Requirement, ...]:
    """The item's conditions; a 首违不罚 item demands a first offence even where it does not repeat it."""
    stated = [
        Requirement(c.text, _without_commitment(_meaning(c)), item.ref, not _is_commitment(c))
        for c in item.conditions
    ]
    if item.outcome is ListOutcome.FIRST_OFFENCE_EXEMPT and not any(map(_about_history, item.conditions)):
        stated.append(Requirement("初次违法", FirstOffence(), item.ref))
    return tuple(stated)


def _meaning(condition: Condition) -> Predicate:
    return condition.predicate or Appraised(Appraisal.TEXT, condition.text)


def _without_commitment(predicate: Predicate) -> Predicate:
    """Several conditions in one text, less the commitment letter among them."""
    if not isinstance(predicate, AllOf):
        return predicate
    kept = tuple(part for part in predicate.parts if not _commits(part))
    return AllOf(kept) if kept else predicate


def _commits(predicate: Predicate) -> bool:
    return isinstance(predicate, Attested) and predicate.about is Attestation.COMMITMENT


def _leaves(condition: Condition) -> list[Predicate]:
    return list(leaves(condition.predicate)) if condition.predicate else []


def _is_commitment(condition: Condition) -> bool:
    """A commitment letter is never a gate: nobody is punished for not signing one."""
    found = _leaves(condition)
    return bool(found) and all(map(_commits, found))


def _about_history(condition: Condition) -> bool:
    return any(isinstance(leaf, FirstOffence | Lookback) for leaf in _leaves(condition))


def has_commitment(item: ListItem) -> bool:
    return any(_commits(leaf) for condition in item.conditions for leaf in _leaves(condition))


def applies(
    item: ListItem, situation: Situation, region: str = "", department: str = "", *, sure: bool = False
) -> bool:
    """False where the item is of another region, or of a field that the case is not known to touch.

    A likeness of words alone proves little across fields; ``sure`` says that the matter is the asker's.
    """
    if region and item.region and not any(_holds(part, region) for part in item.region.split("、")):
        return False
    if sure:
        return True
    fields = sectors_of_field(item.field) or sectors_of_field(item.department)
    told = (sectors_of_field(department) if department else frozenset()) or frozenset(situation.sectors)
    return not fields or bool(fields & told - {"other"})


def _holds(place: str, region: str) -> bool:
    """True when ``region`` lies in ``place``; places of printed lists may lack the slashes."""
    return place in (NATION, region) or region.replace("/", "").startswith(place.replace("/", ""))


def listed(
    items: Iterable[ListItem],
    situation: Situation,
    region: str = "",
    department: str = "",
    sure: Container[ClauseRef] = (),
) -> tuple[Track, ...]:
    """A track for each item that can bear on the case, in an order that does not depend on the caller's."""
    chosen = {(item.list, item.number): item for item in items}
    return tuple(
        follow(
            Ground.LIST_ITEM,
            effect(item),
            requirements(item),
            situation,
            item=item,
            raised=_is_raised(item, situation),
        )
        for _, item in sorted(chosen.items())
        if applies(item, situation, region, department, sure=item.ref in sure)
    )


def _is_raised(item: ListItem, situation: Situation) -> bool:
    """True where the item applies an exceptional ground that the asker brought up himself."""
    told = {
        NoFault: situation.fault is Fault.NONE_PROVABLE,
        TimeBar: situation.time_since_act_years is not None,
        Incapacity: bool(situation.incapacity),
    }
    return any(told.get(type(leaf), False) for c in item.conditions for leaf in _leaves(c))


def as_finding(track: Track) -> ItemFinding:
    assert track.item is not None
    return ItemFinding(track.item, track.finding, track.conditions)
