"""A typed condition as a form: its kind from a list, the fields of that kind, and groups of more of them.

Everything is pure: what was typed becomes a form, a form becomes a predicate or says at which field it
cannot. Places in a form are named by their path: ``c-0`` the first condition, ``c-0-1`` its second part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from knowledge.measure import units
from knowledge.predicate import (
    ActMinor,
    AgeIs,
    AllOf,
    AmountAtMost,
    AnyOf,
    Appraised,
    Attested,
    BusinessAgeAtMost,
    Corrected,
    DoneByDate,
    DurationAtMost,
    FirstOffence,
    HarmIs,
    Incapacity,
    Lookback,
    MitigatedBy,
    NoFault,
    OtherGround,
    Predicate,
    QuantityAtMost,
    Term,
    TimeBar,
)
from knowledge.situation import Harm
from portal.errors import FieldError

from .typed_fields import Input, TypedField, WrongField, fields_of, read, typed_of

GROUPS: Mapping[str, tuple[type[Predicate], ...]] = {
    "often": (
        FirstOffence,
        Lookback,
        HarmIs,
        ActMinor,
        Corrected,
        AmountAtMost,
        QuantityAtMost,
        DurationAtMost,
        DoneByDate,
        BusinessAgeAtMost,
    ),
    "told": (Attested, MitigatedBy, NoFault, TimeBar, AgeIs, Incapacity),
    "judged": (Appraised, OtherGround),
    "joined": (AllOf, AnyOf),
}
"""The kinds in the order in which the list offers them."""

KINDS: Mapping[str, type[Predicate]] = {kind.__name__: kind for kinds in GROUPS.values() for kind in kinds}
JOINED = ("AllOf", "AnyOf")
DEEPEST = 4
MOST_PARTS = 12

_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("FirstOffence", "territory"): ("", "agency", "city", "province", "nation"),
    ("HarmIs", "at_most"): (Harm.NONE.value, Harm.SLIGHT.value),
}
"""Choices that are fewer, or other, than the type of the field alone would allow."""


@dataclass(frozen=True, slots=True)
class PredicateForm:
    """One kind with what was typed in its fields. ``kind`` is empty for what only the authority judges.

    ``fresh``: the kind was just chosen, and its fields have not been seen by whoever chose it.
    """

    kind: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[PredicateForm, ...] = ()
    fresh: bool = False

    @property
    def fields(self) -> tuple[TypedField, ...]:
        return kind_fields(self.kind)

    @property
    def joined(self) -> bool:
        return self.kind in JOINED

    @classmethod
    def of(cls, predicate: Predicate | None) -> PredicateForm:
        if predicate is None:
            return cls()
        if isinstance(predicate, AllOf | AnyOf):
            return cls(type(predicate).__name__, {}, tuple(cls.of(part) for part in predicate.parts))
        return cls(type(predicate).__name__, typed_of(predicate))

    @classmethod
    def sent(cls, form: Mapping[str, str], path: str, depth: int = 0) -> PredicateForm:
        """What was sent for the place ``path``; a kind that is not offered counts as none."""
        kind, before = (form.get(f"{path}-{name}", "") for name in ("kind", "shown"))
        kind = kind if kind in KINDS and (kind not in JOINED or depth < DEEPEST) else ""
        parts = _sent_parts(form, path, depth) if kind in JOINED else ()
        if kind in JOINED and not parts:
            parts = (cls._leaf(form, path, before) if before in KINDS else cls(), cls())
        return replace(cls._leaf(form, path, kind), parts=parts, fresh=kind != before)

    @classmethod
    def _leaf(cls, form: Mapping[str, str], path: str, kind: str) -> PredicateForm:
        """One kind with the values sent for its fields; fields of a kind just chosen begin as usual."""
        fields = kind_fields(kind)
        seen = form.get(f"{path}-shown", "") == kind
        starts = {f.name: "" if seen else f.start for f in fields}
        sent = {f.name: form[name] for f in fields if (name := f"{path}-{f.name}") in form}
        return cls(kind, {**starts, **sent})

    def build(self, path: str, words: str) -> tuple[Predicate | None, list[FieldError]]:
        """The predicate, and what is wrong with it; ``words`` are the printed ones of its condition."""
        if not self.kind:
            return None, []
        if self.joined:
            return self._build_joined(path, words)
        values, errors = self._values(path, words)
        if errors:
            return None, errors
        predicate = KINDS[self.kind](**values)
        return predicate, [wrong.at(f"{path}-{name}") for name, wrong in _unsound(predicate)]

    def _build_joined(self, path: str, words: str) -> tuple[Predicate | None, list[FieldError]]:
        built: list[Predicate] = []
        errors: list[FieldError] = []
        for n, part in enumerate(self.parts):
            predicate, wrong = part.build(f"{path}-{n}", words)
            errors += wrong
            if predicate is not None:
                built.append(predicate)
            elif not part.kind:
                errors.append(FieldError(f"{path}-{n}-kind", "choose"))
        if len(self.parts) < 2:
            errors.append(FieldError(f"{path}-kind", "item_parts"))
        made = AllOf(tuple(built)) if self.kind == "AllOf" else AnyOf(tuple(built))
        return (None, errors) if errors else (made, [])

    def _values(self, path: str, words: str) -> tuple[dict[str, Any], list[FieldError]]:
        values: dict[str, Any] = {}
        errors: list[FieldError] = []
        told = {**self.typed}
        if "text" in {f.name for f in self.fields}:
            told["text"] = told.get("text", "").strip() or words
        for item in self.fields:
            try:
                values[item.name] = read(item, told)
            except WrongField as wrong:
                errors.append(wrong.at(f"{path}-{item.name}"))
        return values, errors

    def seen(self, path: str) -> list[FieldError]:
        """An error at every kind that was just chosen and has fields: nobody has looked at those yet."""
        own = (
            [FieldError(f"{path}-kind", "item_fresh")] if self.fresh and (self.fields or self.joined) else []
        )
        return [*own, *(e for n, part in enumerate(self.parts) for e in part.seen(f"{path}-{n}"))]

    def changed(self, path: tuple[int, ...], act: str) -> PredicateForm:
        """The form with the part at ``path`` removed, or with one more part in the group there."""
        if act == "remove" and len(path) == 1:
            return replace(self, parts=tuple(p for n, p in enumerate(self.parts) if n != path[0]))
        if path:
            parts = (p.changed(path[1:], act) if n == path[0] else p for n, p in enumerate(self.parts))
            return replace(self, parts=tuple(parts))
        if act == "part" and self.joined and len(self.parts) < MOST_PARTS:
            return replace(self, parts=(*self.parts, PredicateForm()))
        return self


@cache
def kind_fields(kind: str) -> tuple[TypedField, ...]:
    """The fields of a kind; none for a group or for what only the authority judges."""
    if kind not in KINDS or kind in JOINED:
        return ()
    return tuple(_narrowed(kind, item) for item in fields_of(KINDS[kind]))


def known_units() -> tuple[str, ...]:
    """The units that the pre-check can convert into each other."""
    return tuple(units())


def _narrowed(kind: str, item: TypedField) -> TypedField:
    choices = _CHOICES.get((kind, item.name))
    if choices is None:
        return item
    return replace(item, input=Input.CHOICE, choices=choices, optional="" in choices)


def _sent_parts(form: Mapping[str, str], path: str, depth: int) -> tuple[PredicateForm, ...]:
    parts: list[PredicateForm] = []
    while f"{path}-{len(parts)}-kind" in form:
        parts.append(PredicateForm.sent(form, f"{path}-{len(parts)}", depth + 1))
    return tuple(parts)


def _unsound(predicate: Predicate) -> list[tuple[str, WrongField]]:
    """What no single field can tell: limits that are missing, or that nothing can keep."""
    match predicate:
        case Corrected(term=Term.WITHIN_DAYS, days=None):
            return [("days", WrongField("required"))]
        case Corrected(term=Term.WITHIN_HOURS, hours=None):
            return [("hours", WrongField("required"))]
        case AgeIs(at_least=least, below=below) if least >= below:
            return [("below", WrongField("item_age"))]
        case Lookback(months=0) | FirstOffence(window_months=0):
            name = "months" if isinstance(predicate, Lookback) else "window_months"
            return [(name, WrongField("item_months"))]
    return []
