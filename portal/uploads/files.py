"""The files of an application as the record has them: found, and taken out of it. Nothing here commits."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application

from .models import Purpose, Upload


def uploads_of(session: Session, application: Application) -> tuple[Upload, ...]:
    """The files of an application, the first one first."""
    found = select(Upload).where(Upload.application_id == application.id).order_by(Upload.id)
    return tuple(session.scalars(found))


def upload_of(session: Session, application: Application, token: str) -> Upload | None:
    """One file, if it is this application's."""
    wanted = select(Upload).where(Upload.application_id == application.id, Upload.token == token)
    return session.scalar(wanted)


def evidence_since_revision(session: Session, application: Application) -> bool:
    """Whether evidence came in since the application last said something new."""
    said = max(filter(None, (application.current.made_at, application.submitted_at)))
    wanted = select(Upload.id).where(
        Upload.application_id == application.id,
        Upload.purpose == Purpose.EVIDENCE.value,
        Upload.made_at > said,
    )
    return session.scalar(wanted.limit(1)) is not None


def forget_files(session: Session, application: Application) -> int:
    """Takes every file of an application out of the record, for the erasing act to commit.

    The files themselves go with the next sweep; without the keys in the record they cannot be read.
    """
    found = uploads_of(session, application)
    for upload in found:
        session.delete(upload)
    return len(found)
