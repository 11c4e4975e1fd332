"""What is published can be taken out as files and published again elsewhere, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.topic import Topic
from portal import schema
from portal.journal import verify
from portal.library.desk.models import TopicChange
from portal.library.desk.release import publish_approved
from portal.library.desk.review import approve, submit
from portal.library.desk.topic_changes import change_of, edit_topic
from portal.library.details import Details, ImportRefusedError
from portal.library.export import MANIFEST, TOPICS, export, exported_files
from portal.library.importing import draft, read_document, read_exemption_list, read_folder
from portal.library.models import EditionRow, Origin, Release, SourceFile
from portal.library.publication import publish, roll_back, waiting_drafts
from portal.library.record import current_release, edition_of, editions_now, keep_edition, topics_now
from portal.library.restoring import read_export, restore
from portal.library.seeding import topics_shipped
from portal.library.shelving import Shelving
from tests import shared_folder

from .desk import EDITOR, PUBLISHER, REVIEWER, approved_draft, bring_in
from .small import TOPICS as SMALL_TOPICS
from .small import open_database, server_database, small_settings, small_shelving
from .test_commands import Terminal, terminal  # noqa: F401  a fixture
from .test_importing import LIST, NOTICE, make_file, told


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Session, Shelving]]:
    """An empty portal: tables and nothing in them."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with server_database(folder):
        settings = small_settings(folder)
        database = open_database(settings)
        schema.upgrade(database)
        with database.session() as session:
            yield session, small_shelving(settings)
        database.engine.dispose()


@pytest.fixture
def lived_in(session: Session, shelving: Shelving, tmp_path: Path) -> Session:
    """A library in which everything has happened: imports, a draft of the desk, a topic that was changed."""
    draft(session, [read_document(make_file(tmp_path, "办法.txt", NOTICE), told())], actor="operator")
    draft(session, [read_exemption_list(make_file(tmp_path, "清单.csv", LIST), Details())], actor="operator")
    publish(session, shelving, actor="operator")
    bring_in(session)
    approved_draft(session)
    changed = Topic("withdrawal", "撤回", "申请以后随时可以收回。", asked_as=("申请能撤吗", "反悔了怎么办"))
    edit_topic(session, changed, SMALL_TOPICS["withdrawal"], actor=EDITOR)
    change = change_of(session, "withdrawal")
    assert change is not None
    approve(session, submit(session, change, actor=EDITOR), actor=REVIEWER)
    publish_approved(session, shelving, actor=PUBLISHER)
    return session


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_an_export_restored_elsewhere_is_exported_byte_for_byte(
    lived_in: Session, elsewhere: tuple[Session, Shelving], tmp_path: Path
):
    other, shelving = elsewhere
    assert export(lived_in, tmp_path / "one") == len(editions_now(lived_in)) == 7
    outcome = restore(other, shelving, read_export(tmp_path / "one"), actor="operator")
    assert outcome.release == 1
    export(other, tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert [edition_of(r) for r in editions_now(other)] == sorted(
        (edition_of(r) for r in editions_now(lived_in)), key=lambda e: e.instrument
    )
    assert topics_now(other) == topics_now(lived_in)
    kept = other.scalars(select(SourceFile).order_by(SourceFile.name)).all()
    assert {file.name: file.content for file in kept} == {
        "办法.txt": NOTICE.encode(),
        "清单.csv": LIST.encode(),
    }
    assert {row.origin for row in editions_now(other)} == {row.origin for row in editions_now(lived_in)}
    assert waiting_drafts(other) == []
    assert verify(other)


def test_an_export_is_readable_and_says_what_it_holds(lived_in: Session):
    files = exported_files(lived_in)
    manifest = json.loads(files[MANIFEST])
    assert set(manifest["files"]) == set(files) - {MANIFEST}
    notice = json.loads(files["editions/zhanhe@2025-03-01.json"])
    assert (notice["origin"], notice["source"]["name"]) == ("command_line", "办法.txt")
    assert "当事人可以撤回自己的申请" in files["editions/zhanhe@2025-03-01.json"].decode()
    assert [own["id"] for own in json.loads(files[TOPICS])["own"]] == ["withdrawal"]


def test_restoring_where_something_is_published_can_be_rolled_back(
    lived_in: Session, shelving: Shelving, tmp_path: Path
):
    before = exported_files(lived_in)
    export(lived_in, tmp_path / "one")
    roll_back(lived_in, shelving, 1, actor="operator")
    rows = lived_in.scalar(select(func.count()).select_from(EditionRow))
    restore(lived_in, shelving, read_export(tmp_path / "one"), actor="operator")
    assert exported_files(lived_in) == before
    assert lived_in.scalar(select(func.count()).select_from(EditionRow)) == rows, "nothing is stored twice"
    roll_back(lived_in, shelving, 1, actor="operator")
    assert len(editions_now(lived_in)) == 4


def test_what_editors_made_of_topics_stays_theirs_after_restoring(
    lived_in: Session, elsewhere: tuple[Session, Shelving], tmp_path: Path
):
    other, shelving = elsewhere
    export(lived_in, tmp_path / "one")
    restore(other, shelving, read_export(tmp_path / "one"), actor="operator")
    assert other.scalars(select(TopicChange.open_for)).all() == [None]
    assert topics_shipped(other, SMALL_TOPICS)["withdrawal"].explanation == "申请以后随时可以收回。"


def test_starter_editions_stay_starter_editions(elsewhere: tuple[Session, Shelving], tmp_path: Path, session):
    for row in editions_now(session):
        row.origin = Origin.STARTER.value
    session.commit()
    export(session, tmp_path / "one")
    other, shelving = elsewhere
    restore(other, shelving, read_export(tmp_path / "one"), actor="operator")
    assert {row.origin for row in editions_now(other)} == {Origin.STARTER.value}


def rewrite(folder: Path, name: str, change: tuple[str, str], *, also_manifest: bool = False) -> None:
    """Changes a file of an export, and its digest in the manifest where a forger would."""
    from hashlib import sha256

    path = folder / name
    before = path.read_bytes()
    path.write_bytes(before.decode().replace(*change).encode())
    if also_manifest:
        manifest = folder / MANIFEST
        digests = [sha256(content).hexdigest() for content in (before, path.read_bytes())]
        manifest.write_text(manifest.read_text("utf-8").replace(*digests), encoding="utf-8")


NAME = "editions/zhanhe@2021-11-16~summary.json"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: (f / NAME).unlink(), "没有找到"),
        (lambda f: (f / MANIFEST).unlink(), "没有找到"),
        (lambda f: rewrite(f, NAME, ("撤回", "不得撤回")), "校验值不符"),
        (lambda f: rewrite(f, NAME, ("撤回", "不得撤回"), also_manifest=True), "校验值或文件名不符"),
        (lambda f: rewrite(f, NAME, ('"zhanhe"', '"../zhanhe"'), also_manifest=True), "文件名不符"),
        (lambda f: rewrite(f, NAME, ('"origin"', '"other"'), also_manifest=True), "不是完整的导出"),
        (lambda f: rewrite(f, NAME, ("{", "["), also_manifest=True), "不是有效的 JSON"),
        (lambda f: rewrite(f, MANIFEST, ('"form": 1', '"form": 2')), "只认 1"),
        (lambda f: rewrite(f, MANIFEST, (NAME, "../outside.json")), "不在这个文件夹里"),
        (lambda f: rewrite(f, MANIFEST, (TOPICS, "editions/x.json")), "没有找到"),
        (lambda f: (f / MANIFEST).write_text("[]"), "不是有效的 JSON"),
        (lambda f: (f / MANIFEST).write_text("{}"), "不是完整的导出"),
    ],
)
def test_an_export_that_is_not_whole_is_refused_in_one_sentence(
    session: Session, tmp_path: Path, spoil, says
):
    folder = tmp_path / "one"
    (tmp_path / "outside.json").write_text("{}")
    export(session, folder)
    spoil(folder)
    with pytest.raises(ImportRefusedError, match=says) as refused:
        read_export(folder)
    assert str(refused.value).count("。") == 1
    assert session.scalar(select(func.count()).select_from(Release)) == 1


