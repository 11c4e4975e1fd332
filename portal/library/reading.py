"""What anyone may read: the published documents and lists of the release in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from knowledge.clause import Clause
from knowledge.edition import Edition, InstrumentKind
from knowledge.exemption import ListItem
from portal.errors import NotFound

from .addresses import library_url

if TYPE_CHECKING:
    from knowledge.library import Knowledge


@dataclass(frozen=True, slots=True)
class Published:
    """One published edition as it stands on a day."""

    edition: Edition
    in_force: bool
    release: int

    @property
    def id(self) -> str:
        return self.edition.instrument

    @property
    def fields(self) -> tuple[str, ...]:
        """The sectors (领域) that the document names: its department's and its items'."""
        named = (self.edition.department, *(item.field for item in self.edition.items))
        return tuple(dict.fromkeys(field for field in named if field))

    def to_json(self) -> dict[str, Any]:
        edition = self.edition
        return {
            "id": edition.instrument,
            "kind": edition.kind.value,
            "title": edition.title,
            "document_number": edition.document_number,
            "issuer": edition.issuer,
            "region": edition.region,
            "department": edition.department,
            "issued_on": _day(edition.issued_on),
            "in_force_from": _day(edition.in_force_from),
            "in_force_to": _day(edition.in_force_to),
            "in_force": self.in_force,
            "status": edition.status.value,
            "digest": edition.digest,
            "source": edition.source,
            "clause_count": len(edition.clauses),
            "item_count": len(edition.items),
            "release": self.release,
            "url": library_url(edition.instrument),
        }


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document on a day: the edition shown and all published editions, the oldest first."""

    shown: Published
    history: tuple[Published, ...]

    def to_json(self) -> dict[str, Any]:
        edition = self.shown.edition
        return {
            **self.shown.to_json(),
            "clauses": [clause_json(edition, clause) for clause in edition.clauses],
            "history": [published.to_json() for published in self.history],
        }


