"""Issuing the documents of a case (出具文书). Nothing here commits: that is for the act around it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import journal
from portal.accounts.models import Agency
from portal.applications.models import Application
from portal.applications.numbers import next_in_line
from portal.calendar import CHINA
from portal.errors import FieldError, FieldErrors
from portal.library.record import current_release
from portal.phrasing import date_words, moment_words
from portal.wording import Language

from .filling import Filled, fill
from .kinds import DocumentKind, Kind, kind_of
from .models import Delivery, DeliveryConfirmation, Document, DocumentMark, Mark
from .numbering import document_number
from .plain import one_line
from .sheet import Sheet, compose

PORTAL = "portal"
"""Who issues what the portal makes by itself, such as the confirmation of a withdrawal."""


class Issuer(Protocol):
    """Who issues: a member of staff."""

    @property
    def name(self) -> str: ...

    @property
    def agency_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Filed:
    """A document in its case, with what became of it."""

    document: Document
    served: tuple[Delivery, ...]
    opened_at: datetime | None
    acknowledged_at: datetime | None
    replaced_by: Document | None

    @property
    def kind(self) -> Kind:
        return kind_of(self.document.kind)

    @property
    def served_at(self) -> datetime | None:
        return self.served[0].served_at if self.served else None


def issue(  # noqa: PLR0917  who, what, with what, by whom, when
    session: Session,
    application: Application,
    kind: str,
    fields: Mapping[str, object],
    issuer: Issuer | None,
    on: date,
    replaces: Document | None = None,
) -> Document:
    """A new document of the case, numbered, unchangeable from now on, and one event in the journal.

    ``kind`` is a DocumentKind; without an ``issuer`` the portal itself issues. Raises FieldErrors that
    name every field that is wrong (``kind`` where the region has no such document, ``replaces`` where
    that document is another case's, another kind's, or was replaced before). The caller commits.
    """
    wanted = kind_of(kind)
    filled = _checked(session, application, wanted, fields, replaces)
    agency = _agency(session, application, issuer)
    facts = _facts(application, agency, application.current.statement)
    sheet = compose(
        wanted, filled, facts=facts, on=on, replaces=replaces.number if replaces is not None else ""
    )
    content = {"fields": filled, "sheet": sheet.to_json()}
    release = current_release(session)
    serial = next_in_line(session, f"D{agency.id if agency else 0}.{wanted.series}", on.year)
    document = Document(
        number=document_number(agency, wanted, on.year, serial),
        application_id=application.id,
        agency_id=agency.id if agency else None,
        kind=wanted.id.value,
        series=wanted.series,
        year=on.year,
        serial=serial,
        revision=application.current.number,
        release=release.number if release else None,
        issued_on=on,
        issuer=issuer.name if issuer else PORTAL,
        replaces_id=replaces.id if replaces is not None else None,
        content=content,
        digest="",
    )
    document.digest = digest_of(document)
    session.add(document)
    session.flush()
    detail = {"application": application.number, "kind": wanted.id.value, "digest": document.digest}
    actor = f"staff:{issuer.name}" if issuer else PORTAL
    journal.append(session, actor, "document.issued", f"document:{document.number}", detail)
    return document


def documents_of(session: Session, application: Application, *, internal: bool = False) -> tuple[Filed, ...]:
    """The documents of a case, the last one first; those that are internal only where asked for."""
    found = session.scalars(
        select(Document).where(Document.application_id == application.id).order_by(Document.id.desc())
    ).all()
    replaced = {document.replaces_id: document for document in found}
    marks = _marks(session, application)
    served = _deliveries(session, application)
    return tuple(
        Filed(
            document,
            tuple(served.get(document.id, ())),
            marks.get((document.id, Mark.OPENED.value)),
            marks.get((document.id, Mark.ACKNOWLEDGED.value)),
            replaced.get(document.id),
        )
        for document in found
        if internal or not kind_of(document.kind).internal
    )


def find_document(session: Session, application: Application, number: str) -> Document | None:
    """The document of this number, if it is this case's."""
    wanted = select(Document).where(Document.application_id == application.id, Document.number == number)
    return session.scalar(wanted)


