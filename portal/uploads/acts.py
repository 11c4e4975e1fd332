"""Handing in files, and taking back those of a draft. Each act is one commit and one event of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts.case import PARTY, advance, hold, subject
from portal.applications.lifecycle import Act, Role, State
from portal.applications.models import Application
from portal.documents.plain import one_line
from portal.errors import FieldError
from portal.logs import log_failure

from .files import upload_of, uploads_of
from .limits import MIB, limits
from .models import Purpose, Upload
from .proof import UnprovenError, prove
from .scan import ScannerUnavailableError, is_clean
from .store import Incoming, Store

MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came in, under the name that its sender gave it."""

    name: str
    file: Incoming


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    error: FieldError


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of the files that one form sent: each was kept or refused by itself."""

    kept: tuple[Upload, ...] = ()
    refused: tuple[Refused, ...] = ()


def hand_in(
    session: Session,
    store: Store,
    application_id: int,
    received: Sequence[Received],
    *,
    clamav: str | None = None,
    purpose: Purpose = Purpose.EVIDENCE,
) -> HandedIn:
    """Keeps the files that are what they may be; of the others it is told why not.

    A file that the application already has is not kept twice. StateConflict where the application is
    closed: nothing is kept then.
    """
    made, refused = _examined(store, received, clamav)
    application = hold(session, application_id)
    act = Act.SAVE if application.state == State.DRAFT else Act.CHANGE
    advance(session, application, act, Role.PARTY)
    held = uploads_of(session, application)
    known = {(u.digest, u.purpose): u for u in held}
    count, total = len(held), sum(u.size for u in held)
    kept: list[Upload] = []
    for upload, file in made:
        upload.application_id, upload.purpose = application.id, purpose.value
        again = known.get((upload.digest, upload.purpose))
        if again is not None:
            kept.append(again)
        elif count >= limits().files:
            refused.append(Refused(upload.name, FieldError("files", "files_many", {"limit": limits().files})))
        elif total + upload.size > limits().total_mib * MIB:
            told = {"limit": limits().total_mib}
            refused.append(Refused(upload.name, FieldError("files", "files_total", told)))
        else:
            session.add(upload)
            file.keep()
            known[upload.digest, upload.purpose] = upload
            kept.append(upload)
            count, total = count + 1, total + upload.size
    _finish(session, application, kept, [file for upload, file in made if upload in kept])
    return HandedIn(tuple(kept), tuple(refused))


def take_back(session: Session, store: Store, application_id: int, token: str) -> bool:
    """Deletes a file of a draft; False where it is not there. What was submitted stays on file."""
    application = hold(session, application_id)
    found = upload_of(session, application, token)
    if found is None or application.state != State.DRAFT:
        session.rollback()
        return False
    session.delete(found)
    _record(session, application, "evidence_removed", [found])
    session.commit()
    store.discard(token)
    return True


def sweep(session: Session, store: Store, hours: float | None = None) -> int:
    """Deletes the files that belong to nothing, as an interrupted upload leaves them."""
    known = frozenset(session.scalars(select(Upload.token)))
    return store.sweep(known, limits().orphan_hours if hours is None else hours)


def clean_name(name: str, kind: str) -> str:
    """What a file is called from now on: the last step of its name, with the ending of what it is."""
    last = PurePosixPath(one_line(name).replace("\\", "/")).name
    stem = last.rpartition(".")[0] or last
    return f"{stem.strip(' .')[:MAX_NAME] or kind}.{kind}"


def _examined(
    store: Store, received: Iterable[Received], clamav: str | None
) -> tuple[list[tuple[Upload, Incoming]], list[Refused]]:
    """What of it may be kept, and why the others may not."""
    made: list[tuple[Upload, Incoming]] = []
    refused: list[Refused] = []
    for one in received:
        try:
            made.append((_proved(store, one, clamav), one.file))
        except _RefusedError as told:
            refused.append(Refused(clean_name(one.name, "").rstrip("."), told.error))
    return made, refused


class _RefusedError(Exception):
    def __init__(self, word: str, **values: object) -> None:
        super().__init__(word)
        self.error = FieldError("files", word, values)


def _proved(store: Store, one: Received, clamav: str | None) -> Upload:
    file = one.file
    if file.too_large:
        raise _RefusedError("file_large", limit=limits().largest // MIB)
    if store.free() < limits().free_mib * MIB:
        raise _RefusedError("file_no_room")
    with file.reader() as content:
        try:
            kind = prove(content, file.size)
        except UnprovenError as wrong:
            raise _RefusedError(wrong.word, kinds=limits().kinds) from None
        most = limits().kinds_mib[kind]
        if file.size > most * MIB:
            raise _RefusedError("file_large", limit=most)
        if clamav is not None:
            content.seek(0)
            try:
                clean = is_clean(clamav, content, limits().scan_seconds)
            except ScannerUnavailableError as failed:
                log_failure(failed)
                raise _RefusedError("file_not_scanned") from None
            if not clean:
                raise _RefusedError("file_malware")
    return Upload(
        token=file.token,
        kind=kind.value,
        size=file.size,
        digest=file.digest,
        scanned=clamav is not None,
        name=clean_name(one.name, kind.value),
        key=file.key,
    )


def _finish(
    session: Session, application: Application, kept: Sequence[Upload], files: Sequence[Incoming]
) -> None:
    """Commits; where that fails, nothing of it stays on the disk either."""
    try:
        if kept:
            _record(session, application, kept[0].purpose, kept)
        session.commit()
    except BaseException:
        session.rollback()
        for file in files:
            file.take_back()
        raise


def _record(session: Session, application: Application, what: str, uploads: Sequence[Upload]) -> None:
    detail = {"files": [{"kind": u.kind, "size": u.size, "digest": u.digest} for u in uploads]}
    journal.append(
        session,
        PARTY,
        f"application.{what}",
        subject(application),
        {**detail, "state": application.state},
    )
