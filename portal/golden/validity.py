"""Whether a golden question can be kept: every field told at once, in the words of the error table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from portal.errors import FieldError

from .question import EXPECTED, GoldenQuestion

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
QUESTION = 1000
NOTE = 500
SHORT = 40
PHRASE = 200
LANGUAGES = ("zh", "en")
MOST_LINES = 40
MOST_WAYS = 200
ROLES = ("user", "assistant")


def wrong_with(question: GoldenQuestion) -> tuple[FieldError, ...]:
    """What is wrong with the fields of a question, in the order of the form; empty when it can be kept."""
    return tuple(_once(_wrong(question)))


def _wrong(question: GoldenQuestion) -> Iterator[FieldError]:
    yield from _text("question", question.question, QUESTION, required=True)
    if len(question.turns) > MOST_LINES:
        yield FieldError("history", "most_lines", {"limit": MOST_LINES})
    for role, text in question.turns:
        if role not in ROLES:
            yield FieldError("history", "choice", {"choices": ROLES})
        yield from _text("history", text, QUESTION, required=True)
    if question.region is not None:
        yield from _region(question.region)
    yield from _choice("lang", question.lang, LANGUAGES)
    yield from _choice("expect", question.expect, EXPECTED)
    yield from _clauses(question.gold)
    yield from _phrases("must_say", question.must_say)
    yield from _phrases("must_not_say", tuple((phrase,) for phrase in question.must_not_say))
    yield from _text("kind", question.kind, SHORT)
    yield from _text("style", question.style, SHORT)
    yield from _text("note", question.note, NOTE)
    if not NAME.fullmatch(question.id):
        yield FieldError("name", "golden_name")


def _once(errors: Iterable[FieldError]) -> Iterator[FieldError]:
    """The first error of each field."""
    told: set[str] = set()
    for error in errors:
        if error.field not in told:
            told.add(error.field)
            yield error


def _text(field: str, text: str, limit: int, *, required: bool = False) -> Iterator[FieldError]:
    from bot.personal_data import personal_data

    if required and not text.strip():
        yield FieldError(field, "required")
    elif len(text) > limit:
        yield FieldError(field, "too_long", {"limit": limit, "length": len(text)})
    elif not _readable(text):
        yield FieldError(field, "characters")
    elif found := personal_data(text):
        yield FieldError(field, "golden_personal", {"shown": found[0].masked})


def _readable(text: str) -> bool:
    """False where a text holds what a database or a file of UTF-8 cannot keep."""
    return not any((c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff" for c in text)


def _choice(field: str, value: str, choices: tuple[str, ...]) -> Iterator[FieldError]:
    if value not in choices:
        yield FieldError(field, "choice", {"choices": choices})


def _region(name: str) -> Iterator[FieldError]:
    from knowledge.region import AmbiguousRegion, UnknownRegion, resolve

    try:
        resolve(name)
    except AmbiguousRegion as error:
        yield FieldError("region", "ambiguous_region", {"candidates": list(error.candidates)})
    except UnknownRegion:
        yield FieldError("region", "staff_region")
    else:
        if len(name) > PHRASE:
            yield FieldError("region", "too_long", {"limit": PHRASE, "length": len(name)})


def _clauses(gold: tuple[tuple[str, str], ...]) -> Iterator[FieldError]:
    if len(gold) > MOST_LINES:
        yield FieldError("gold", "most_lines", {"limit": MOST_LINES})
    for document, section in gold:
        if not NAME.fullmatch(document) or not section.strip() or not _readable(section):
            yield FieldError("gold", "golden_clause", {"line": f"{document} {section}".strip()[:SHORT]})
        elif len(section) > PHRASE:
            yield FieldError("gold", "too_long", {"limit": PHRASE, "length": len(section)})


def _phrases(field: str, groups: tuple[tuple[str, ...], ...]) -> Iterator[FieldError]:
    if len(groups) > MOST_LINES or any(len(group) > MOST_WAYS for group in groups):
        yield FieldError(field, "most_lines", {"limit": MOST_LINES})
    for group in groups:
        if not group:
            yield FieldError(field, "required")
        for phrase in group:
            yield from _text(field, phrase, PHRASE, required=True)
