"""``/api/v1/library``: published knowledge, machine-readable."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request

from portal.bodies import query_number, query_text, read_day
from portal.calendar import today
from portal.errors import FieldError, FieldErrors, NotFound
from portal.permissions import public

from . import reading, topic_reading
from .holder import current_knowledge
from .regions import resolve_region

api = Blueprint("library_api", __name__, url_prefix="/api/v1/library")


@api.get("/documents")
@public
def get_documents() -> dict[str, Any]:
    """Notices and statutes, filtered."""
    knowledge, on = current_knowledge(), _day()
    found = reading.documents(
        knowledge, on=on, region=_region(), field=query_text("field"), query=query_text("q")
    )
    return {"release": knowledge.release, "on": on.isoformat(), "documents": [d.to_json() for d in found]}


@api.get("/documents/<document_id>")
@public
def get_document(document_id: str) -> dict[str, Any]:
    """One document with its clauses and history."""
    view = reading.document(current_knowledge(), document_id, on=_day())
    if view.shown.edition.kind == "list":
        raise NotFound
    return view.to_json()


@api.get("/lists")
@public
def get_lists() -> dict[str, Any]:
    """The exemption lists, filtered."""
    knowledge, on = current_knowledge(), _day()
    found = reading.lists(
        knowledge, on=on, region=_region(), field=query_text("field"), query=query_text("q")
    )
    return {"release": knowledge.release, "on": on.isoformat(), "lists": [d.to_json() for d in found]}


@api.get("/lists/<list_id>/items")
@public
def get_items(list_id: str) -> dict[str, Any]:
    """The items of one list."""
    knowledge, on = current_knowledge(), _day()
    view = reading.document(knowledge, list_id, on=on)
    if view.shown.edition.kind != "list":
        raise NotFound
    return {
        "release": knowledge.release,
        "on": on.isoformat(),
        "list": view.shown.to_json(),
        "items": [reading.item_json(item) for item in view.shown.edition.items],
    }


@api.get("/topics")
@public
def get_topics() -> dict[str, Any]:
    """Every topic, with how many regions speak of it."""
    knowledge, on = current_knowledge(), _day()
    found = topic_reading.every_topic(knowledge, on)
    return {"release": knowledge.release, "on": on.isoformat(), "topics": [t.to_json() for t in found]}


@api.get("/topics/<topic_id>")
@public
def get_topic(topic_id: str) -> dict[str, Any]:
    """One topic and what every region says on it."""
    knowledge, on = current_knowledge(), _day()
    view = topic_reading.topic_view(knowledge, topic_id, on)
    return {"release": knowledge.release, "on": on.isoformat(), **view.to_json()}


@api.get("/search")
@public
def get_search() -> dict[str, Any]:
    """The clauses and list items that fit some words."""
    knowledge, on, query = current_knowledge(), _day(), query_text("q")
    if not query:
        raise FieldErrors(errors=[FieldError("q", "required")])
    limit = query_number("limit", 10, 1, 50)
    found = reading.search(knowledge, query, region=_region(), on=on, limit=limit)
    return {
        "release": knowledge.release,
        "on": on.isoformat(),
        "query": query,
        "clauses": [c.to_json() for c in found.clauses],
        "items": [i.to_json() for i in found.items],
    }


def _day() -> date:
    return read_day(request.args.get("on")) or today()


def _region() -> str | None:
    name = query_text("region")
    given = bool(request.args.get("region"))  # blanks alone are no region's name
    return resolve_region(current_knowledge(), name) if given else None
