"""From a parsed list to an edition: what the file says of itself, and what the importer says instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..edition import Edition, EditionStatus, InstrumentKind
from ..exemption import Condition, ListItem, ListOutcome
from ..predicate import FirstOffence
from ..region import AmbiguousRegion, UnknownRegion, resolve
from .errors import UnreadableDocument
from .first_offence import defined, first_offence_defined
from .force import in_force_in
from .imprint import Imprint, read_date, read_imprint
from .list_words import pattern, words
from .table import ParsedList


def list_edition(parsed: ParsedList, overrides: Mapping[str, object] | None = None) -> Edition:
    """The edition of a parsed list; what ``overrides`` gives beats what the file says.

    Keys: id, title, document_number (or number), issuer, region, department, issued_on (or issued),
    in_force_from, in_force_to, status, mandatory, digest. A date may be a date or text. Raises
    UnreadableDocument without an id or with several, UnknownRegion or AmbiguousRegion for a region
    given that names no place; one that the file gives and that is not clear leaves the region empty.
    """
    given = {key: value for key, value in (overrides or {}).items() if value not in (None, "")}
    imprint = read_imprint(_heading(parsed))
    list_id = _list_id(parsed, given)
    region = _region(parsed, given)
    department = str(given.get("department") or _common(item.department for item in parsed.items))
    issuer = str(given.get("issuer") or _around("own_issuer", "issuer", parsed) or department)
    mandatory = bool(given.get("mandatory", issuer in words("mandatory_issuers")))
    definition = first_offence_defined((*parsed.notes, *parsed.titles))
    return Edition(
        list_id,
        InstrumentKind.LIST,
        str(given.get("title") or imprint.title or list_id),
        region,
        str(given.get("document_number") or given.get("number") or imprint.document_number)
        or _around("own_number", "number", parsed),
        issuer,
        department,
        _date(given, "issued_on", "issued")
        or imprint.issued_on
        or read_date(_around("issued_around", "date", parsed)),
        *_period(given, imprint, _lines_around(parsed)),
        bool(given.get("digest", False)),
        EditionStatus(str(given.get("status", imprint.status))),
        str(given.get("source") or next(iter(parsed.source_urls), "")),
        items=tuple(_finished(item, list_id, region, mandatory, definition) for item in parsed.items),
    )


def _heading(parsed: ParsedList) -> str:
    """The line that names the list: its source title, else the first line above the table."""
    lines = (*parsed.source_titles, *(t for t in parsed.titles if "清单" in t), *parsed.titles)
    return lines[0] if lines else ""


def _list_id(parsed: ParsedList, given: Mapping[str, object]) -> str:
    if given.get("id"):
        return str(given["id"])
    if len(parsed.list_ids) > 1:
        raise UnreadableDocument(
            f"文件里有多个清单编号（{'、'.join(parsed.list_ids[:3])}），请分开导入。",
            "The file holds several list ids; import each list on its own.",
        )
    if not parsed.list_ids:
        raise UnreadableDocument("请为清单指定编号（--id）。", "Give the list an id (--id).")
    return parsed.list_ids[0]


def _region(parsed: ParsedList, given: Mapping[str, object]) -> str:
    if given.get("region"):
        return resolve(str(given["region"]))
    printed = _common(item.region for item in parsed.items)
    if not printed or pattern("unsettled").search(printed):
        return ""
    try:
        return resolve(printed, notes=True)
    except (UnknownRegion, AmbiguousRegion):
        return ""


def _common(values: Iterable[str]) -> str:
    """The one value that all share; empty where they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""


def _around(kind: str, part: str, parsed: ParsedList) -> str:
    """What the lines around the table say of the list by this pattern; empty where they do not."""
    found = (pattern(kind).search(line) for line in _lines_around(parsed))
    return next((match.group(part) for match in found if match), "")


def _lines_around(parsed: ParsedList) -> list[str]:
    """The lines above and under the table, without what only says that they are notes."""
    return [pattern("note_head").sub("", line) for line in (*parsed.titles, *parsed.notes)]


def _period(
    given: Mapping[str, object], imprint: Imprint, around: Sequence[str]
) -> tuple[date | None, date | None]:
    """What was given, else what the title says, else what the lines around the table say."""
    starts, ends = in_force_in(around, _date(given, "issued_on", "issued") or imprint.issued_on)
    return (
        _date(given, "in_force_from") or imprint.in_force_from or starts,
        _date(given, "in_force_to") or imprint.in_force_to or ends,
    )


def _date(given: Mapping[str, object], *names: str) -> date | None:
    value = next((given[name] for name in names if name in given), None)
    if value is None or isinstance(value, date):
        return value
    day = read_date(str(value))
    if day is None:
        raise UnreadableDocument(f"“{value}”不是日期。", f"“{value}” is not a date.")
    return day


def _finished(
    item: ListItem, list_id: str, region: str, mandatory: bool, definition: FirstOffence | None
) -> ListItem:
    """The item as its list makes it: id, region, effect, and the list's own 初次违法."""
    conditions = item.conditions
    if definition is not None:
        conditions = tuple(_defined(c, definition) for c in conditions)
    binding = mandatory and item.outcome is ListOutcome.FIRST_OFFENCE_EXEMPT
    return replace(item, list=list_id, region=region, mandatory=binding, conditions=conditions)


def _defined(condition: Condition, definition: FirstOffence) -> Condition:
    if condition.predicate is None:
        return condition
    return replace(condition, predicate=defined(condition.predicate, definition))
