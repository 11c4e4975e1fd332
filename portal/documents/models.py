"""The documents of a case as they are kept. What is issued is never changed; a correction is a new one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from portal.database import Base, Moment, SealedJSON, SealedText, now


class Document(Base):
    """One document. ``content`` holds its fields and the sheet as it reads; ``digest`` is of both.

    ``serial`` runs without gaps in each ``series`` of an agency and year. ``release`` is the release of
    the knowledge that was in force, ``revision`` the revision of the application that it rests on.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(200), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    series: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    serial: Mapped[int]
    revision: Mapped[int]
    release: Mapped[int | None]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(Moment, default=now)
    issuer: Mapped[str] = mapped_column(String(60))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    digest: Mapped[str] = mapped_column(String(64))


class DeliveryForm(StrEnum):
    """How a document is served (送达)."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    POST = "post"
    LEFT = "left"
    ENTRUSTED = "entrusted"
    PUBLIC = "public"


class Delivery(Base):
    """That a document was served: how, when, by whom; ``note`` says where, to whom, or with which receipt."""

    __tablename__ = "document_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    form: Mapped[str] = mapped_column(String(12))
    served_at: Mapped[datetime] = mapped_column(Moment, default=now)
    served_by: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(SealedText, default="")


class Mark(StrEnum):
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"


class DocumentMark(Base):
    """What the party did with a document, the first time: opened it, confirmed to have it."""

    __tablename__ = "document_marks"
    __table_args__ = (UniqueConstraint("document_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    mark: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    name: Mapped[str] = mapped_column(SealedText, default="")


class DeliveryConfirmation(Base):
    """That the party agreed, in writing and signed, to be served online (电子送达确认书).

    The signature is a scan (``upload_id``) or on paper that an officer has seen (``noted_by``);
    ``address`` is where word of a new document is sent. Where it was ended, documents are served in other
    ways again.
    """

    __tablename__ = "delivery_confirmations"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(SealedText)
    address: Mapped[str] = mapped_column(SealedText, default="")
    signed_on: Mapped[date]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("uploads.id"))
    noted_by: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class IssuedDocumentError(Exception):
    """A document that was issued was to be changed or deleted."""


@event.listens_for(Document, "before_update")
@event.listens_for(Document, "before_delete")
def _refuse_change(_mapper: Mapper[Document], _connection: object, target: Document) -> None:
    raise IssuedDocumentError(f"文书 {target.number} 已经出具，不能更改；有误的，另出一份更正。")
