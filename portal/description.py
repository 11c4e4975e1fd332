"""``/api/v1/openapi.json``: the API described with the very schemas that check it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Blueprint

from . import schemas
from .permissions import public

api = Blueprint("description", __name__, url_prefix="/api/v1")

_NAMED = {
    "Question": schemas.QUESTION,
    "Reply": schemas.REPLY,
    "Problem": schemas.PROBLEM,
    "Document": schemas.DOCUMENT,
    "DocumentView": schemas.DOCUMENT_VIEW,
    "Documents": schemas.DOCUMENTS,
    "Lists": schemas.LISTS,
    "Items": schemas.ITEMS,
    "SearchResult": schemas.SEARCH,
}


@api.get("/openapi.json")
@public
def get_description() -> dict[str, Any]:
    """The OpenAPI 3.1 description of everything under ``/api/v1``."""
    return description()


@cache
def description() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "柔问 Rouwen",
            "version": version("rouwen"),
            "description": "柔性执法问答，每个结论都附条款。Answers on soft enforcement, with their clauses.",
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/api/v1/questions": {"post": _ask()},
            "/api/v1/library/documents": {"get": _list_of("Documents", "Published notices and statutes")},
            "/api/v1/library/documents/{document_id}": {
                "get": _one("DocumentView", "A document with its clauses", "document_id")
            },
            "/api/v1/library/lists": {"get": _list_of("Lists", "Published exemption lists")},
            "/api/v1/library/lists/{list_id}/items": {"get": _one("Items", "The items of a list", "list_id")},
            "/api/v1/library/search": {"get": _search()},
        },
        "components": {"schemas": _NAMED},
    }


def _ask() -> dict[str, Any]:
    return {
        "operationId": "ask",
        "summary": "Ask a question",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key with the same body gets the same reply and is answered once.",
                "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,64}$"},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Question")}}},
        "responses": {
            "200": {
                "description": "The reply; as events status, citation, delta, done where they are accepted",
                "content": {
                    "application/json": {"schema": _ref("Reply")},
                    "text/event-stream": {"schema": {"type": "string"}},
                },
            },
            **_problems(400, 404, 405, 409, 413, 415, 422, 429, 503),
        },
    }


def _list_of(name: str, summary: str) -> dict[str, Any]:
    parameters = [
        _region(),
        _day(),
        _query("field", "Part of a sector's or department's name"),
        _query("q", "Words"),
    ]
    return {
        "operationId": f"get{name}",
        "summary": summary,
        "parameters": parameters,
        "responses": {**_found(name), **_problems(405, 422, 503)},
    }


def _one(name: str, summary: str, parameter: str) -> dict[str, Any]:
    path = {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": f"get{name}",
        "summary": summary,
        "parameters": [path, _day()],
        "responses": {**_found(name), **_problems(404, 405, 422, 503)},
    }


def _search() -> dict[str, Any]:
    words = {**_query("q", "What to look for"), "required": True}
    words["schema"] = {"type": "string", "maxLength": 200, "pattern": r"\S"}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}}
    return {
        "operationId": "search",
        "summary": "Search clauses and list items",
        "parameters": [words, _region(), _day(), limit],
        "responses": {**_found("SearchResult"), **_problems(405, 422, 503)},
    }


def _found(name: str) -> dict[str, Any]:
    return {"200": {"description": "OK", "content": {"application/json": {"schema": _ref(name)}}}}


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    retry = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}
    return {
        str(status): {
            "description": "A problem (RFC 9457)",
            "content": content,
            **({"headers": retry} if status == 429 else {}),
        }
        for status in statuses
    }


def _region() -> dict[str, Any]:
    return _query("region", "A region, or any unambiguous part of its path")


def _day() -> dict[str, Any]:
    return {"name": "on", "in": "query", "description": "The day to read the law for", "schema": schemas.DAY}


def _query(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "schema": {"type": "string", "maxLength": 200}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
