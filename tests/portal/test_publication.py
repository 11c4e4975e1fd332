from __future__ import annotations

import os
import socket
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knowledge.clause import Clause
from portal import journal
from portal.database import Database, now
from portal.library import publication
from portal.library.held import compose
from portal.library.holder import KnowledgeHolder, warm_up
from portal.library.lock import LockedError, publication_lock
from portal.library.models import (
    EditionRow,
    EditionState,
    Origin,
    PublicationLock,
    Release,
    ReleasePointer,
)
from portal.library.publication import PublicationError, publish, roll_back
from portal.library.readiness import is_servable, prepare
from portal.library.record import current_release, editions_of_release, keep_edition, shelves_of_release
from portal.library.shelving import Shelving

from .small import ZHANHE, ScriptedAssistant, TinyEmbedder, make_list, make_notice

OFFICIAL = (
    Clause("前言", "为推行柔性执法，制定本意见。"),
    Clause("二/3", "3.申请人可以撤回申请，应当准许。"),
)


def make_draft(
    session: Session, instrument: str = "zhanhe", region: str = ZHANHE, **changes: object
) -> EditionRow:
    details = {"digest": False, "clauses": OFFICIAL, **changes}
    edition = make_notice(instrument, region, **details)
    row = keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    return row


def shown(session: Session) -> dict[str, list[bool]]:
    """The instruments of the release in force, each with whether its editions are summaries."""
    release = current_release(session)
    assert release is not None
    found: dict[str, list[bool]] = {}
    for row in editions_of_release(session, release.number):
        found.setdefault(row.instrument_id, []).append(row.summary)
    return found


def test_a_publication_makes_one_release_of_all_drafts(session: Session, shelving: Shelving):
    make_draft(session)
    make_draft(session, "panjin", "辽宁省/盘锦市")
    outcome = publish(session, shelving, actor="operator")
    assert (outcome.release, outcome.published) == (2, ("zhanhe", "panjin"))
    assert session.scalar(select(func.max(Release.number))) == 2
    assert shown(session) == {
        "zhanhe": [False],
        "panjin": [False],
        "zhoushan": [True],
        "apl2021": [True],
        "list-one": [False],
    }
    entry = session.scalars(select(journal.JournalEntry).order_by(journal.JournalEntry.number.desc())).first()
    assert entry is not None
    assert (entry.actor, entry.act, entry.subject) == ("operator", "release.publish", "2")
    assert [[name for name, _ in entry.detail[word]] for word in ("came", "went")] == [  # type: ignore[attr-defined]
        ["zhanhe", "panjin"],
        ["zhanhe"],
    ]


def test_only_what_changed_is_built_again(session: Session, shelving: Shelving):
    before = shelves_of_release(session, 1)
    make_draft(session)
    publish(session, shelving, actor="operator")
    after = shelves_of_release(session, 2)
    assert {region for region in after if after[region] != before.get(region)} == {ZHANHE}


def test_an_official_text_replaces_the_summary(session: Session, shelving: Shelving, holder: KnowledgeHolder):
    make_draft(session)
    publish(session, shelving, actor="operator")
    edition = holder.current(session).edition("zhanhe", date(2024, 1, 1))
    assert edition is not None
    assert (edition.digest, edition.clauses) == (False, OFFICIAL)
    states = session.execute(
        select(EditionRow.summary, EditionRow.state).where(EditionRow.instrument_id == "zhanhe")
    )
    assert {tuple(row) for row in states} == {(True, "superseded"), (False, "published")}


def test_a_later_official_edition_leaves_the_earlier_ones_for_their_days(
    session: Session, shelving: Shelving, holder: KnowledgeHolder
):
    make_draft(session)
    publish(session, shelving, actor="operator")
    revised = (Clause("二/3", "3.修订后：申请人可以随时撤回申请。"),)
    make_draft(session, in_force_from=date(2026, 1, 1), clauses=revised)
    publish(session, shelving, actor="operator")
    knowledge = holder.current(session)
    texts = [knowledge.edition("zhanhe", day).clauses for day in (date(2025, 12, 31), date(2026, 1, 1))]  # type: ignore[union-attr]
    assert texts == [OFFICIAL, revised]


def test_the_same_edition_corrected_replaces_the_one_before(session: Session, shelving: Shelving):
    make_draft(session)
    publish(session, shelving, actor="operator")
    make_draft(session, title="更正后的标题")
    publish(session, shelving, actor="operator")
    assert shown(session)["zhanhe"] == [False]


