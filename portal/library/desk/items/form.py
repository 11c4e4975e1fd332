"""A list item as a form: its words, its effect, and its conditions, each printed and typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.edition import Edition
from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.parse.conditions import parse_condition
from portal.errors import FieldError, FieldErrors

from .predicate_form import PredicateForm
from .typed_fields import YES

LIMITS: Mapping[str, int] = {
    "number": 40,
    "matter": 500,
    "violation_basis": 500,
    "penalty_basis": 500,
    "measures": 500,
    "benchmark": 500,
    "field": 60,
    "department": 100,
    "source": 300,
}
NEEDED = ("number", "matter")
WORDS = 300
MOST_CONDITIONS = 40
_PATH = re.compile(r"c-(\d+)((?:-\d+)*)")


@dataclass(frozen=True, slots=True)
class ConditionForm:
    """One condition: its own words, and what they mean."""

    words: str = ""
    meaning: PredicateForm = field(default_factory=PredicateForm)


@dataclass(frozen=True, slots=True)
class ItemForm:
    """What was typed of an item; ``mandatory`` where the list itself says 不予 of a first offence."""

    texts: Mapping[str, str]
    outcome: str = ""
    mandatory: bool = False
    conditions: tuple[ConditionForm, ...] = ()

    @classmethod
    def of(cls, item: ListItem) -> ItemForm:
        return cls(
            {name: getattr(item, name) for name in LIMITS},
            item.outcome.value,
            item.mandatory,
            tuple(ConditionForm(c.text, PredicateForm.of(c.predicate)) for c in item.conditions),
        )

    @classmethod
    def new(cls, edition: Edition) -> ItemForm:
        """A form for a new item, with what it shares with the others of its list."""
        last = edition.items[-1] if edition.items else None
        texts = {
            **dict.fromkeys(LIMITS, ""),
            "number": _next_number(edition),
            "department": last.department if last else edition.department,
            "field": last.field if last else "",
            "source": last.source if last else edition.source,
        }
        return cls(
            texts, last.outcome.value if last else "", bool(last and last.mandatory), (ConditionForm(),)
        )

    @classmethod
    def sent(cls, form: Mapping[str, str]) -> ItemForm:
        conditions: list[ConditionForm] = []
        while f"c-{len(conditions)}-words" in form:
            path = f"c-{len(conditions)}"
            meaning = PredicateForm.sent(form, path)
            conditions.append(ConditionForm(_line(form[f"{path}-words"]), meaning))
        texts = {name: _line(form.get(name, "")) for name in LIMITS}
        return cls(texts, form.get("outcome", ""), form.get("mandatory") == YES, tuple(conditions))

    def after(self, act: str) -> ItemForm:
        """The form after a button that saves nothing: ``add``; or ``remove``, ``part``, ``read`` there."""
        name, _, path = act.partition(":")
        if name == "add" and len(self.conditions) < MOST_CONDITIONS:
            return replace(self, conditions=(*self.conditions, ConditionForm()))
        found = _PATH.fullmatch(path)
        if found is None or int(found.group(1)) >= len(self.conditions):
            return self
        place = int(found.group(1))
        inner = tuple(int(step) for step in found.group(2).split("-") if step)
        if name == "remove" and not inner:
            return replace(self, conditions=tuple(c for n, c in enumerate(self.conditions) if n != place))
        changed = _after(self.conditions[place], name, inner)
        conditions = tuple(changed if n == place else c for n, c in enumerate(self.conditions))
        return replace(self, conditions=conditions)

    def build(self, base: ListItem) -> ListItem:
        """The item, on the ground of ``base``; FieldErrors with every field that is wrong."""
        errors = [*self._wrong_texts(base), *self._wrong_outcome()]
        conditions: list[Condition] = []
        before = {_line(condition.text) for condition in base.conditions}
        for n, condition in enumerate(self.conditions):
            path = f"c-{n}"
            if not condition.words:
                errors.append(FieldError(f"{path}-words", "required"))
            elif len(condition.words) > WORDS and condition.words not in before:
                errors.append(_too_long(f"{path}-words", condition.words, WORDS))
            predicate, wrong = condition.meaning.build(path, condition.words)
            errors += [*wrong, *(condition.meaning.seen(path) if not wrong else [])]
            conditions.append(_kept(Condition(condition.words, predicate), base))
        if errors:
            raise FieldErrors(errors=errors)
        texts: dict[str, Any] = {n: _kept_text(text, getattr(base, n)) for n, text in self.texts.items()}
        return replace(
            base,
            **texts,
            outcome=ListOutcome(self.outcome),
            mandatory=self.mandatory,
            conditions=tuple(conditions),
        )

    def _wrong_texts(self, base: ListItem) -> list[FieldError]:
        """What is missing or too long; a long text that came in from a file and was left alone may stay."""
        missing = [FieldError(name, "required") for name in ("number", *NEEDED) if not self.texts[name]]
        long = [
            _too_long(n, self.texts[n], limit)
            for n, limit in LIMITS.items()
            if len(self.texts[n]) > limit and self.texts[n] != _line(getattr(base, n))
        ]
        return [*missing, *long]

    def _wrong_outcome(self) -> list[FieldError]:
        if self.outcome not in {outcome.value for outcome in ListOutcome}:
            return [FieldError("outcome", "choose")]
        if self.mandatory and self.outcome != ListOutcome.FIRST_OFFENCE_EXEMPT.value:
            return [FieldError("mandatory", "item_mandatory")]
        return []


def _after(condition: ConditionForm, act: str, inner: tuple[int, ...]) -> ConditionForm:
    if act == "read":
        return replace(condition, meaning=PredicateForm.of(parse_condition(condition.words)))
    if act in ("remove", "part"):
        return replace(condition, meaning=condition.meaning.changed(inner, act))
    return condition


def _kept(condition: Condition, base: ListItem) -> Condition:
    """The very condition of before where it says the same, so that its record stays as it was."""
    alike = (
        b for b in base.conditions if (_line(b.text), b.predicate) == (condition.text, condition.predicate)
    )
    return next(alike, condition)


def _kept_text(text: str, before: str) -> str:
    """What stood before where only the space in it differs."""
    return before if _line(before) == text else text


def _next_number(edition: Edition) -> str:
    numbers = [int(item.number) for item in edition.items if item.number.isascii() and item.number.isdigit()]
    return str(max(numbers, default=0) + 1)


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _too_long(place: str, text: str, limit: int) -> FieldError:
    return FieldError(place, "too_long", {"limit": limit, "length": len(text)})