@dataclass(frozen=True, slots=True)
class FoundClause:
    published: Published
    clause: Clause
    score: float

    def to_json(self) -> dict[str, Any]:
        edition = self.published.edition
        return {
            "document": edition.instrument,
            "title": edition.title,
            "document_number": edition.document_number,
            "region": edition.region,
            "digest": edition.digest,
            **clause_json(edition, self.clause),
            "text": edition.full_text(self.clause.section),
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class FoundItem:
    published: Published
    item: ListItem
    score: float

    def to_json(self) -> dict[str, Any]:
        return {**item_json(self.item), "title": self.published.edition.title, "score": round(self.score, 4)}


@dataclass(frozen=True, slots=True)
class SearchResult:
    clauses: tuple[FoundClause, ...]
    items: tuple[FoundItem, ...]


def documents(
    knowledge: Knowledge,
    *,
    on: date,
    region: str | None = None,
    field: str = "",
    query: str = "",
    kind: str = "",
) -> tuple[Published, ...]:
    """Notices and statutes, one row an instrument, the region's own before the nation's."""
    kinds = {kind} if kind else {InstrumentKind.NOTICE, InstrumentKind.STATUTE}
    return _chosen(knowledge, kinds - {InstrumentKind.LIST}, on=on, region=region, field=field, query=query)


def lists(
    knowledge: Knowledge, *, on: date, region: str | None = None, field: str = "", query: str = ""
) -> tuple[Published, ...]:
    """The exemption lists, one row a list."""
    return _chosen(knowledge, {InstrumentKind.LIST}, on=on, region=region, field=field, query=query)


def document(knowledge: Knowledge, instrument: str, *, on: date) -> DocumentView:
    """One published instrument: the edition in force that day, else its latest; NotFound for any other."""
    held = [_published(knowledge, e, on) for e in _editions(knowledge) if e.instrument == instrument]
    latest = knowledge.edition(instrument, on) or knowledge.any_edition(instrument)
    if latest is None or not held:
        raise NotFound
    history = sorted(held, key=lambda p: p.edition.in_force_from or p.edition.issued_on or date.min)
    return DocumentView(_published(knowledge, latest, on), tuple(history))


def search(
    knowledge: Knowledge, query: str, *, region: str | None, on: date, limit: int = 10
) -> SearchResult:
    """The clauses and list items in force that fit some words, on a region's path or everywhere."""
    hits = knowledge.search(query, regions=None if region is None else [region], on=on, limit=limit)
    clauses = []
    for hit in hits:
        edition = knowledge.edition(hit.ref.document, on)
        clause = edition.clause(hit.ref.section) if edition else None
        if edition and clause:
            clauses.append(FoundClause(_published(knowledge, edition, on), clause, hit.score))
    items = []
    for found in knowledge.search_items(query, region=region, on=on, limit=limit):
        edition = knowledge.edition(found.item.list, on)
        if edition:
            items.append(FoundItem(_published(knowledge, edition, on), found.item, found.score))
    return SearchResult(tuple(clauses), tuple(items))


def clause_json(edition: Edition, clause: Clause) -> dict[str, Any]:
    return {
        "section": clause.section,
        "heading": clause.heading,
        "text": clause.text,
        "plain": clause.plain,
        "topics": list(clause.topics),
        "url": library_url(edition.instrument, clause.section),
    }


def item_json(item: ListItem) -> dict[str, Any]:
    return {
        "list": item.list,
        "number": item.number,
        "matter": item.matter,
        "outcome": item.outcome.value,
        "conditions": [condition.text for condition in item.conditions],
        "department": item.department,
        "field": item.field,
        "violation_basis": item.violation_basis,
        "penalty_basis": item.penalty_basis,
        "measures": item.measures,
        "benchmark": item.benchmark,
        "source": item.source,
        "url": library_url(item.list, item.number),
    }


@lru_cache(maxsize=2)  # the release in force, and the one before while requests still read it
def _editions(knowledge: Knowledge) -> tuple[Edition, ...]:
    """Every published edition once, also those that stand on several shelves; only these are compared."""
    held = [edition for shelf in knowledge.shelves for edition in shelf.editions]
    several = dict.fromkeys(edition for edition in held if len(edition.regions) > 1)
    return (*(edition for edition in held if len(edition.regions) == 1), *several)


def _chosen(
    knowledge: Knowledge, kinds: Iterable[str], *, on: date, region: str | None, field: str, query: str
) -> tuple[Published, ...]:
    shown: dict[str, Published] = {}
    for edition in _editions(knowledge):
        if edition.instrument in shown or edition.kind not in kinds:
            continue
        best = knowledge.edition(edition.instrument, on) or knowledge.any_edition(edition.instrument)
        if best is None:
            continue
        published = _published(knowledge, best, on)
        if _fits(published, region, field, query.strip()):
            shown[edition.instrument] = published
    return tuple(sorted(shown.values(), key=lambda p: (p.edition.region == "全国", p.edition.region, p.id)))


def _fits(published: Published, region: str | None, field: str, query: str) -> bool:
    edition = published.edition
    if region is not None and not any(_reaches(own, region) for own in edition.regions):
        return False
    if field and not any(field in named for named in published.fields):
        return False
    if not query:
        return True
    named = (edition.title, edition.document_number, edition.issuer, edition.instrument)
    texts = (*(c.text for c in edition.clauses), *(i.matter for i in edition.items))
    return any(query in text for text in (*named, *texts))


def _reaches(own: str, region: str) -> bool:
    """True when a document of region ``own`` applies in ``region`` or belongs below it."""
    return own in ("全国", region) or region.startswith(own + "/") or own.startswith(region + "/")


def _published(knowledge: Knowledge, edition: Edition, on: date) -> Published:
    return Published(edition, knowledge.edition(edition.instrument, on) == edition, knowledge.release)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
