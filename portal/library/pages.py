"""The pages of the library: search and filters, a whole document or list, one clause or item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, jsonify, render_template, request

from portal.calendar import today
from portal.database import current_session
from portal.days import written_day
from portal.errors import FieldErrors, NotFound
from portal.language import caller_language
from portal.library.addresses import section_anchor
from portal.library.holder import current_knowledge
from portal.library.page import (
    clause_address,
    clause_rows,
    contents,
    item_of,
    neighbours,
    opening,
    shown_with,
    state,
    versions,
)
from portal.library.reading import (
    DocumentView,
    Published,
    clause_json,
    document,
    documents,
    item_json,
    lists,
    search,
)
from portal.library.regions import resolve_region
from portal.library.replaced import replaced_versions
from portal.library.topic_reading import topics_of_clause
from portal.permissions import public

pages = Blueprint("library", __name__, url_prefix="/library")

pages.add_app_template_filter(section_anchor)

KINDS = ("notice", "statute", "list")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor looks for; ``wrong`` names the filters that were left out, not being understood."""

    query: str
    kind: str
    field: str
    region: str | None
    region_text: str
    on: date
    on_text: str
    wrong: tuple[str, ...]

    @property
    def narrowed(self) -> bool:
        return bool(self.kind or self.field or self.region_text or self.on_text)


@pages.get("")
@public
def index() -> str:
    """Documents and lists of the release in force, and with words to look for, the clauses that say them."""
    knowledge, filters = current_knowledge(), _filters(request.args)
    on, region, field, query = filters.on, filters.region, filters.field, filters.query
    kind = filters.kind
    texts = documents(knowledge, on=on, region=region, field=field, query=query, kind=kind)
    tables = lists(knowledge, on=on, region=region, field=field, query=query)
    everything = (*documents(knowledge, on=on), *lists(knowledge, on=on))
    return render_template(
        "library/index.html",
        here="library",
        filters=filters,
        found=search(knowledge, query, region=region, on=on) if query else None,
        documents=() if kind == "list" else texts,
        lists=tables if kind in ("", "list") else (),
        fields=sorted({name for published in everything for name in published.fields}),
        kinds=KINDS,
        regions=knowledge.regions(),
        clause_address=clause_address,
        opening=opening,
        state=state,
    )


@pages.get("/<document_id>")
@public
def whole(document_id: str) -> str:
    """A whole document or list; ``on`` shows the edition of a day, ``edition`` one of its versions."""
    on = _day(request.args.get("on", "")) or today()
    view = document(current_knowledge(), document_id, on=on)
    shown = _edition(view, request.args.get("edition", ""))
    rows = clause_rows(shown.edition)
    return render_template(
        "library/document.html",
        here="library",
        view=view,
        shown=shown,
        on=on,
        state=state,
        rows=rows,
        contents=contents(rows),
        items=_items(shown, request.args.get("q", "").strip()),
        query=request.args.get("q", "").strip(),
        clause_address=clause_address,
    )


@pages.get("/<document_id>/<path:section>")
@public
def clause(document_id: str, section: str) -> str | Response:
    """One clause with what stands below it, or one list item; ``format=json`` gives its data."""
    on = _day(request.args.get("on", "")) or today()
    view = document(current_knowledge(), document_id, on=on)
    shown = shown_with(view, section)
    edition = shown.edition
    item, own = item_of(edition, section), edition.clause(section)
    if item is None and own is None:
        raise NotFound
    if request.args.get("format") == "json":
        return jsonify(_data(shown, section))
    sections = [i.number for i in edition.items] if item else [c.section for c in edition.clauses]
    before, after = neighbours(sections, section)
    return render_template(
        "library/item.html" if item else "library/clause.html",
        here="library",
        view=view,
        shown=shown,
        gone=shown is not view.shown and state(edition, on, in_force=shown.in_force) != "not_yet",
        on=on,
        state=state,
        item=item,
        clause=own,
        rows=clause_rows(edition, [] if item else [c for c in (own, *edition.children(section)) if c]),
        versions=versions(view.history, section),
        replaced=replaced_versions(
            current_session(),
            document_id,
            section,
            [published.edition for published in view.history],
            release=shown.release,
            language=caller_language(),
        ),
        topics=topics_of_clause(current_knowledge(), own) if own else (),
        before=before,
        after=after,
        clause_address=clause_address,
    )


def _data(shown: Published, section: str) -> Mapping[str, object]:
    """One clause or item as data, with the document it stands in."""
    edition = shown.edition
    item, own = item_of(edition, section), edition.clause(section)
    body = item_json(item) if item else clause_json(edition, own) if own else {}
    if own:
        body = {**body, "text": edition.full_text(section)}
    return {"document": shown.to_json(), **body}


def _edition(view: DocumentView, number: str) -> Published:
    """The version asked for by its place in the history, else the one that counts on the day."""
    if number.isdecimal() and 0 < int(number) <= len(view.history):
        return view.history[int(number) - 1]
    return view.shown


def _items(shown: Published, query: str) -> tuple[object, ...]:
    items = shown.edition.items
    if not query:
        return items
    return tuple(i for i in items if query in i.matter or any(query in c.text for c in i.conditions))


def _filters(given: Mapping[str, str]) -> Filters:
    region_text, on_text = given.get("region", "").strip()[:100], given.get("on", "").strip()[:10]
    wrong, region = [], None
    if region_text:
        try:
            region = resolve_region(current_knowledge(), region_text)
        except FieldErrors:
            wrong.append("region")
    on = _day(on_text)
    if on_text and on is None:
        wrong.append("on")
    kind = given.get("kind", "")
    return Filters(
        query=given.get("q", "").strip()[:100],
        kind=kind if kind in KINDS else "",
        field=given.get("field", "").strip()[:50],
        region=region,
        region_text=region_text,
        on=on or today(),
        on_text=str(on) if on else on_text,
        wrong=tuple(wrong),
    )


def _day(text: str) -> date | None:
    try:
        return written_day(text)
    except ValueError:
        return None
