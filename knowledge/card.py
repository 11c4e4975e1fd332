"""Cards: what the catalogue holds of a clause or a list item, and which words are indexed for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .catalogue import CardText
from .clause import Clause, ClauseRef
from .edition import Edition
from .exemption import ListItem

_ARTICLE = re.compile(r"第[^/]+条(?:之[^/]+)?")


@dataclass(frozen=True, slots=True)
class Card:
    """``edition`` is the place of the edition on its shelf; ``confirmed`` is False where topics and ways
    of asking were proposed by the import only."""

    ref: ClauseRef
    edition: int
    text: CardText
    topics: tuple[str, ...]
    item: ListItem | None = None
    confirmed: bool = True


def clause_cards(editions: Sequence[Edition]) -> tuple[Card, ...]:
    """A card for every clause, in document order."""
    return tuple(
        Card(
            edition.ref(c.section),
            n,
            clause_text(edition, c, by_section),
            c.topics or c.proposed,
            confirmed=bool(c.topics or c.asked_as) or not (c.proposed or c.carried),
        )
        for n, edition in enumerate(editions)
        for by_section in [{c.section: c for c in edition.clauses}]
        for c in edition.clauses
    )


def item_cards(editions: Sequence[Edition]) -> tuple[Card, ...]:
    """A card for every list item, in list order."""
    return tuple(
        Card(item.ref, n, item_text(item), item.topics, item, not item.carried or bool(item.asked_as))
        for n, edition in enumerate(editions)
        for item in edition.items
    )


def clause_text(edition: Edition, clause: Clause, by_section: Mapping[str, Clause]) -> CardText:
    """A clause under the title and the headings above it.

    An article is one thought with its paragraphs and holds their text too; a numbered part of a
    notice holds its own text only, or a chapter would outdo each of its clauses.
    """
    steps = clause.section.split("/")
    above = [*_chapters(clause), *("/".join(steps[:n]) for n in range(1, len(steps)))]
    headings = [by_section[section].heading for section in above if section in by_section]
    body = edition.full_text(clause.section) if is_article(clause.section) else clause.text
    parts = [edition.title, *headings, clause.heading, clause.plain, body]
    return CardText("\n".join(filter(None, parts)), clause.plain_en, (*clause.asked_as, *clause.carried))


def is_article(section: str) -> bool:
    """True for the section path of an article of a statute (``第三十三条``)."""
    return _ARTICLE.fullmatch(section) is not None


def _chapters(clause: Clause) -> list[str]:
    steps = clause.chapter.split("/")
    return ["/".join(steps[:n]) for n in range(1, len(steps) + 1)] if clause.chapter else []


def item_text(item: ListItem) -> CardText:
    conditions = "；".join(c.text for c in item.conditions)
    parts = [item.matter, item.field, item.department, conditions]
    return CardText("\n".join(filter(None, parts)), "", (*item.asked_as, *item.carried))
