"""A list copied from a higher authority's, and how it follows what changes there (舟山 二（一）1; R26).

Item by item: where the original changed and the copy did not, the copy takes the change; where both did,
the copy keeps its own and names the item. Topics and ways of asking are the copy's own and never taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .edition import Edition
from .exemption import ListItem


@dataclass(frozen=True, slots=True)
class Following:
    """The copy with what it takes: ``edition`` is the copy then. ``changed`` names the items that the
    original changed, ``taken`` those that the copy takes, ``kept`` those where it has words of its own."""

    edition: Edition
    taken: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        return (*self.taken, *self.kept)


def copied_items(items: Iterable[ListItem], own: Edition) -> tuple[ListItem, ...]:
    """Items as they stand in the copy ``own``: of its list, its region and its department."""
    return tuple(
        replace(item, list=own.instrument, region=own.region, department=own.department or item.department)
        for item in items
    )


def follow(copied: Edition, now: Edition, own: Edition) -> Following:
    """What the copy ``own``, made from ``copied``, becomes now that the original reads ``now``."""
    before, after, held = _by_number(copied, own), _by_number(now, own), {i.number: i for i in own.items}
    items, taken, kept = dict(held), [], []
    for number in dict.fromkeys((*after, *before)):
        old, new, mine = before.get(number), after.get(number), held.get(number)
        if _same(old, new) or _same(mine, new):
            continue
        if not _same(mine, old):
            kept.append(number)
            continue
        taken.append(number)
        if new is None:
            del items[number]
        else:
            items[number] = _with_own_words(new, mine)
    ordered = tuple(items[number] for number in _order(after, held) if number in items)
    return Following(replace(own, items=ordered), tuple(taken), tuple(kept))


def _by_number(edition: Edition, own: Edition) -> dict[str, ListItem]:
    return {item.number: item for item in copied_items(edition.items, own)}


def _same(one: ListItem | None, other: ListItem | None) -> bool:
    """True where both say the same, whatever was written beside them."""
    return (one and _bare(one)) == (other and _bare(other))


def _bare(item: ListItem) -> ListItem:
    return replace(item, topics=(), asked_as=(), carried=(), department="")


def _with_own_words(new: ListItem, mine: ListItem | None) -> ListItem:
    if mine is None:
        return new
    return replace(new, topics=mine.topics, asked_as=mine.asked_as, carried=mine.carried)


def _order(after: Mapping[str, ListItem], held: Mapping[str, ListItem]) -> list[str]:
    """The copy's own order, with every new item after the one that it follows in the original."""
    order, last = list(held), -1
    for number in after:
        if number in held:
            last = order.index(number)
        else:
            last += 1
            order.insert(last, number)
    return order
