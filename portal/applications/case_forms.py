"""The forms of the acts: which fields each has, what they may hold, and what is wrong with what was typed.

Fields, options and the grounds of each region are data (``case_forms.json``). Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.region import ancestors
from portal.bodies import typed_day
from portal.errors import FieldError, FieldErrors

from .lifecycle import Act
from .statement import clean

_FILE = Path(__file__).with_name("case_forms.json")

Options = Mapping[str, Sequence[str]]
"""What may be chosen where the choice depends on the case: methods, colleagues, documents, grounds."""


@dataclass(frozen=True, slots=True)
class Field:
    """``kind``: text, long, date, flag, choice, choices (some of them) or all (every one of them).
    ``lines`` is how many lines a long text must have at least; ``needed`` names other fields and the values
    of them that make this one required."""

    name: str
    kind: str
    options: str = ""
    limit: int = 0
    day: str = ""
    lines: int = 0
    required: bool = True
    needed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def is_needed(self, values: Mapping[str, Any]) -> bool:
        if not self.needed:
            return self.required
        return any(_holds(values.get(name), wanted) for name, wanted in self.needed.items())


@dataclass(frozen=True, slots=True)
class CaseForm:
    """The form of one act; an act may have several. ``any_of`` names fields of which one must be filled."""

    name: str
    act: Act
    fields: tuple[Field, ...]
    any_of: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


def case_form(name: str) -> CaseForm | None:
    return _forms().get(name.replace("-", "_"))


def forms_of(act: Act) -> tuple[CaseForm, ...]:
    return tuple(form for form in _forms().values() if form.act is act)


def options_of(field: Field, options: Options) -> tuple[str, ...]:
    """What may be chosen in a field: what the case offers, else what the data lists."""
    return tuple(options.get(field.options) or _data()["options"].get(field.options, ()))


def region_options(region: str) -> dict[str, tuple[str, ...]]:
    """The grounds of termination and the simple cases of the nearest region that has its own."""
    regions: Mapping[str, Mapping[str, Sequence[str]]] = _data()["regions"]
    own = [regions[r] for r in ancestors(region) if r in regions] if region else []
    return {name: tuple(values) for name, values in (own[-1] if own else regions[""]).items()}


def rule_of(ground: str) -> str:
    """The rule of the region's programme that a ground rests on; empty for none."""
    return str(_data()["rules"].get(ground, ""))


def basis_ground(region: str) -> str:
    """The ground on which a case of the region ends when what it rests on has changed; empty where the
    region's notice has none."""
    own = region_options(region)["termination"]
    return next((ground for ground in _data()["basis_grounds"] if ground in own), "")


def paper_act(kind: str, *, correction: bool) -> Act | None:
    """The act by which a document of this kind is issued by itself, or corrected; None where it is not."""
    acts = {**_data()["papers"], **(_data()["corrected"] if correction else {})}
    return Act(acts[kind]) if kind in acts else None


def paper_kinds() -> tuple[str, ...]:
    """The kinds of documents that an officer issues by themselves, beside those that come with an act."""
    return tuple(_data()["papers"])


def poor_ratings() -> tuple[str, ...]:
    """The ratings after which the agency has to put something right (差评整改)."""
    return tuple(_data()["poor_ratings"])


def check_form(form: CaseForm, values: Mapping[str, object], options: Options, today: date) -> dict[str, Any]:
    """What the form says, in its one form; FieldErrors that name every field that is wrong."""
    errors: list[FieldError] = []
    checked: dict[str, Any] = {}
    for part in form.fields:
        try:
            checked[part.name] = _check(part, values.get(part.name), options, today)
        except FieldErrors as wrong:
            errors.extend(wrong.errors)
            checked[part.name] = None
    wrong_ones = {error.field for error in errors}
    for part in form.fields:
        if part.name in wrong_ones:
            continue
        if not part.is_needed(checked):
            if part.needed:
                checked[part.name] = _empty(part)
        elif not checked[part.name]:
            errors.append(FieldError(part.name, _missing(part)))
        elif part.lines and len(checked[part.name].splitlines()) < part.lines:
            errors.append(FieldError(part.name, "too_few_lines", {"lines": part.lines}))
        elif part.kind == "all" and len(checked[part.name]) < len(options_of(part, options)):
            errors.append(FieldError(part.name, "all_needed"))
    if not errors and form.any_of and not any(checked[name] for name in form.any_of):
        errors.append(FieldError(form.any_of[0], "one_of_these"))
    if errors:
        order = [part.name for part in form.fields]
        raise FieldErrors(errors=sorted(errors, key=lambda error: order.index(error.field)))
    return checked


def typed_form(form: CaseForm, sent: Any) -> dict[str, object]:  # noqa: ANN401  a MultiDict or a mapping
    """What a page sent for the fields of a form, as it was typed."""
    typed: dict[str, object] = {}
    for part in form.fields:
        if part.kind in ("choices", "all"):
            typed[part.name] = sent.getlist(part.name)
        else:
            typed[part.name] = sent.get(part.name, "")
    return typed


def _check(part: Field, value: object, options: Options, today: date) -> object:
    if part.kind == "flag":
        return value in (True, "yes")
    if part.kind in ("choices", "all"):
        given = [str(v) for v in value] if isinstance(value, list | tuple) else []
        known = options_of(part, options)
        if any(v not in known for v in given):
            raise FieldErrors(errors=[FieldError(part.name, "choose")])
        return [v for v in known if v in given]
    text = clean(value) if isinstance(value, str) else ""
    if part.kind == "choice":
        if text and text not in options_of(part, options):
            raise FieldErrors(errors=[FieldError(part.name, "choose")])
        return text
    if part.kind == "date":
        return _day(part, text, today)
    if len(text) > part.limit:
        values = {"limit": part.limit, "length": len(text)}
        raise FieldErrors(errors=[FieldError(part.name, "too_long", values)])
    return text


def _day(part: Field, text: str, today: date) -> str:
    day = typed_day(text, part.name)
    if day is None:
        return ""
    if part.day == "past" and day > today:
        raise FieldErrors(errors=[FieldError(part.name, "day_past")])
    if part.day == "future" and day < today:
        raise FieldErrors(errors=[FieldError(part.name, "day_future")])
    return day.isoformat()


def _holds(value: object, wanted: Sequence[str]) -> bool:
    held = value if isinstance(value, list) else [value]
    return any(v in wanted for v in held)


def _missing(part: Field) -> str:
    return {"choice": "choose", "choices": "choose", "all": "all_needed"}.get(part.kind, "required")


def _empty(part: Field) -> object:
    return [] if part.kind in ("choices", "all") else False if part.kind == "flag" else ""


@cache
def _forms() -> dict[str, CaseForm]:
    return {
        name: CaseForm(
            name,
            Act(form["act"]),
            tuple(
                Field(**{"required": part["kind"] not in ("choices", "flag"), **part})
                for part in form["fields"]
            ),
            tuple(form.get("any", ())),
        )
        for name, form in _data()["forms"].items()
    }


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return data
