from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from portal import schemas
from portal.library.addresses import library_url, section_anchor

from .small import WITHDRAW, ZHANHE

BASE = "/api/v1/library"


def get(client: FlaskClient, path: str, **query: Any) -> Any:
    response = client.get(f"{BASE}{path}", query_string=query)
    assert response.status_code == 200, response.text
    return response.get_json()


def valid(schema: dict[str, Any], body: Any) -> bool:
    return list(Draft202012Validator(schema).iter_errors(body)) == []


def test_documents_are_listed_without_lists_and_lists_without_documents(client: FlaskClient):
    documents, lists = get(client, "/documents"), get(client, "/lists")
    assert valid(schemas.DOCUMENTS, documents)
    assert valid(schemas.LISTS, lists)
    assert {d["id"] for d in documents["documents"]} == {"zhanhe", "zhoushan", "apl2021"}
    assert [d["id"] for d in lists["lists"]] == ["list-one"]


def test_a_document_comes_with_its_clauses_and_history(client: FlaskClient):
    body = get(client, "/documents/zhanhe")
    assert valid(schemas.DOCUMENT_VIEW, body)
    assert [c["section"] for c in body["clauses"]] == ["前言", "二", "二/3", "二/4"]
    assert body["clauses"][2]["text"] == WITHDRAW
    assert (body["in_force"], body["digest"], len(body["history"])) == (True, True, 1)


def test_a_list_comes_with_its_items(client: FlaskClient):
    body = get(client, "/lists/list-one/items")
    assert valid(schemas.ITEMS, body)
    assert [(i["number"], i["conditions"]) for i in body["items"]] == [("1", ["初次违法", "及时改正"])]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"region": "湛河区"}, {"zhanhe", "apl2021"}),
        ({"region": "河南"}, {"zhanhe", "apl2021"}),
        ({"region": "舟山", "q": "约谈"}, {"zhoushan"}),
        ({"q": "轻微违法"}, {"apl2021"}),
        ({"q": "没有这样的话"}, set()),
        ({"field": "税务"}, set()),
    ],
)
def test_documents_are_filtered(client: FlaskClient, query: dict[str, str], ids: set[str]):
    assert {d["id"] for d in get(client, "/documents", **query)["documents"]} == ids


def test_lists_are_filtered_by_field(client: FlaskClient):
    assert len(get(client, "/lists", field="税务")["lists"]) == 1
    assert get(client, "/lists", field="消防")["lists"] == []


def test_a_document_is_not_in_force_before_its_time_but_stays_readable(client: FlaskClient):
    body = get(client, "/documents/zhanhe", on="2020-01-01")
    assert body["in_force"] is False
    assert body["clauses"]


def test_search_finds_clauses_and_items(client: FlaskClient):
    body = get(client, "/search", q="撤回申请", region="湛河")
    assert valid(schemas.SEARCH, body)
    assert (body["clauses"][0]["document"], body["clauses"][0]["section"]) == ("zhanhe", "二/3")
    assert {c["region"] for c in body["clauses"]} <= {ZHANHE, "全国"}
    assert [i["number"] for i in get(client, "/search", q="未按期申报纳税")["items"]] == ["1"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/nothing", 404),
        ("/documents/list-one", 404),
        ("/lists/zhanhe/items", 404),
        ("/lists/nothing/items", 404),
        ("/documents/%00", 404),
        ("/documents/..%2F..%2Fetc", 404),
        ("/search", 422),
        ("/search?q=%20", 422),
        ("/search?q=" + "x" * 201, 422),
        ("/search?q=x&limit=0", 422),
        ("/search?q=x&limit=many", 422),
        ("/search?q=x&region=火星市", 422),
        ("/documents?on=tomorrow", 422),
        ("/documents?on=2026-02-31", 422),
        ("/documents?region=鼓楼区", 422),
    ],
)
def test_what_is_not_there_or_not_readable_is_told(client: FlaskClient, path: str, status: int):
    response = client.get(BASE + path)
    assert response.status_code == response.get_json()["status"] == status
    assert response.content_type == "application/problem+json"


def test_an_address_leads_to_an_anchor_that_a_page_can_carry():
    assert section_anchor("二/（三）/1") == "s-二-（三）-1"
    assert library_url("zhanhe", "二/3") == "/library/zhanhe#s-%E4%BA%8C-3"
    assert " " not in section_anchor('a b"<>&#%')
