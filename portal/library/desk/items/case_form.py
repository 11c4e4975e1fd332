"""A test case as a form: what is told of the case, fact by fact, and what the item must come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from knowledge.asking import fact_of
from knowledge.casework import blank
from knowledge.exemption import ListItem
from knowledge.item_case import ItemCase, dues
from knowledge.listing import requirements
from knowledge.predicate import (
    Appraised,
    Attested,
    Incapacity,
    MitigatedBy,
    Predicate,
    QuantityAtMost,
    leaves,
)
from knowledge.situation import Mitigation, Quantity, Situation
from portal.errors import FieldError, FieldErrors

from .typed_fields import NO, YES, TypedField, WrongField, fields_of, read, shown, typed_of

_NOT_OF_AN_ITEM = ("emergency_exploited", "high_risk")
_TOGETHER = {
    "first_offence": ("first_offence", "repeat_within_months"),
    "corrected": ("corrected", "correction_days", "correction_hours", "refused_correction"),
    "corrected_on": ("corrected", "corrected_on", "refused_correction"),
}


@dataclass(frozen=True, slots=True)
class CaseForm:
    """``quantities`` are units with the number told; ``told`` printed conditions with yes, no or nothing."""

    facts: Mapping[str, str]
    quantities: tuple[tuple[str, str], ...]
    told: tuple[tuple[str, str], ...]
    mitigations: frozenset[str]
    due: str
    condition: str

    @classmethod
    def of(cls, item: ListItem, case: ItemCase | None) -> CaseForm:
        """The form of a case, or one of which nothing is told yet."""
        situation = case.situation if case else blank(item)
        amounts = {**dict.fromkeys(_units(item), ""), **{q.unit: shown(q.value) for q in situation.quantity}}
        told = {**dict.fromkeys(_texts(item), ""), **{t: shown(yes) for t, yes in situation.told}}
        return cls(
            typed_of(situation),
            tuple(amounts.items()),
            tuple(told.items()),
            frozenset(m.value for m in situation.mitigations),
            case.due.value if case else "",
            case.condition if case else "",
        )

    @classmethod
    def sent(cls, form: Mapping[str, str], mitigations: Iterable[str]) -> CaseForm:
        return cls(
            {f.name: form.get(f"f-{f.name}", "") for f in all_facts()},
            tuple(_pairs(form, "q", "unit")),
            tuple(_pairs(form, "t", "text")),
            frozenset(mitigations),
            form.get("due", ""),
            form.get("condition", ""),
        )

    def build(self, item: ListItem) -> ItemCase:
        """The case; FieldErrors with every field that is wrong."""
        errors: list[FieldError] = []
        facts = dict(_read_facts(self.facts, errors))
        quantities = tuple(_read_quantities(self.quantities, errors))
        if self.due not in {due.value for due in dues(item)}:
            errors.append(FieldError("due", "choose"))
        if self.condition and self.condition not in conditions_of(item):
            errors.append(FieldError("condition", "choose"))
        if errors:
            raise FieldErrors(errors=errors)
        situation = replace(
            blank(item),
            **facts,
            quantity=quantities,
            told=tuple((text, answer == YES) for text, answer in self.told if answer in (YES, NO)),
            mitigations=frozenset(m for m in Mitigation if m.value in self.mitigations),
        )
        due = next(due for due in dues(item) if due.value == self.due)
        return ItemCase(situation, due, self.condition)


def all_facts() -> tuple[TypedField, ...]:
    """Every fact that a case of an item may tell, by itself."""
    return tuple(f for f in fields_of(Situation) if f.name not in _NOT_OF_AN_ITEM)


def near_facts(item: ListItem) -> frozenset[str]:
    """The facts on which the item's conditions turn, with those that go with them."""
    near: set[str] = set()
    for leaf in _leaves(item):
        fact = "incapacity" if isinstance(leaf, Incapacity) else fact_of(leaf)
        near.update(_TOGETHER.get(fact, (fact,)))
    return frozenset(near)


def turns_on_mitigation(item: ListItem) -> bool:
    return any(isinstance(leaf, MitigatedBy) for leaf in _leaves(item))


def conditions_of(item: ListItem) -> tuple[str, ...]:
    """The conditions as the pre-check names them, 初次违法 included where the list only implies it."""
    return tuple(dict.fromkeys(r.text for r in requirements(item)))


def _leaves(item: ListItem) -> Iterator[Predicate]:
    for requirement in requirements(item):
        yield from leaves(requirement.predicate)


def _units(item: ListItem) -> tuple[str, ...]:
    return tuple(leaf.unit for leaf in _leaves(item) if isinstance(leaf, QuantityAtMost))


def _texts(item: ListItem) -> tuple[str, ...]:
    return tuple(leaf.text for leaf in _leaves(item) if isinstance(leaf, Attested | Appraised))


def _pairs(form: Mapping[str, str], letter: str, name: str) -> Iterator[tuple[str, str]]:
    n = 0
    while f"{letter}-{n}-{name}" in form:
        yield form[f"{letter}-{n}-{name}"], form.get(f"{letter}-{n}", "")
        n += 1


def _read_facts(typed: Mapping[str, str], errors: list[FieldError]) -> Iterator[tuple[str, Any]]:
    for fact in all_facts():
        try:
            yield fact.name, read(fact, typed)
        except WrongField as wrong:
            errors.append(wrong.at(f"f-{fact.name}"))


_AMOUNT = next(f for f in fields_of(Situation) if f.name == "amount_yuan")


def _read_quantities(typed: Iterable[tuple[str, str]], errors: list[FieldError]) -> Iterator[Quantity]:
    for n, (unit, text) in enumerate(typed):
        try:
            value = read(_AMOUNT, {_AMOUNT.name: text})
        except WrongField as wrong:
            errors.append(wrong.at(f"q-{n}"))
            continue
        if value is not None:
            yield Quantity(value, unit)
