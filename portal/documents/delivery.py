"""Serving documents (送达). Nothing here commits or writes the journal: the act around it does both.

Online, a document counts as served only after the party has signed the confirmation of electronic
delivery. A tick box or a typed name alone is not a reliable electronic signature, so neither is enough:
there is a scan of the signature, or an officer has seen it on paper.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.calendar import today
from portal.database import Moment, SealedText, now
from portal.days import written_day
from portal.errors import FieldError, FieldErrors
from portal.uploads.models import Purpose, Upload
from portal.wording import Language, wording

from .issuing import Issuer
from .kinds import kind_of
from .models import Delivery, DeliveryConfirmation, DeliveryForm, Document, DocumentMark, Mark
from .plain import one_line

MAX_NAME, MAX_NOTE = 100, 300
ONLINE = DeliveryForm.ONLINE


@dataclass(frozen=True, slots=True)
class ConfirmationText:
    """What the party signs, and the version that changes with it."""

    points: tuple[str, ...]
    version: str


def confirmation_text(language: Language) -> ConfirmationText:
    """The confirmation as it reads now; its version is that of the Chinese text, which is the one signed."""
    signed = wording(Language.CHINESE).lines("delivery.points")
    version = hashlib.sha256("\n".join(signed).encode("utf-8")).hexdigest()[:12]
    return ConfirmationText(tuple(wording(language).lines("delivery.points")), version)


def confirm_electronic_delivery(
    session: Session,
    application: Application,
    *,
    name: str,
    signed_on: str | date,
    address: str = "",
    scan: Upload | None = None,
    noted_by: Issuer | None = None,
) -> DeliveryConfirmation:
    """Keeps the signed confirmation. FieldErrors name what is missing: ``name``, ``signed_on``, ``scan``."""
    errors: list[FieldError] = []
    signer = _checked_line(name, "name", MAX_NAME, errors)
    where = _checked_line(address, "address", MAX_NAME, errors, required=False)
    day = _signed_on(signed_on, errors)
    if scan is None and noted_by is None:
        errors.append(FieldError("scan", "signature"))
    elif scan is not None and not _is_signature(scan, application):
        errors.append(FieldError("scan", "signature_kind"))
    if errors or day is None:
        raise FieldErrors(errors=errors)
    end_electronic_delivery(session, application)
    confirmation = DeliveryConfirmation(
        application_id=application.id,
        version=confirmation_text(Language.CHINESE).version,
        name=signer,
        address=where,
        signed_on=day,
        upload_id=scan.id if scan is not None else None,
        noted_by=noted_by.name if noted_by else "",
    )
    session.add(confirmation)
    session.flush()
    return confirmation


def end_electronic_delivery(session: Session, application: Application) -> bool:
    """From now on documents are served in other ways; False where that was so already."""
    confirmation = confirmation_of(session, application)
    if confirmation is None:
        return False
    confirmation.ended_at = now()
    session.flush()
    return True


def confirmation_of(session: Session, application: Application) -> DeliveryConfirmation | None:
    """The confirmation in force, if there is one."""
    return session.scalar(
        select(DeliveryConfirmation)
        .where(DeliveryConfirmation.application_id == application.id, DeliveryConfirmation.ended_at.is_(None))
        .order_by(DeliveryConfirmation.id.desc())
        .limit(1)
    )


def deliver(
    session: Session, application: Application, document: Document, form: str, *, by: Issuer, note: str = ""
) -> Delivery:
    """Records that a document was served. FieldErrors: ``form`` where it may not be served online, or is
    unknown; ``document`` where it is not this case's or not the party's to have."""
    errors: list[FieldError] = []
    if form not in list(DeliveryForm):
        raise FieldErrors(errors=[FieldError("form", "choose")])
    if form == ONLINE and confirmation_of(session, application) is None:
        errors.append(FieldError("form", "not_confirmed"))
    if document.application_id != application.id or _internal(document):
        errors.append(FieldError("document", "choose"))
    said = _checked_line(note, "note", MAX_NOTE, errors, required=False)
    if errors:
        raise FieldErrors(errors=errors)
    delivery = Delivery(document_id=document.id, form=form, served_by=by.name, note=said)
    session.add(delivery)
    session.flush()
    return delivery


def acknowledge(session: Session, document: Document, name: str = "") -> bool:
    """Records that the party has the document, the first time it says so; False every other time.

    It is no agreement with what stands in it. FieldErrors where it was never served.
    """
    if session.scalar(select(Delivery.id).where(Delivery.document_id == document.id).limit(1)) is None:
        raise FieldErrors(errors=[FieldError("document", "not_served")])
    return _mark(session, document, Mark.ACKNOWLEDGED, name)


def record_opening(session: Session, document: Document) -> bool:
    """Records that the party opened the document, the first time; False every other time."""
    return _mark(session, document, Mark.OPENED)


def marked_at(session: Session, document: Document, mark: Mark) -> datetime | None:
    return session.scalar(
        select(DocumentMark.at).where(DocumentMark.document_id == document.id, DocumentMark.mark == mark)
    )


def _mark(session: Session, document: Document, mark: Mark, name: str = "") -> bool:
    """Of many at once, one is the first."""
    statement = text(
        "INSERT INTO document_marks (document_id, mark, at, name) VALUES (:document_id, :mark, :at, :name)"
        " ON CONFLICT DO NOTHING RETURNING id"
    ).bindparams(bindparam("at", type_=Moment), bindparam("name", type_=SealedText))
    values = {
        "document_id": document.id,
        "mark": mark.value,
        "at": now(),
        "name": one_line(name)[:MAX_NAME],
    }
    return session.execute(statement, values).first() is not None


def _internal(document: Document) -> bool:
    return kind_of(document.kind).internal


def _is_signature(scan: Upload, application: Application) -> bool:
    return (scan.application_id, scan.purpose) == (application.id, Purpose.SIGNATURE.value) and scan.kind in (
        "jpg",
        "png",
        "pdf",
    )


def _checked_line(
    typed: str, field: str, limit: int, errors: list[FieldError], *, required: bool = True
) -> str:
    said = one_line(typed)
    if required and not said:
        errors.append(FieldError(field, "required"))
    if len(said) > limit:
        errors.append(FieldError(field, "too_long", {"limit": limit, "length": len(said)}))
    return said


def _signed_on(typed: str | date, errors: list[FieldError]) -> date | None:
    try:
        day = typed if isinstance(typed, date) else written_day(typed)
    except ValueError:
        errors.append(FieldError("signed_on", "date"))
        return None
    if day > today():
        errors.append(FieldError("signed_on", "date_future"))
    return day
