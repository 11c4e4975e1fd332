"""What goes into the bundle of a case (目录、文书、音视频记录、有关证据: 湛河 二（三）5; R71)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.papers import papers_of, servable
from portal.documents.formats import document_content
from portal.documents.issuing import Filed
from portal.documents.pdf import pdf_possible
from portal.settings import Settings
from portal.uploads.files import uploads_of
from portal.uploads.models import Purpose, Upload
from portal.uploads.sealing import SealBrokenError
from portal.uploads.store import Store
from portal.wording import Language

from .parts import DOCUMENTS, Contents, Part, Row, blocks, json_part
from .reading import CASE_PAGE, pages_inside
from .record import Record

_FOLDERS = {Purpose.EVIDENCE: "evidence/", Purpose.SIGNATURE: "signatures/"}
_OVERHEAD = 8 * 1024 * 1024
"""Room for the record and the documents beside the files that were handed in, in bytes."""


def contents_of(
    session: Session,
    application: Application,
    store: Store,
    settings: Settings,
    language: Language,
    *,
    internal: bool,
) -> Contents:
    """The full file for the handling agency (``internal``), or what the party may have of it.

    Names inside are of our own making; what a party called a file stands in the catalogue only.
    """
    papers = (papers_of if internal else servable)(session, application)
    record = Record(session, application, papers, language, internal)
    uploads = uploads_of(session, application)
    rows: list[Row] = []
    parts: list[Part] = []
    for found in (_documents(papers, settings), _uploads(uploads, store)):
        for row, held in found:
            rows.append(row)
            parts.extend(held)
    told = record.parts()
    data = [json_part(f"record/{name}.json", application.touched_at, part) for name, part in told.items()]
    paths = (CASE_PAGE, *(part.path for part in data))
    first = Row("record", "", application.number, application.touched_at, paths)
    pages = pages_inside(record, (first, *rows))
    size = sum(upload.size for upload in uploads) + _OVERHEAD
    return Contents(application.number, (*pages, *data, *parts), size)


def _documents(papers: tuple[Filed, ...], settings: Settings) -> list[tuple[Row, list[Part]]]:
    """Each document in Word, as PDF where this machine makes it, and as it is stored."""
    endings = ("docx", "pdf") if pdf_possible() else ("docx",)
    found = []
    for place, filed in enumerate(papers, start=1):
        document = filed.document
        stem = f"{DOCUMENTS}{place:02}-{document.kind}"
        parts = [
            Part(
                f"{stem}.{ending}",
                document.issued_at,
                partial(_once, partial(document_content, document, ending, settings)),
                packed=ending != "docx",
            )
            for ending in endings
        ]
        parts.append(json_part(f"{stem}.json", document.issued_at, _stored(filed)))
        row = Row(
            "documents",
            filed.kind.title,
            document.number,
            document.issued_at,
            tuple(part.path for part in parts),
            digest=document.digest,
            note="replaced" if filed.replaced_by else "",
        )
        found.append((row, parts))
    return found


def _once(make: partial[bytes]) -> tuple[bytes]:
    return (make(),)


def _stored(filed: Filed) -> dict[str, object]:
    """A document exactly as it is stored: what its digest is of."""
    document = filed.document
    return {
        "number": document.number,
        "kind": document.kind,
        "issued_on": document.issued_on.isoformat(),
        "content": document.content,
        "digest": document.digest,
        "issued_at": document.issued_at.isoformat(),
        "revision": document.revision,
        "release": document.release,
        "served": [{"way": d.form, "at": d.served_at.isoformat()} for d in filed.served],
        "opened_at": filed.opened_at.isoformat() if filed.opened_at else None,
        "acknowledged_at": filed.acknowledged_at.isoformat() if filed.acknowledged_at else None,
        "replaced_by": filed.replaced_by.number if filed.replaced_by else None,
    }


def _uploads(uploads: tuple[Upload, ...], store: Store) -> list[tuple[Row, list[Part]]]:
    """The files of the party. One that is gone or was damaged is named as such: the rest is still a file."""
    found = []
    for place, upload in enumerate(uploads, start=1):
        folder = _FOLDERS[Purpose(upload.purpose)]
        path = f"{folder}{place:02}.{upload.kind}"
        whole = _is_whole(upload, store)
        row = Row(
            folder.rstrip("/"),
            "",
            upload.name,
            upload.made_at,
            (path,) if whole else (),
            upload.size,
            upload.digest,
            "" if whole else "gone",
        )
        opened = partial(_open, store, upload.token, upload.key)
        found.append((row, [Part(path, upload.made_at, opened, packed=False)] if whole else []))
    return found


def _open(store: Store, token: str, key: str) -> Iterator[bytes]:
    return blocks(store.open(token, key))


def _is_whole(upload: Upload, store: Store) -> bool:
    """Whether a file is still what was handed in; read once through, a block at a time."""
    digest = hashlib.sha256()
    try:
        for block in blocks(store.open(upload.token, upload.key)):
            digest.update(block)
    except (FileNotFoundError, SealBrokenError):
        return False
    return digest.hexdigest() == upload.digest
