"""``/api/v1/openapi.json``: the API described with the very schemas that check it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Blueprint

from . import schemas
from .applications import description as applications
from .errors import NotReady
from .library.holder import current_knowledge
from .permissions import public

api = Blueprint("description", __name__, url_prefix="/api/v1")

_NAMED = {
    "Reply": schemas.REPLY,
    "Problem": schemas.PROBLEM,
    "Document": schemas.DOCUMENT,
    "DocumentView": schemas.DOCUMENT_VIEW,
    "Documents": schemas.DOCUMENTS,
    "Lists": schemas.LISTS,
    "Items": schemas.ITEMS,
    "SearchResult": schemas.SEARCH,
    "Topics": schemas.TOPICS,
    "TopicView": schemas.TOPIC_VIEW,
}


@api.get("/openapi.json")
@public
def get_description() -> dict[str, Any]:
    """The OpenAPI 3.1 description of everything under ``/api/v1``."""
    try:
        return description(current_knowledge().regions())
    except NotReady:
        return description()


@cache
def description(regions: tuple[str, ...] = ()) -> dict[str, Any]:
    """The description; ``regions`` are those with published knowledge, named as what to choose from."""
    question = {**schemas.QUESTION, "properties": {**schemas.QUESTION["properties"]}}
    question["properties"]["region"] = {**_region(regions), "type": ["string", "null"]}
    if regions:
        question["properties"]["region"]["enum"].append(None)
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
            "/api/v1/library/documents": {
                "get": _list_of("Documents", "Published notices and statutes", regions)
            },
            "/api/v1/library/documents/{document_id}": {
                "get": _one("DocumentView", "A document with its clauses", "document_id")
            },
            "/api/v1/library/lists": {"get": _list_of("Lists", "Published exemption lists", regions)},
            "/api/v1/library/lists/{list_id}/items": {"get": _one("Items", "The items of a list", "list_id")},
            "/api/v1/library/search": {"get": _search(regions)},
            "/api/v1/library/topics": {"get": _topics()},
            "/api/v1/library/topics/{topic_id}": {
                "get": _one("TopicView", "A topic and what every region says on it", "topic_id")
            },
            **applications.paths(_region(regions), _problems),
        },
        "components": {
            "schemas": {
                "Question": question,
                "Submission": applications.submission(_region(regions)),
                **_NAMED,
                **applications.NAMED,
            }
        },
    }


def _ask() -> dict[str, Any]:
    return {
        "operationId": "ask",
        "summary": "Ask a question",
        "description": (
            "Send the header Idempotency-Key (1 to 64 visible ASCII characters) to be able to repeat a"
            " request safely: the same key with the same body gets the same reply and is answered once;"
            " the same key with another body is a 422. Keys are kept for a day."
        ),
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


def _list_of(name: str, summary: str, regions: tuple[str, ...]) -> dict[str, Any]:
    parameters = [
        _in_region(regions),
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


def _search(regions: tuple[str, ...]) -> dict[str, Any]:
    words = {**_query("q", "What to look for"), "required": True}
    words["schema"] = {"type": "string", "maxLength": 200, "pattern": r"\S"}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}}
    return {
        "operationId": "search",
        "summary": "Search clauses and list items",
        "parameters": [words, _in_region(regions), _day(), limit],
        "responses": {**_found("SearchResult"), **_problems(405, 422, 503)},
    }


def _topics() -> dict[str, Any]:
    return {
        "operationId": "getTopics",
        "summary": "The topics of the field",
        "parameters": [_day()],
        "responses": {**_found("Topics"), **_problems(405, 422, 503)},
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


def _in_region(regions: tuple[str, ...]) -> dict[str, Any]:
    return {"name": "region", "in": "query", "schema": _region(regions)}


def _region(regions: tuple[str, ...]) -> dict[str, Any]:
    """Any unambiguous name of a region is taken; named are those with knowledge of their own, and none."""
    schema: dict[str, Any] = {
        "type": "string",
        "description": "The path of a region, or any unambiguous part of it; empty for none.",
    }
    if regions:
        names = [name for path in regions for name in (path, path.rpartition("/")[2])]
        schema["enum"] = list(dict.fromkeys([*names, ""]))
    return schema


def _day() -> dict[str, Any]:
    return {"name": "on", "in": "query", "description": "The day to read the law for", "schema": schemas.DAY}


def _query(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "schema": {"type": "string", "maxLength": 200}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
