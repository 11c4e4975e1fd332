"""A copied list follows the original item by item and never loses what was written in the copy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.edition import Edition, InstrumentKind
from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.following import copied_items, follow

ABOVE, BELOW = "浙江省", "浙江省/舟山市"


def item(number: str, matter: str = "", **changes: object) -> ListItem:
    told = {"conditions": (Condition("初次违法"),), "region": ABOVE, "department": "省城管局", **changes}
    return ListItem("above", number, matter or f"事项{number}", ListOutcome.SHALL_BE_EXEMPT, **told)  # type: ignore[arg-type]


def original(*items: ListItem) -> Edition:
    return Edition("above", InstrumentKind.LIST, "省清单", ABOVE, items=items)


def copy_of(edition: Edition, **changes: ListItem) -> Edition:
    own = Edition("below", InstrumentKind.LIST, "市清单", BELOW, department="市城管局")
    items = copied_items(edition.items, own)
    return replace(own, items=tuple(changes.get(f"n{i.number}", i) for i in items))


ONE = original(item("1"), item("2"), item("3"))


def test_a_copy_is_of_its_own_list_region_and_department():
    (first, *_rest) = copy_of(ONE).items
    assert (first.list, first.region, first.department, first.matter) == ("below", BELOW, "市城管局", "事项1")


def test_nothing_changed_above_changes_nothing_below():
    found = follow(ONE, ONE, copy_of(ONE))
    assert (found.edition, found.changed) == (copy_of(ONE), ())


def test_a_changed_an_added_and_a_removed_item_are_taken_in_their_places():
    now = original(item("1"), item("1a", "新增"), item("2", "改了"))
    found = follow(ONE, now, copy_of(ONE))
    assert [(i.number, i.matter) for i in found.edition.items] == [
        ("1", "事项1"),
        ("1a", "新增"),
        ("2", "改了"),
    ]
    assert (set(found.taken), found.kept) == ({"1a", "2", "3"}, ())
    assert {i.list for i in found.edition.items} == {"below"}


def test_where_both_changed_an_item_the_copy_keeps_its_own_and_names_it():
    mine = replace(copy_of(ONE).items[1], measures="市里加的措施")
    now = original(item("1"), item("2", "省里改了"), item("3"))
    found = follow(ONE, now, copy_of(ONE, n2=mine))
    assert found.edition.items[1] == mine
    assert (found.taken, found.kept) == ((), ("2",))


def test_an_item_that_the_original_dropped_and_the_copy_changed_stays():
    mine = replace(copy_of(ONE).items[2], matter="市里的说法")
    found = follow(ONE, original(item("1"), item("2")), copy_of(ONE, n3=mine))
    assert mine in found.edition.items
    assert found.kept == ("3",)


def test_an_item_dropped_in_the_copy_stays_dropped_and_is_named_when_the_original_changes_it():
    own = replace(copy_of(ONE), items=copy_of(ONE).items[:2])
    assert follow(ONE, ONE, own).edition == own
    found = follow(ONE, original(item("1"), item("2"), item("3", "改了")), own)
    assert (found.edition, found.kept) == (own, ("3",))


def test_own_topics_and_ways_of_asking_outlive_a_change_above():
    mine = replace(copy_of(ONE).items[0], topics=("signs",), asked_as=("招牌能挂多大",))
    found = follow(ONE, original(item("1", "改了"), item("2"), item("3")), copy_of(ONE, n1=mine))
    first = found.edition.items[0]
    assert (first.matter, first.topics, first.asked_as) == ("改了", ("signs",), ("招牌能挂多大",))


@pytest.mark.parametrize("now", [ONE, original(item("1", "改了"), item("2"), item("4"))])
def test_to_follow_twice_is_to_follow_once(now: Edition):
    once = follow(ONE, now, copy_of(ONE)).edition
    assert follow(ONE, now, once).edition == once
    assert follow(now, now, once).changed == ()
