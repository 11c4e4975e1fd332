"""The starter lists: each on record, from a source, with conditions that mean something."""

import json
from datetime import date

from knowledge.parse.conditions import parse_conditions
from knowledge.topic import SOURCES, asked_as_of

from .starter import items_of, lists_on_record


def test_every_list_has_a_record_and_every_record_a_list():
    files = {file.stem for file in (SOURCES / "lists").glob("*.csv")}
    assert files == {record["id"] for record in lists_on_record()}


def test_a_record_says_where_and_from_when_its_list_holds():
    for record in lists_on_record():
        assert all(record[key] for key in ("title", "issuer", "region", "department")), record["id"]
        assert date.fromisoformat(record["in_force_from"]) <= date(2025, 1, 1)
        if record["issued_on"]:
            assert record["issued_on"] <= record["in_force_from"]


def test_every_item_stands_in_its_list_once_with_the_region_of_the_list():
    for record in lists_on_record():
        items = items_of(record["id"])
        assert {(i["list_id"], i["region"]) for i in items} == {(record["id"], record["region"])}
        assert len({i["item_no"] for i in items}) == len(items)


def test_items_without_a_source_stay_out():
    assert [i["item_no"] for i in items_of("tax-cn-2021-33")] == ["1", "2"]
    assert not [i for r in lists_on_record() for i in items_of(r["id"]) if "memory" in json.dumps(i)]


def test_every_condition_of_a_starter_list_has_a_typed_meaning():
    for record in lists_on_record():
        for item in items_of(record["id"]):
            untyped = [c.text for c in parse_conditions(item["conditions"]) if c.predicate is None]
            assert not untyped, (record["id"], item["item_no"])


def test_every_item_is_told_in_eight_ways():
    for record in lists_on_record():
        asked = asked_as_of(record["id"])
        assert not [i["item_no"] for i in items_of(record["id"]) if len(asked[i["item_no"]]) < 8], record[
            "id"
        ]
