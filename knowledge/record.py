"""Editions as JSON and back, exactly: for shelves, the portal's database and archives."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any

from .edition import Edition
from .predicate import Predicate

_KIND = "kind"


def edition_to_json(edition: Edition) -> dict[str, Any]:
    record = to_json(edition)
    assert isinstance(record, dict)
    return record


def edition_from_json(record: dict[str, Any]) -> Edition:
    edition = from_json(Edition, record)
    assert isinstance(edition, Edition)
    return edition


def digest(value: object) -> str:
    """A fingerprint of content: equal for equal values, in every process."""
    text = json.dumps(to_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def to_json(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON is any value, one branch a kind
    """Plain JSON values; fields that hold their default are left out, predicates name their class."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        record = {_KIND: type(value).__name__} if isinstance(value, Predicate) else {}
        for f in fields(value):
            content = getattr(value, f.name)
            if f.default is MISSING or content != f.default:
                record[f.name] = to_json(content)
        return record
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted((to_json(v) for v in value), key=str)
    if isinstance(value, tuple | list):
        return [to_json(v) for v in value]
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    return value


def from_json(form: Any, value: Any) -> Any:  # noqa: ANN401, PLR0911
    """The value of type ``form`` that ``to_json`` wrote."""
    origin, arguments = typing.get_origin(form), typing.get_args(form)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else from_json(next(a for a in arguments if a is not type(None)), value)
    if origin is tuple:
        return _tuple(arguments, value)
    if origin in (frozenset, set):
        return frozenset(from_json(arguments[0], v) for v in value)
    if not isinstance(form, type):
        return value
    if issubclass(form, Predicate):
        form = _predicates()[value[_KIND]]
    if is_dataclass(form):
        return _instance(form, value)
    if issubclass(form, Enum):
        return form(value)
    return date.fromisoformat(value) if form is date else value


def _instance(form: Any, value: dict[str, Any]) -> object:  # noqa: ANN401
    known = _types(form)
    return form(**{name: from_json(known[name], v) for name, v in value.items() if name in known})


def _tuple(arguments: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(from_json(arguments[0], v) for v in value)
    return tuple(from_json(a, v) for a, v in zip(arguments, value, strict=True))


@cache
def _types(form: type) -> dict[str, Any]:
    return typing.get_type_hints(form)


def _predicates() -> dict[str, type]:
    return {kind.__name__: kind for kind in _descendants(Predicate)}


def _descendants(kind: type) -> Iterator[type]:
    child: type
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)
