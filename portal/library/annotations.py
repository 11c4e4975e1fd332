"""What editors wrote beside the clauses, carried over when a text is replaced by another.

Topics, ways of asking and plain words belong to what a clause says. They follow it to the clause at
the same section that says the same in other words, or, as a proposal only, to where it has moved. Plain
words and notes stay behind where the document was issued anew and the clause no longer has the same words.
What an editor made of a condition belongs to its words, and follows them to the same item next time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.proposal import is_linked
from portal.policy import policy

from .issue import is_same_issue


def with_annotations(new: Edition, old: Edition | None) -> Edition:
    """``new`` with what was written beside the clauses of ``old``; its own annotations stay."""
    if old is None:
        return new
    reissued = not is_same_issue(new, old)
    by_section = {clause.section: clause for clause in new.clauses}
    annotated = dict(by_section)
    for before in old.clauses:
        if not (is_linked(before) or before.plain or before.note):
            continue
        same = by_section.get(before.section)
        if same is not None and overlap(before.text, same.text) >= policy().same_clause_overlap:
            told = _without_restatement(before) if reissued and not _same_words(before, same) else before
            annotated[same.section] = _confirmed(annotated[same.section], told)
            continue
        moved = _nearest(before, new.clauses)
        if moved is not None:
            annotated[moved.section] = _proposed(annotated[moved.section], before)
    items = {item.number: item for item in old.items}
    return replace(
        new,
        clauses=tuple(annotated[clause.section] for clause in new.clauses),
        items=tuple(_same_item(item, items.get(item.number)) for item in new.items),
    )


def _same_words(one: Clause, other: Clause) -> bool:
    return "".join(one.text.split()) == "".join(other.text.split())


def _without_restatement(clause: Clause) -> Clause:
    """Plain words and a note restate one text: of a text that was issued anew in other words they might say
    what no longer holds, and the public reads them first."""
    return replace(clause, plain="", plain_en="", note="")


def with_meanings(new: Edition, old: Edition | None, meant: Collection[str] = ()) -> Edition:
    """A list that was just read, with what ``old`` says that the same words mean: conditions were typed by
    the reader, and an editor may have put them right. Benchmarks follow too, where the file has none.
    The items whose numbers are ``meant`` stay as they are: an editor has put these right already."""
    items = {item.number: item for item in old.items if item.number not in meant} if old else {}
    return replace(new, items=tuple(_same_meaning(item, items.get(item.number)) for item in new.items))


def _same_meaning(item: ListItem, before: ListItem | None) -> ListItem:
    if before is None or overlap(before.matter, item.matter) < policy().same_clause_overlap:
        return item
    typed = {condition.text: condition for condition in before.conditions}
    conditions = tuple(typed.get(condition.text, condition) for condition in item.conditions)
    return replace(item, conditions=conditions, benchmark=item.benchmark or before.benchmark)


def overlap(one: str, other: str) -> float:
    """The share of the shorter text's character pairs that the other has too."""
    pairs, others = _pairs(one), _pairs(other)
    return len(pairs & others) / max(1, min(len(pairs), len(others)))


def _confirmed(clause: Clause, before: Clause) -> Clause:
    return replace(
        clause,
        topics=clause.topics or before.topics,
        proposed=clause.proposed or before.proposed,
        asked_as=clause.asked_as or before.asked_as,
        carried=clause.carried or before.carried,
        plain=clause.plain or before.plain,
        plain_en=clause.plain_en or before.plain_en,
        heading=clause.heading or before.heading,
        note=clause.note or before.note,
    )


def _same_item(item: ListItem, before: ListItem | None) -> ListItem:
    if before is None or overlap(before.matter, item.matter) < policy().same_clause_overlap:
        return item
    return replace(
        item,
        topics=item.topics or before.topics,
        asked_as=item.asked_as or before.asked_as,
        carried=item.carried or before.carried,
    )


def _proposed(clause: Clause, before: Clause) -> Clause:
    return replace(
        clause,
        proposed=tuple(dict.fromkeys((*clause.proposed, *before.topics))),
        carried=tuple(dict.fromkeys((*clause.carried, *before.asked_as))),
    )


def _nearest(before: Clause, clauses: Iterable[Clause]) -> Clause | None:
    scored = ((overlap(before.text, c.text), c) for c in clauses if c.level == before.level)
    share, clause = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return clause if share >= policy().moved_clause_overlap else None


def _pairs(text: str) -> set[str]:
    letters = "".join(c for c in text if c.isalnum())
    return {letters[n : n + 2] for n in range(len(letters) - 1)}
