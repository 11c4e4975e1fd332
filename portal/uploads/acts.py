"""Handing in files, and taking back those of a draft. Each act is one commit and one event of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.lifecycle import Act, Role, State, WrongStateError, next_state
from portal.applications.models import Application
from portal.applications.problems import StateConflict
from portal.database import now
from portal.documents.plain import plain
from portal.errors import FieldError
from portal.logs import log_failure

from .limits import MIB, limits
from .models import Purpose, Upload
from .proof import UnprovenError, prove
from .scan import ScannerUnavailableError, is_clean
from .store import Incoming, Store

PARTY = "party"
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
    application = _hold(session, application_id)
    _advance(session, application)
    known = {(u.digest, u.purpose): u for u in uploads_of(session, application)}
    count, total = _held(session, application)
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
    application = _hold(session, application_id)
    found = upload_of(session, application, token)
    if found is None or application.state != State.DRAFT:
        session.rollback()
        return False
    session.delete(found)
    _record(session, application, "evidence_removed", [found])
    session.commit()
    store.discard(token)
    return True


def forget_files(session: Session, application: Application) -> int:
    """Takes every file of an application out of the record, for the erasing act to commit.

    The files themselves go with the next sweep; without the keys in the record they cannot be read.
    """
    found = uploads_of(session, application)
    for upload in found:
        session.delete(upload)
    return len(found)


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


def sweep(session: Session, store: Store, hours: float | None = None) -> int:
    """Deletes the files that belong to nothing, as an interrupted upload leaves them."""
    known = frozenset(session.scalars(select(Upload.token)))
    return store.sweep(known, limits().orphan_hours if hours is None else hours)


def clean_name(name: str, kind: str) -> str:
    """What a file is called from now on: the last step of its name, with the ending of what it is."""
    last = PurePosixPath(" ".join(plain(name).replace("\\", "/").split("\n"))).name
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
        f"application:{application.number}",
        {**detail, "state": application.state},
    )


def _hold(session: Session, application_id: int) -> Application:
    """The application as it is now, held until the commit."""
    touch = update(Application).where(Application.id == application_id).values(touched_at=now())
    session.execute(touch, execution_options={"synchronize_session": False})
    session.expire_all()
    return session.get_one(Application, application_id)


def _advance(session: Session, application: Application) -> None:
    """Raises StateConflict where the party can add nothing any more."""
    state = State(application.state)
    act = Act.SAVE if state is State.DRAFT else Act.CHANGE
    try:
        next_state(state, act, Role.PARTY)
    except WrongStateError:
        session.rollback()
        raise StateConflict(state, act) from None


def _held(session: Session, application: Application) -> tuple[int, int]:
    """How many files the application has, and how many bytes."""
    held = select(func.count(), func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.application_id == application.id
    )
    count, total = session.execute(held).one()
    return int(count), int(total)