def forget_documents(session: Session, application: Application) -> None:
    """Takes the documents of an application out of the record, for the erasing act to commit.

    Their numbers and digests stay in the journal; nothing else may ever delete a document.
    """
    own = select(Document.id).where(Document.application_id == application.id)
    for part in (Delivery, DocumentMark):
        session.execute(delete(part).where(part.document_id.in_(own)))
    session.execute(delete(DeliveryConfirmation).where(DeliveryConfirmation.application_id == application.id))
    session.execute(
        update(Document).where(Document.application_id == application.id).values(replaces_id=None)
    )
    session.execute(delete(Document).where(Document.application_id == application.id))


def sheet_of(document: Document) -> Sheet:
    return Sheet.from_json(document.content["sheet"])


def digest_of(document: Document) -> str:
    """What the content of a document must hash to, for as long as it exists."""
    return content_digest(document.number, document.kind, document.issued_on.isoformat(), document.content)


def content_digest(number: str, kind: str, on: str, content: object) -> str:
    """The same from its parts, as a bundle holds them."""
    said = [number, kind, on, content]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def receipt_of(application: Application, evidence: tuple[str, ...] = ()) -> Sheet:
    """The receipt for an application, from what was handed in. It needs no number of its own."""
    submitted = application.submitted_at
    assert submitted is not None, "only what was submitted has a receipt"
    kind = kind_of(DocumentKind.RECEIPT)
    told = {"submitted": moment_words(submitted, Language.CHINESE), "evidence": list(evidence)}
    facts = _facts(application, None, application.revisions[0].statement)
    return compose(kind, fill(kind, told), facts=facts, on=submitted.astimezone(CHINA).date())


def _checked(
    session: Session,
    application: Application,
    kind: Kind,
    fields: Mapping[str, object],
    replaces: Document | None,
) -> Filled:
    errors: list[FieldError] = []
    if not kind.used_in(application.region):
        errors.append(FieldError("kind", "not_in_region"))
    if replaces is not None:
        if (replaces.application_id, replaces.kind) != (application.id, kind.id.value):
            errors.append(FieldError("replaces", "other_document"))
        elif session.scalar(select(Document.id).where(Document.replaces_id == replaces.id)):
            errors.append(FieldError("replaces", "replaced"))
    try:
        filled = fill(kind, fields)
    except FieldErrors as wrong:
        raise FieldErrors(errors=[*errors, *wrong.errors]) from None
    if errors:
        raise FieldErrors(errors=errors)
    return filled


def _agency(session: Session, application: Application, issuer: Issuer | None) -> Agency | None:
    known = application.agency_id or (issuer.agency_id if issuer else None)
    return session.get(Agency, known) if known else None


def _facts(application: Application, agency: Agency | None, statement: Mapping[str, Any]) -> dict[str, str]:
    """What the case itself tells, by the names that the wording of the kinds uses."""
    applied = (application.submitted_at or application.made_at).astimezone(CHINA).date()
    code = str(statement.get("credit_code") or "")
    return {
        "party": one_line(str(statement.get("party_name") or "")),
        "identity": f"统一社会信用代码：{code}" if code else "",
        "agency": agency.name if agency else one_line(str(statement.get("agency") or "")),
        "application": application.number,
        "applied_on": date_words(applied, Language.CHINESE),
    }


def _marks(session: Session, application: Application) -> dict[tuple[int, str], datetime]:
    found = (
        select(DocumentMark)
        .join(Document, Document.id == DocumentMark.document_id)
        .where(Document.application_id == application.id)
    )
    return {(mark.document_id, mark.mark): mark.at for mark in session.scalars(found)}


def _deliveries(session: Session, application: Application) -> dict[int, list[Delivery]]:
    found = (
        select(Delivery)
        .join(Document, Document.id == Delivery.document_id)
        .where(Document.application_id == application.id)
        .order_by(Delivery.id.desc())
    )
    served: dict[int, list[Delivery]] = {}
    for delivery in session.scalars(found):
        served.setdefault(delivery.document_id, []).append(delivery)
    return served
