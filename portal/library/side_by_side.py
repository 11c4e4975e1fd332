"""What changed in clauses and list items, old and new words side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from knowledge.edition import Edition
from portal.wording import Language, wording

from .desk.difference import Kind, Words, words_between
from .models import EditionRow
from .page import clause_address
from .record import edition_of
from .touch import TYPED, Facets, Touch, facets

CONTEXT = ("matter",)
"""What an item is about is shown even where it stays, so that the rest can be understood."""

CHOSEN = ("outcome", "mandatory")
"""What is one of a few values."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a clause or item says. ``note`` stands in place of words that nobody could compare."""

    name: str
    before: tuple[Words, ...] = ()
    after: tuple[Words, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One clause or list item that changed; ``item`` tells that it is the latter, ``ahead`` that the change
    was published before its day. ``was_digest`` tells of a restated clause that the digest came first."""

    touch: Touch
    title: str
    item: bool
    was: bool
    is_now: bool
    ahead: bool
    address: str
    rows: tuple[Row, ...]
    was_digest: bool = False


def parts_of(session: Session, touches: Iterable[Touch], made: date, language: Language) -> tuple[Part, ...]:
    """What these touches changed, with the words of both sides; ``made`` is the day they were published on,
    or would be."""
    held = tuple(touches)
    ids = {number for touch in held for number in (touch.before, touch.after) if number is not None}
    rows = session.scalars(
        select(EditionRow).where(EditionRow.id.in_(ids)).options(undefer(EditionRow.content))
    )
    editions = {row.id: edition_of(row) for row in rows}
    return tuple(_part(touch, editions, made, language) for touch in held)


def _part(touch: Touch, editions: Mapping[int, Edition], made: date, language: Language) -> Part:
    was = editions.get(touch.before) if touch.before else None
    is_now = editions.get(touch.after) if touch.after else None
    old = facets(was, touch.section) if was else None
    new = facets(is_now, touch.section) if is_now else None
    shown = is_now if new is not None else was
    assert shown is not None
    return Part(
        touch,
        shown.title,
        shown.clause(touch.section) is None,
        old is not None,
        new is not None,
        touch.since > made,
        clause_address(touch.document, touch.section),
        tuple(_rows(_with_region(was, old), _with_region(is_now, new), language))
        if not touch.is_restated
        else (_both(old, new),),
        was is not None and was.digest,
    )


def _both(old: Facets | None, new: Facets | None) -> Row:
    """Digest and official text whole: word for word nearly everything differs, and it says nothing."""
    before, after = ((side or {}).get("text", "") for side in (old, new))
    return Row("text", (Words(Kind.SAME, before),), (Words(Kind.SAME, after),))


def _with_region(edition: Edition | None, says: Facets | None) -> Facets:
    return {**says, "region": edition.region} if edition and says else {}


def _rows(old: Facets, new: Facets, language: Language) -> Iterator[Row]:
    """A row for everything that differs. A side that is missing altogether shows the other's words only."""
    for name in new or old:
        before, after = old.get(name, ""), new.get(name, "")
        if before == after and name not in CONTEXT:
            continue
        if name == TYPED:
            if old and new:
                yield Row(name, note=str(wording(language)("basis.typed")))
            continue
        if name == "region" and not (old and new):
            continue
        pieces = compared(name, before, after, language)
        yield Row(
            name,
            tuple(piece for piece in pieces if piece.kind is not Kind.ADDED),
            tuple(piece for piece in pieces if piece.kind is not Kind.REMOVED),
        )


def compared(name: str, before: str, after: str, language: Language) -> tuple[Words, ...]:
    """Both sides of one thing that is said, as one; what is one of a few values is replaced whole."""
    before, after = _words(name, before, language), _words(name, after, language)
    if before == after:
        return (Words(Kind.SAME, after),)
    if name in CHOSEN:
        sides = (Words(Kind.REMOVED, before), Words(Kind.ADDED, after))
        return tuple(words for words in sides if words.text)
    return words_between(before, after)


def _words(name: str, value: str, language: Language) -> str:
    t = wording(language)
    if name == "outcome" and value:
        return t.of("list_outcome_name", value)
    return str(t("basis.mandatory")) if name == "mandatory" and value else value