def test_an_id_that_means_another_kind_here_stops_the_restoring(
    session: Session, shelving: Shelving, elsewhere: tuple[Session, Shelving], tmp_path: Path
):
    other, their_shelving = elsewhere
    make = make_file(tmp_path, "list.csv", LIST.replace("shi-yan", "zhanhe"))
    draft(other, [read_exemption_list(make, Details())], actor="operator")
    publish(other, their_shelving, actor="operator")
    export(session, tmp_path / "one")
    with pytest.raises(ImportRefusedError, match="另一类"):
        restore(other, their_shelving, read_export(tmp_path / "one"), actor="operator")
    other.rollback()
    assert current_release(other).number == 1


def test_the_commands_export_and_restore_and_say_what_was_wrong(
    terminal: Terminal,  # noqa: F811
    session: Session,
    tmp_path: Path,
):
    folder = tmp_path / "out"
    assert terminal.run("knowledge", "export", str(folder)) == (0, f"已导出 4 份到 {folder}。\n", "")
    status, _, wrong = terminal.run("knowledge", "export", str(folder))
    assert (status, wrong.count("\n"), "不是空文件夹" in wrong) == (1, 1, True)
    status, told_, _ = terminal.run("knowledge", "restore", str(folder))
    assert (status, told_) == (0, "第 2 次发布：恢复了 4 份。\n")
    assert not (tmp_path / "out.partial").exists()
    status, _, wrong = terminal.run("knowledge", "restore", str(tmp_path / "nothing"))
    assert (status, "没有找到" in wrong) == (1, True)


@pytest.mark.skipif(shared_folder() is None, reason="the real files stand beside the checkout")
def test_real_notices_and_lists_go_out_and_come_back_byte_for_byte(
    session: Session, shelving: Shelving, elsewhere: tuple[Session, Shelving], tmp_path: Path
):
    folder = shared_folder()
    assert folder is not None
    some = sorted((folder / "lists").glob("*.csv"))[::10]  # a shelf for every region takes its time
    lists = (read_exemption_list(p, Details(instrument=p.stem)) for p in some)
    for reading in (*read_folder(folder / "notices"), *lists):
        keep_edition(
            session, reading.edition, origin=Origin.COMMAND_LINE, author="operator", file=reading.file
        )
    session.commit()
    publish(session, shelving, actor="operator")
    export(session, tmp_path / "one")
    other, their_shelving = elsewhere
    restore(other, their_shelving, read_export(tmp_path / "one"), actor="operator")
    export(other, tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert len(bytes_of(tmp_path / "one")) > 28
