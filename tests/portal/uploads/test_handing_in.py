"""Files are kept or refused one by one, within the limits, and nothing is half kept."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts import record_choice, submit, withdraw
from portal.applications.choice import notice
from portal.applications.models import Application
from portal.applications.problems import StateConflict
from portal.database import Database
from portal.journal import JournalEntry
from portal.uploads import acts
from portal.uploads.acts import (
    HandedIn,
    Received,
    clean_name,
    hand_in,
    sweep,
    take_back,
)
from portal.uploads.files import forget_files, uploads_of
from portal.uploads.limits import limits
from portal.uploads.models import Upload
from portal.uploads.store import Store
from portal.wording import Language

from ..applications.cases import make_application, make_draft
from ..applications.test_races import at_once
from ..small import ZHANHE, everything_stored
from . import samples
from .clamd import clamd


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "uploads")


def received(store: Store, *contents: bytes, name: str = "照片.jpg") -> list[Received]:
    made = []
    for content in contents:
        incoming = store.receive(limits().largest)
        incoming.write(content)
        incoming.seek(0)
        made.append(Received(name, incoming))
    return made


def files_of(store: Store) -> int:
    return sum(1 for _ in store._kept.iterdir()) if store._kept.exists() else 0


def words(handed: HandedIn) -> list[str]:
    return [refused.error.word for refused in handed.refused]


def make_open_draft(session: Session) -> Application:
    chosen = record_choice(session, notice(ZHANHE, Language.CHINESE), accepted=True, channel="page")
    return make_draft(session, chosen)


def test_what_can_be_kept_is_kept_and_the_rest_is_told(session: Session, store: Store):
    application = make_application(session)
    handed = hand_in(
        session,
        store,
        application.id,
        received(store, samples.png(), b"MZ", samples.pdf(), samples.mp4()[:-9]),
    )
    assert [upload.kind for upload in handed.kept] == ["png", "pdf"]
    assert [upload.name for upload in handed.kept] == ["照片.png", "照片.pdf"]
    assert words(handed) == ["file_kind", "file_broken"]
    assert files_of(store) == 2
    with store.open(handed.kept[0].token, handed.kept[0].key) as content:
        assert content.read() == samples.png()


def test_handing_in_leaves_one_event_and_no_name_anywhere(session: Session, store: Store):
    application = make_application(session)
    hand_in(
        session, store, application.id, received(store, samples.png(), samples.jpg(), name="张三丰的照片.jpg")
    )
    entries = session.scalars(select(JournalEntry).where(JournalEntry.act == "application.evidence")).all()
    assert [len(entry.detail["files"]) for entry in entries] == [2]
    assert "张三丰" not in everything_stored(session)
    assert journal.verify(session)


def test_the_same_file_twice_is_kept_once(session: Session, store: Store):
    application = make_application(session)
    for _ in range(2):
        handed = hand_in(session, store, application.id, received(store, samples.png(), samples.png()))
        assert len({upload.id for upload in handed.kept}) == 1
    assert len(uploads_of(session, application)) == files_of(store) == 1


def test_there_is_a_limit_to_number_and_size(session: Session, store: Store, monkeypatch: pytest.MonkeyPatch):
    small = dataclasses.replace(limits(), files=2, total_mib=1)
    monkeypatch.setattr(acts, "limits", lambda: small)
    application = make_application(session)
    big = samples.pdf(b"x" * 900_000)
    handed = hand_in(session, store, application.id, received(store, big, samples.pdf(b"y" * 900_000)))
    assert words(handed) == ["files_total"]
    handed = hand_in(session, store, application.id, received(store, samples.png(), samples.jpg()))
    assert words(handed) == ["files_many"]
    assert files_of(store) == 2


def test_each_kind_has_its_own_limit_and_the_disk_its_reserve(
    session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
):
    application = make_application(session)
    huge = samples.png(trailing=bytes(20 * 1024 * 1024))
    handed = hand_in(session, store, application.id, received(store, huge))
    assert [refused.error.text(Language.CHINESE) for refused in handed.refused] == [
        "文件太大，这一类最多 20 MB。可以压缩，或者分成几个再传。"
    ]
    monkeypatch.setattr(Store, "free", lambda self: 1024)
    assert words(hand_in(session, store, application.id, received(store, samples.png()))) == ["file_no_room"]
    assert files_of(store) == 0


def test_a_scanner_sees_every_byte_and_its_word_counts(session: Session, store: Store):
    application = make_application(session)
    with clamd() as scanner:
        files = received(store, samples.pdf(), samples.pdf(b"malware"))
        handed = hand_in(session, store, application.id, files, clamav=scanner.address)
    assert scanner.seen == [samples.pdf(), samples.pdf(b"malware")]
    assert [upload.scanned for upload in handed.kept] == [True]
    assert words(handed) == ["file_malware"]


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: OKAY"])
def test_a_file_that_could_not_be_scanned_is_not_kept(session: Session, store: Store, answer: bytes):
    application = make_application(session)
    with clamd(answer=answer) as scanner:
        handed = hand_in(
            session, store, application.id, received(store, samples.png()), clamav=scanner.address
        )
    assert words(handed) == ["file_not_scanned"]


def test_without_its_scanner_nothing_is_kept(session: Session, store: Store):
    application = make_application(session)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    handed = hand_in(session, store, application.id, received(store, samples.png()), clamav=address)
    assert words(handed) == ["file_not_scanned"]
    assert files_of(store) == 0


def test_a_closed_application_takes_no_files(session: Session, store: Store):
    application = make_application(session)
    withdraw(session, application.id)
    with pytest.raises(StateConflict):
        hand_in(session, store, application.id, received(store, samples.png()))
    assert files_of(store) == 0
    assert session.scalars(select(Upload)).all() == []


def test_where_the_record_fails_no_file_stays(
    session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
):
    application = make_application(session)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(journal, "append", fail)
    with pytest.raises(OSError, match="disk"):
        hand_in(session, store, application.id, received(store, samples.png()))
    assert files_of(store) == 0
    session.rollback()
    assert session.scalars(select(Upload)).all() == []


def test_a_draft_may_take_a_file_back_and_a_submitted_application_may_not(session: Session, store: Store):
    draft = make_open_draft(session)
    one, two = hand_in(session, store, draft.id, received(store, samples.png(), samples.jpg())).kept
    assert take_back(session, store, draft.id, one.token)
    assert not take_back(session, store, draft.id, one.token)
    assert files_of(store) == 1
    submit(session, draft.id)
    assert not take_back(session, store, draft.id, two.token)
    assert files_of(store) == 1


def test_another_applications_file_is_not_to_be_taken_back(session: Session, store: Store):
    draft, other = make_open_draft(session), make_open_draft(session)
    (upload,) = hand_in(session, store, other.id, received(store, samples.png())).kept
    assert not take_back(session, store, draft.id, upload.token)


def test_files_that_were_forgotten_go_with_the_next_sweep(session: Session, store: Store):
    application = make_application(session)
    hand_in(session, store, application.id, received(store, samples.png(), samples.jpg()))
    assert sweep(session, store, 0) == 0
    assert forget_files(session, application) == 2
    session.commit()
    assert sweep(session, store, 0) == 2
    assert files_of(store) == 0


def test_many_at_once_stay_within_the_limit(
    database: Database, session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(acts, "limits", lambda: dataclasses.replace(limits(), files=5))
    application = make_application(session)
    contents = [samples.pdf(f"% {n}\n".encode()) for n in range(8)]
    files = [received(store, content) for content in contents]
    results = at_once(database, *[lambda s, f=f: hand_in(s, store, application.id, f) for f in files])
    assert sum(len(r.kept) for r in results if isinstance(r, HandedIn)) == 5, results
    session.rollback()
    assert len(uploads_of(session, application)) == files_of(store) == 5
    assert journal.verify(session)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("照片.JPG", "照片.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\a\\扫描 件.tar.gz", "扫描 件.tar.png"),
        ("a\u202egpj.exe", "agpj.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie: x.png"),
        ("", "png.png"),
        (".png", "png.png"),
        ("长" * 300, "长" * 120 + ".png"),
    ],
)
def test_a_name_is_never_trusted(typed: str, kept: str):
    assert clean_name(typed, "png") == kept