def test_an_official_text_that_begins_later_does_not_take_the_summary_from_the_days_before():
    def row(number: int, summary: bool, begins: date | None) -> EditionRow:
        return EditionRow(id=number, instrument_id="zhanhe", summary=summary, in_force_from=begins)

    summary = row(1, True, date(2021, 11, 16))
    later = row(2, False, date(2026, 1, 1))
    same = row(3, False, date(2021, 11, 16))
    undated = row(4, False, None)
    assert compose([summary], [later]) == [summary, later]
    assert compose([summary], [same]) == [same]
    assert compose([summary], [undated]) == [undated]


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"region": ""}, "区域"), ({"source": ""}, "来源"), ({"clauses": ()}, "条款")],
)
def test_knowledge_that_lacks_what_makes_it_law_stays_a_draft(
    session: Session, shelving: Shelving, changes: dict[str, object], word: str
):
    edition = make_notice(**{"digest": False, **changes})
    row = keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    with pytest.raises(PublicationError, match=word):
        publish(session, shelving, actor="operator")
    assert session.scalar(select(ReleasePointer.release)) == 1
    session.expire_all()
    assert session.get_one(EditionRow, row.id).state == EditionState.DRAFT.value


def test_a_draft_with_a_gap_does_not_keep_the_others_back(session: Session, shelving: Shelving):
    make_draft(session, "panjin", "")
    make_draft(session)
    outcome = publish(session, shelving, actor="operator")
    assert outcome.published == ("zhanhe",)
    assert len(outcome.stayed) == 1
    assert "panjin" in outcome.stayed[0]


def test_without_drafts_nothing_is_published(session: Session, shelving: Shelving):
    with pytest.raises(PublicationError, match="没有等待发布的草稿"):
        publish(session, shelving, actor="operator")
    assert session.scalar(select(func.count()).select_from(Release)) == 1


def test_a_rollback_is_a_new_release_with_the_old_content(session: Session, shelving: Shelving):
    make_draft(session)
    publish(session, shelving, actor="operator")
    outcome = roll_back(session, shelving, 1, actor="operator")
    release = current_release(session)
    assert release is not None
    assert (outcome.release, release.number, release.act, release.of_release) == (3, 3, "rollback", 1)
    assert shown(session)["zhanhe"] == [True]
    assert shelves_of_release(session, 3) == shelves_of_release(session, 1)


def test_a_rollback_to_a_release_that_never_was_changes_nothing(session: Session, shelving: Shelving):
    with pytest.raises(PublicationError, match="99"):
        roll_back(session, shelving, 99, actor="operator")
    assert session.scalar(select(func.max(Release.number))) == 1


