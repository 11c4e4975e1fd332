"""Fields of a dataclass as fields of a form: what each takes, how it is shown, how it is read."""

from __future__ import annotations

import re
import types
import typing
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Any

from knowledge.told_day import ToldDay
from portal.errors import FieldError

LONGEST = 300
LARGEST = 1_000_000_000_000
YES, NO = "yes", "no"


class Input(StrEnum):
    """``ticked`` is a box; ``told`` a yes, a no, or nothing told; ``when`` a day or less of it."""

    CHOICE = "choice"
    TICKED = "ticked"
    TOLD = "told"
    NUMBER = "number"
    WHOLE = "whole"
    TEXT = "text"
    DAY = "day"
    WHEN = "when"


@dataclass(frozen=True, slots=True)
class TypedField:
    """One field. ``optional`` where it may be left empty; ``start`` is what an untouched form shows."""

    name: str
    input: Input
    choices: tuple[str, ...] = ()
    optional: bool = False
    start: str = ""
    kind: Any = str


class WrongField(Exception):  # noqa: N818  told to the caller, who knows where the field stands
    """What was typed is no value of its field; ``word`` names the wording of the error."""

    def __init__(self, word: str, **values: object) -> None:
        super().__init__(word)
        self.word = word
        self.values = values

    def at(self, place: str) -> FieldError:
        return FieldError(place, self.word, self.values)


def fields_of(form: type) -> tuple[TypedField, ...]:
    """The fields of a dataclass that a form can hold: choices, numbers, yes and no, short texts."""
    held: Any = form
    return _fields_of(held)


@cache
def _fields_of(form: Any) -> tuple[TypedField, ...]:  # noqa: ANN401  any dataclass
    hints = typing.get_type_hints(form)
    found = (_field(f.name, hints[f.name], f.default) for f in fields(form))
    return tuple(field for field in found if field is not None)


def shown(value: object) -> str:
    """A value as the form shows it; empty for nothing told."""
    if value is None or value is False:
        return "" if value is None else NO
    if value is True:
        return YES
    if isinstance(value, Enum):
        return str(value.value)
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def typed_of(value: object) -> dict[str, str]:
    """Everything that a form shows of a dataclass."""
    return {f.name: shown(getattr(value, f.name)) for f in fields_of(type(value))}


def read(field: TypedField, typed: Mapping[str, str]) -> Any:  # noqa: ANN401  whatever the field holds
    """The value that was typed; WrongField where it is none."""
    text = unicodedata.normalize("NFKC", typed.get(field.name, "")).strip()
    if field.input is Input.TICKED:
        return text == YES
    if field.input is Input.TEXT:
        return _text(field, typed.get(field.name, "").strip())
    if not text:
        if not field.optional:
            raise WrongField("required")
        return "" if "" in field.choices else None
    if field.input is Input.TOLD:
        return text == YES
    if field.input is Input.CHOICE:
        if text not in field.choices:
            raise WrongField("choose")
        return field.kind(text)
    return _measured(field.input, text)


def _measured(input_: Input, text: str) -> float | date | ToldDay:
    if input_ in (Input.DAY, Input.WHEN):
        return _day(text, whole=input_ is Input.DAY)
    return _number(text, whole=input_ is Input.WHOLE)


def _day(text: str, *, whole: bool) -> date | ToldDay:
    """A day as 2025-06-30, 2025/6/30 or 2025年6月30日; where ``whole`` is false, less of it will do."""
    written = re.sub(r"[年月/.]", "-", text).rstrip("日号-")
    try:
        told = ToldDay.read(written)
    except ValueError:
        raise WrongField("item_day" if whole else "item_when") from None
    if not whole:
        return told
    if told.day is None:
        raise WrongField("item_day")
    return told.earliest


def _number(text: str, *, whole: bool) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise WrongField("item_number") from None
    if not 0 <= value <= LARGEST or (whole and value != int(value)):
        raise WrongField("item_whole" if whole else "item_number")
    return int(value) if whole else value


def _text(field: TypedField, text: str) -> str:
    text = "".join(c for c in text if c.isprintable())
    if not text and not field.optional:
        raise WrongField("required")
    if len(text) > LONGEST:
        raise WrongField("too_long", limit=LONGEST, length=len(text))
    return text


def _field(name: str, hint: Any, default: object) -> TypedField | None:  # noqa: ANN401
    arguments = typing.get_args(hint)
    may_lack = isinstance(hint, types.UnionType) and type(None) in arguments
    kind = next(a for a in arguments if a is not type(None)) if may_lack else hint
    optional = may_lack or default is not MISSING
    start = "" if default is MISSING else shown(default)
    if not isinstance(kind, type):
        return None
    if issubclass(kind, Enum):
        return TypedField(name, Input.CHOICE, tuple(str(v.value) for v in kind), may_lack, start, kind)
    if kind is bool:
        choices = (YES, NO) if may_lack else ()
        return TypedField(name, Input.TOLD if may_lack else Input.TICKED, choices, may_lack, start)
    inputs = {int: Input.WHOLE, float: Input.NUMBER, str: Input.TEXT, date: Input.DAY, ToldDay: Input.WHEN}
    if kind not in inputs:
        return None
    return TypedField(name, inputs[kind], (), optional if kind is str else may_lack, start, kind)
