"""What a file says of itself, field by field, with an id proposed where it gives none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.edition import InstrumentKind
from knowledge.parse.document import ParsedDocument
from knowledge.parse.force import in_force_by
from knowledge.parse.list_edition import list_edition
from knowledge.parse.table import ParsedList
from knowledge.region import NATION, mentioned, pinyin, region
from portal.library.details import ImportRefusedError, read_details
from portal.library.models import EditionRow, InstrumentRow
from portal.library.readings import FileText

_NO_DEPARTMENT = re.compile(r"(人民政府|办公室|领导小组|委员会办公室|人民代表大会)")
_DEPARTMENT = re.compile(r"[一-鿿]{2,20}?(?:局|厅|委员会|委|总局|分局|大队|总队|支队|中心)$")
_ISSUER = re.compile(r"[一-鿿]{2,25}?(?:局|厅|委员会|总队|支队|大队)(?=[^长面部势])")
_SIGNS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"(\d{4})\D{1,4}(\d{1,5})\s*号")
_UNNAMED = "-"
_LIST = InstrumentKind.LIST.value


def recognise(session: Session, text: FileText) -> dict[str, str]:
    """The fields as the file itself fills them; empty where it says nothing."""
    told = _of_list(text.table) if text.table else _of_document(text.document)
    told["instrument"] = _instrument(session, text, told)
    return told


def _of_document(parsed: ParsedDocument | None) -> dict[str, str]:
    assert parsed is not None
    place = _region(parsed.issuer, parsed.title)
    starts, ends = in_force_by(parsed.clauses, parsed.issued_on)
    return {
        "title": parsed.title,
        "document_number": parsed.document_number,
        "issuer": parsed.issuer,
        "region": place,
        "department": _department(parsed.issuer, place),
        "issued_on": _day(parsed.issued_on),
        "in_force_from": _day(starts or parsed.issued_on),
        "in_force_to": _day(ends),
        "kind": parsed.kind.value,
    }


def _of_list(parsed: ParsedList) -> dict[str, str]:
    edition = list_edition(parsed, {"id": _UNNAMED})
    title = "" if edition.title == _UNNAMED else edition.title
    named = _ISSUER.match(title)
    issuer = edition.issuer or (named[0] if named else "")
    place = edition.region or _region(issuer, title, *parsed.titles)
    return {
        "title": title,
        "document_number": edition.document_number,
        "issuer": issuer,
        "region": place,
        "department": edition.department or _department(issuer, place),
        "issued_on": _day(edition.issued_on),
        "in_force_from": _day(edition.in_force_from or edition.issued_on),
        "in_force_to": _day(edition.in_force_to),
        "kind": _LIST,
    }


def _region(*texts: str) -> str:
    """The region that the first of these texts names, where it names one and no other."""
    for text in texts:
        found = mentioned(text) if text else ()
        if len(found) == 1:
            return found[0]
    return ""


def _department(issuer: str, place: str) -> str:
    """The issuer without its region, where that is a department and not the government itself."""
    if _NO_DEPARTMENT.search(issuer):
        return ""
    rest = issuer
    for step in place.split("/") if place and place != NATION else ():
        rest = rest.removeprefix(step)
    return rest if _DEPARTMENT.fullmatch(rest) else ""


def _day(day: object) -> str:
    return str(day) if day else ""


def _instrument(session: Session, text: FileText, told: dict[str, str]) -> str:
    """The id that the file gives; else that of the same document in another edition; else a new one."""
    given = text.table.list_ids if text.table else ()
    if len(given) == 1 and _is_id(given[0]):
        return given[0]
    same = _same_document(session, told)
    return same or _new_id(session, told)


def _is_id(name: str) -> bool:
    try:
        return read_details({"instrument": name}).instrument is not None
    except ImportRefusedError:
        return False


def _same_document(session: Session, told: dict[str, str]) -> str:
    """The instrument of the same region with an edition of the same number, else of the same title."""
    rows = session.execute(
        select(EditionRow.instrument_id, EditionRow.document_number, EditionRow.title, EditionRow.region)
        .join(InstrumentRow, InstrumentRow.id == EditionRow.instrument_id)
        .where((InstrumentRow.kind == _LIST) == (told["kind"] == _LIST))
        .order_by(EditionRow.id.desc())
    ).all()
    number, title = _bare(told["document_number"]), _bare(told["title"])
    here = [row for row in rows if told["region"] in ("", row.region)]
    by_number = (row.instrument_id for row in here if number and _bare(row.document_number) == number)
    by_title = (row.instrument_id for row in here if title and _bare(row.title) == title)
    return next(by_number, "") or next(by_title, "")


def _bare(text: str) -> str:
    return _SIGNS.sub("", text)


def _new_id(session: Session, told: dict[str, str]) -> str:
    """The region in Latin letters, then year and number: zhanhe-2021-13."""
    place = told["region"].partition("、")[0]
    known = region(place) if place and place != NATION else None
    found = _NUMBER.search(told["document_number"])
    numbers = found.groups() if found else (told["issued_on"][:4] or told["in_force_from"][:4],)
    kind = "list" if told["kind"] == _LIST else ""
    start = (pinyin(known.short) if known else "") or ("cn" if place == NATION else "")
    return _free(session, [step for step in (start, kind, *numbers) if step] or ["document"])


def _free(session: Session, steps: Iterable[str]) -> str:
    wanted = "-".join(steps)[:55].strip("-")
    taken = set(session.scalars(select(InstrumentRow.id).where(InstrumentRow.id.startswith(wanted))))
    names = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
