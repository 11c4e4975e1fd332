"""Cards: what the catalogue holds of a clause or a list item, and which words are indexed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .catalogue import CardText
from .clause import Clause, ClauseRef
from .edition import Edition
from .exemption import ListItem


@dataclass(frozen=True, slots=True)
class Card:
    """``edition`` is the place of the edition on its shelf."""

    ref: ClauseRef
    edition: int
    text: CardText
    topics: tuple[str, ...]
    item: ListItem | None = None


def clause_cards(editions: Sequence[Edition]) -> tuple[Card, ...]:
    """A card for every clause, in document order."""
    return tuple(
        Card(edition.ref(c.section), n, clause_text(edition, c), c.topics or c.proposed)
        for n, edition in enumerate(editions)
        for c in edition.clauses
    )


def item_cards(editions: Sequence[Edition]) -> tuple[Card, ...]:
    """A card for every list item, in list order."""
    return tuple(
        Card(item.ref, n, item_text(item), item.topics, item)
        for n, edition in enumerate(editions)
        for item in edition.items
    )


def clause_text(edition: Edition, clause: Clause) -> CardText:
    """A clause with what stands below it, under the title and the headings above it."""
    steps = clause.section.split("/")
    above = [edition.clause("/".join(steps[:n])) for n in range(1, len(steps))]
    headings = [c.heading for c in above if c and c.heading]
    parts = [edition.title, *headings, clause.heading, clause.plain, edition.full_text(clause.section)]
    return CardText("\n".join(filter(None, parts)), clause.asked_as)


def item_text(item: ListItem) -> CardText:
    conditions = "；".join(c.text for c in item.conditions)
    parts = [item.matter, item.field, item.department, conditions]
    return CardText("\n".join(filter(None, parts)), item.asked_as)
