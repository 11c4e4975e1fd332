"""The fields of a document, held against what its kind asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.days import written_day
from portal.errors import FieldError, FieldErrors
from portal.wording import Language

from .kinds import Field, FieldKind, Kind
from .plain import one_line, plain, plain_lines

Filled = dict[str, object]
"""Texts as ``str``, lists as ``list[str]``, days as ``2026-11-24``."""

MOST_LINES = 60


def fill(kind: Kind, values: Mapping[str, object]) -> Filled:
    """The fields of ``kind`` in their one form; FieldErrors that name every field that is wrong."""
    known = {field.id for field in kind.fields}
    errors = [FieldError(name, "unknown_field") for name in values if name not in known]
    filled: Filled = {}
    for field in kind.fields:
        try:
            filled[field.id] = _fill(field, values.get(field.id))
        except FieldErrors as wrong:
            errors.extend(wrong.errors)
    if errors:
        raise FieldErrors(errors=errors)
    return filled


def _fill(field: Field, value: object) -> object:
    if field.kind in (FieldKind.LINES, FieldKind.OFFICERS):
        return _lines(field, value)
    typed = value.isoformat() if isinstance(value, date) else value if isinstance(value, str) else ""
    text = one_line(typed) if field.kind is FieldKind.TEXT else plain(typed)
    if not text:
        if field.required:
            raise _wrong(field, "choose" if field.kind is FieldKind.CHOICE else "required")
        return ""
    if field.kind is FieldKind.CHOICE and text not in field.choices:
        raise _wrong(field, "choice", choices=list(field.choices.values()))
    if field.kind is FieldKind.DAY:
        return _day(field, text)
    return _fitting(field, text)


def _lines(field: Field, value: object) -> list[str]:
    given = [str(line) for line in value] if isinstance(value, list | tuple) else [str(value or "")]
    lines = [_fitting(field, line) for text in given for line in plain_lines(text)]
    if len(lines) > MOST_LINES:
        raise _wrong(field, "most_lines", limit=MOST_LINES)
    if not lines and not field.required:
        return []
    if len(lines) < field.least:
        raise _wrong(field, "required" if field.least == 1 else "least_lines", least=field.least)
    if field.kind is FieldKind.OFFICERS and any(len(line.split()) < 2 for line in lines):
        raise _wrong(field, "officer")
    return lines


def _day(field: Field, text: str) -> str:
    try:
        return written_day(text).isoformat()
    except ValueError:
        raise _wrong(field, "date") from None


def _fitting(field: Field, text: str) -> str:
    if len(text) > field.limit:
        raise _wrong(field, "too_long", limit=field.limit, length=len(text))
    return text


def _wrong(field: Field, word: str, **values: object) -> FieldErrors:
    return FieldErrors(errors=[FieldError(field.id, word, values)])


def labels(kind: Kind, language: Language) -> dict[str, str]:
    """What each field is called on a form."""
    return {field.id: field.label(language) for field in kind.fields}