def test_a_crash_before_the_commit_leaves_the_release_in_force_and_can_be_repeated(
    session: Session, database: Database, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    make_draft(session)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(publication, "_mark", crash)
        with pytest.raises(KeyboardInterrupt):
            publish(session, shelving, actor="operator")
    with database.session() as other:
        assert other.scalar(select(ReleasePointer.release)) == 1
        assert other.scalar(select(func.max(Release.number))) == 1
        assert publish(other, shelving, actor="operator").release == 2


def test_a_sweep_removes_what_no_release_names(
    session: Session, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    orphan = shelving.build("安徽省/六安市", [make_notice("orphan", "安徽省/六安市")])
    assert publication.sweep(session, shelving) == (orphan,)
    assert is_servable(session, shelving)
    assert publication.sweep(session, shelving) == ()


def test_while_one_publishes_another_is_told_to_wait(
    database: Database, session: Session, shelving: Shelving
):
    make_draft(session)
    with database.session() as other, publication_lock(other), pytest.raises(LockedError, match="另一项发布"):
        publish(session, shelving, actor="operator")
    assert publish(session, shelving, actor="operator").release == 2


def test_two_publishers_at_once_make_two_whole_releases_or_one(
    database: Database, session: Session, shelving: Shelving
):
    make_draft(session)
    make_draft(session, "panjin", "辽宁省/盘锦市")
    results: list[object] = []
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        with database.session() as own:
            try:
                results.append(publish(own, shelving, actor="operator").release)
            except (LockedError, PublicationError) as error:
                results.append(type(error))

    publishers = [threading.Thread(target=run) for _ in range(2)]
    for publisher in publishers:
        publisher.start()
    for publisher in publishers:
        publisher.join()
    assert results.count(2) == 1
    assert len(results) == 2
    session.rollback()
    assert session.scalar(select(func.max(Release.number))) == 2
    assert journal.verify(session) > 0


@pytest.mark.parametrize(
    ("holder", "until"),
    [
        (f"{socket.gethostname()}:999999999:dead", now() + timedelta(hours=1)),
        (
            f"{socket.gethostname()}:{os.getpid()}:1:its-number-given-again",
            now() + timedelta(hours=1),
        ),
        ("elsewhere:12:gone", now() - timedelta(minutes=1)),
    ],
    ids=["of a process that is gone", "of one whose number was given again", "of another machine, long ago"],
)
def test_the_lock_of_a_publisher_that_died_is_taken_over(
    session: Session, shelving: Shelving, holder: str, until: object
):
    session.execute(update(PublicationLock).values(holder=holder, until=until))
    make_draft(session)
    assert publish(session, shelving, actor="operator").release == 2


def test_the_lock_of_a_publisher_that_lives_is_respected(session: Session, shelving: Shelving):
    holder = f"{socket.gethostname()}:{os.getpid()}:alive"
    session.execute(update(PublicationLock).values(holder=holder, until=now() + timedelta(hours=1)))
    make_draft(session)
    with pytest.raises(LockedError):
        publish(session, shelving, actor="operator")


def test_a_publisher_that_lost_its_lock_publishes_nothing(session: Session, database: Database):
    with publication_lock(session) as lock:
        with database.session() as other:
            other.execute(update(PublicationLock).values(holder="elsewhere:1:x"))
            other.commit()
        session.execute(update(ReleasePointer).values(release=None))
        with pytest.raises(LockedError, match="接手"):
            lock.release_with_commit()
    assert session.scalar(select(ReleasePointer.release)) == 1


def test_a_running_worker_takes_up_a_new_release_at_once(
    app: Flask, client: FlaskClient, session: Session, shelving: Shelving
):
    assert client.get("/readyz").get_json()["release"] == 1
    make_draft(session)
    publish(session, shelving, actor="operator")
    body = client.get("/api/v1/library/documents/zhanhe").get_json()
    assert (body["release"], body["digest"]) == (2, False)
    roll_back(session, shelving, 1, actor="operator")
    assert client.get("/api/v1/library/documents/zhanhe").get_json()["release"] == 3


def test_many_readers_open_a_new_release_once(
    session: Session, shelving: Shelving, database: Database, monkeypatch: pytest.MonkeyPatch
):
    holder = KnowledgeHolder(shelving)
    opened: list[int] = []
    build = shelving.open

    def counted(number: int, *rest: object) -> object:
        opened.append(number)
        return build(number, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(shelving, "open", counted)

    def read() -> None:
        with database.session() as own:
            holder.current(own)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert opened == [1]


def test_while_a_new_release_is_opened_the_others_read_the_one_before(
    session: Session, shelving: Shelving, database: Database, monkeypatch: pytest.MonkeyPatch
):
    holder = KnowledgeHolder(shelving)
    holder.current(session)
    roll_back(session, shelving, 1, actor="operator")
    opening, go_on = threading.Event(), threading.Event()
    build = shelving.open

    def slowly(*given: object) -> object:
        opening.set()
        go_on.wait(30)
        return build(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(shelving, "open", slowly)

    def read() -> None:
        with database.session() as own:
            holder.current(own)

    first = threading.Thread(target=read)
    first.start()
    assert opening.wait(30)
    assert holder.current(session).release == 1
    go_on.set()
    first.join()
    assert holder.current(session).release == 2


def test_a_fresh_worker_is_warm_before_its_first_caller(app: Flask, assistant: ScriptedAssistant):
    assert warm_up(app) is True
    assert len(assistant.asked) == 1


def test_lost_shelves_are_built_again_from_the_record(session: Session, shelving: Shelving):
    import shutil

    for digest in shelves_of_release(session, 1).values():
        shutil.rmtree(shelving.store.shelf(digest))
    assert not is_servable(session, shelving)
    assert publication.rebuild(session, shelving, actor="setup") is not None
    assert is_servable(session, shelving)
    assert session.scalar(select(ReleasePointer.release)) == 1


def test_another_embedding_makes_a_release_of_the_same_content(session: Session, shelving: Shelving):
    class OtherEmbedder(TinyEmbedder):
        digest = "other-embedder"

    shelving.embedder = OtherEmbedder()
    before = shown(session)
    outcome = publication.rebuild(session, shelving, actor="setup")
    assert outcome is not None
    assert outcome.release == 2
    assert shown(session) == before
    assert is_servable(session, shelving)


@pytest.fixture
def starter(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A starter knowledge of one notice, that a test may replace by a newer version."""
    ships: dict[str, object] = {"fingerprint": "v1", "editions": (make_notice("luan", "安徽省/六安市"),)}
    monkeypatch.setattr("portal.library.seeding.starter_fingerprint", lambda: ships["fingerprint"])
    monkeypatch.setattr("knowledge.starter.starter_editions", lambda: ships["editions"])
    monkeypatch.setattr("knowledge.starter.starter_topics", dict)
    return ships


def test_setting_up_twice_has_nothing_to_do_the_second_time(
    session: Session, shelving: Shelving, starter: dict[str, object]
):
    assert [outcome.release for outcome in prepare(session, shelving)] == [2]
    assert list(prepare(session, shelving)) == []


def test_a_new_version_renews_the_starter_knowledge_and_nothing_else(
    session: Session, shelving: Shelving, starter: dict[str, object]
):
    list(prepare(session, shelving))
    make_draft(session, "luan", "安徽省/六安市")
    make_draft(session)
    publish(session, shelving, actor="operator")
    newer = make_notice("luan", "安徽省/六安市", title="新的摘要")
    starter.update(fingerprint="v2", editions=(newer, make_list("list-two")))
    assert len(list(prepare(session, shelving))) == 1
    assert shown(session) == {"luan": [False], "zhanhe": [False], "list-two": [False]}


def test_a_new_version_with_the_same_content_makes_no_release(
    session: Session, shelving: Shelving, starter: dict[str, object]
):
    list(prepare(session, shelving))
    starter.update(fingerprint="v2")
    assert list(prepare(session, shelving)) == []
    starter.update(editions=(replace(make_notice("luan", "安徽省/六安市")),))
    assert list(prepare(session, shelving)) == []
