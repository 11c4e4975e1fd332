"""Links that a next release would break: what it still says points at a clause that it no longer has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef
from knowledge.edition import Edition
from knowledge.programme import Programme

from .question import GoldenQuestion

if TYPE_CHECKING:
    from knowledge.library import Knowledge


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """``source`` is what points: a clause or item (``text``), a region's rule (``rule``) or a golden
    question (``golden``); ``where`` names it, ``document`` and ``section`` what would be gone."""

    source: str
    where: str
    document: str
    section: str


def broken_links(
    before: Knowledge | None, after: Knowledge, questions: Iterable[GoldenQuestion], on: date
) -> tuple[BrokenLink, ...]:
    """What points nowhere in the next release and did not so in the one in force."""
    if before is None:
        return ()
    gone = _places(_editions(before)) - _places(_editions(after))
    if not gone:
        return ()
    found = (
        *_of_texts(before, after, gone, on),
        *_of_rules(after.programmes, gone),
        *_of_questions(questions, gone),
    )
    return tuple(dict.fromkeys(found))


def waiting(
    questions: Iterable[GoldenQuestion], before: Knowledge | None, after: Knowledge
) -> tuple[GoldenQuestion, ...]:
    """The questions whose clauses neither release has: they belong to a draft that is still to come."""
    there = _places(_editions(after)) | (_places(_editions(before)) if before else frozenset())
    return tuple(
        question
        for question in questions
        if question.gold
        and not any((document, _fold(section)) in there for document, section in question.gold)
    )


def _editions(knowledge: Knowledge) -> tuple[Edition, ...]:
    """Every edition once, also one that stands on the shelves of several regions."""
    held = {
        (edition.instrument, edition.digest, edition.in_force_from or edition.issued_on): edition
        for shelf in knowledge.shelves
        for edition in shelf.editions
    }
    return tuple(held.values())


def _places(editions: Iterable[Edition]) -> frozenset[tuple[str, str]]:
    """Every place that can be cited: clauses, all that stands above one, and list items."""
    places: set[tuple[str, str]] = set()
    for edition in editions:
        for clause in edition.clauses:
            steps = clause.section.split("/")
            places.update((edition.instrument, _fold("/".join(steps[:n]))) for n in range(1, len(steps) + 1))
        places.update((edition.instrument, _fold(item.number)) for item in edition.items)
    return frozenset(places)


def _of_texts(
    before: Knowledge, after: Knowledge, gone: frozenset[tuple[str, str]], on: date
) -> Iterator[BrokenLink]:
    """Articles that a text names by law and number."""
    from bot.articles import articles_mentioned
    from bot.phrases import table

    if not {document for document, _ in gone} & set(table("statutes")):
        return
    for edition in _editions(after):
        for where, text in _texts(edition):
            there = articles_mentioned(text, before, on)
            if there:
                kept = set(articles_mentioned(text, after, on))
                yield from (
                    BrokenLink("text", f"《{edition.title}》{where}", ref.document, ref.section)
                    for ref in there
                    if ref not in kept
                )


def _texts(edition: Edition) -> Iterator[tuple[str, str]]:
    yield from ((clause.section, clause.text) for clause in edition.clauses)
    for item in edition.items:
        yield from ((item.number, basis) for basis in (item.violation_basis, item.penalty_basis) if basis)


def _of_rules(programmes: Iterable[Programme], gone: frozenset[tuple[str, str]]) -> Iterator[BrokenLink]:
    """Rules of a region that the assistant and the forms of a case rest on."""
    for programme in programmes:
        for field in fields(programme):
            value = getattr(programme, field.name)
            refs = value.values() if isinstance(value, Mapping) else (value,)
            for ref in refs:
                if isinstance(ref, ClauseRef) and (ref.document, _fold(ref.section)) in gone:
                    yield BrokenLink("rule", f"{programme.region} {field.name}", ref.document, ref.section)


def _of_questions(
    questions: Iterable[GoldenQuestion], gone: frozenset[tuple[str, str]]
) -> Iterator[BrokenLink]:
    for question in questions:
        for document, section in question.gold:
            if (document, _fold(section)) in gone:
                yield BrokenLink("golden", question.id, document, section)


def _fold(section: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", section)).strip("/")
