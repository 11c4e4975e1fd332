"""Taking a whole case out in one file. Each time is one commit and one event of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.models import Application
from portal.errors import Problem
from portal.journal import JournalEntry
from portal.settings import Settings
from portal.uploads.limits import MIB, limits
from portal.uploads.store import Incoming, Store
from portal.wording import Language

from .contents import contents_of
from .packing import pack
from .record import bundle_subject

EXPORTED = "case.exported"


class NoRoomForBundle(Problem):
    """The disk has no room to make the file."""

    slug = "bundle_no_room"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One finished file, encrypted on the disk until it is closed; ``digest`` is of the zip as sent."""

    name: str
    file: Incoming

    @property
    def digest(self) -> str:
        return self.file.digest


def export(
    session: Session,
    application: Application,
    store: Store,
    settings: Settings,
    language: Language,
    *,
    actor: str,
    internal: bool,
) -> Bundle:
    """The whole case as a zip; the journal keeps its digest, by which it is proved unchanged.

    It is made on the disk, encrypted, and never held whole in memory. The caller closes its file.
    """
    contents = contents_of(session, application, store, settings, language, internal=internal)
    if store.free() < contents.size + limits().free_mib * MIB:
        raise NoRoomForBundle
    file = store.receive(2 * contents.size)
    try:
        files = pack(contents, cast(IO[bytes], file))
        file.seek(0)
        assert file.whole, "twice what its parts were reckoned at is room enough"
        detail = {"sha256": file.digest, "files": files, "size": file.size, "internal": internal}
        journal.append(session, actor, EXPORTED, bundle_subject(application), detail)
        session.commit()
    except BaseException:
        file.close()
        raise
    return Bundle(f"{application.number}.zip", file)


def last_export(session: Session, application: Application) -> JournalEntry | None:
    """When the agency last took the full file out, and who."""
    found = select(JournalEntry).where(
        JournalEntry.subject == bundle_subject(application), JournalEntry.act == EXPORTED
    )
    taken = session.scalars(found.order_by(JournalEntry.number.desc()))
    return next((entry for entry in taken if entry.detail["internal"]), None)


def find_export(session: Session, number: str, digest: str) -> JournalEntry | None:
    """The event in which this portal made a bundle of exactly this digest."""
    found = select(JournalEntry).where(
        JournalEntry.subject == f"case_file:{number}", JournalEntry.act == EXPORTED
    )
    return next((e for e in session.scalars(found) if e.detail.get("sha256") == digest), None)
