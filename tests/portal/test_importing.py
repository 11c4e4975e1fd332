from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.clause import Clause
from portal.library.annotations import overlap, with_annotations
from portal.library.details import Details, ImportRefusedError, read_day, read_details
from portal.library.importing import draft, read_document, read_exemption_list, read_folder
from portal.library.models import EditionRow, EditionState, SourceFile
from portal.library.publication import publish, waiting_drafts
from portal.library.record import edition_of
from portal.library.shelving import Shelving
from tests import shared_folder

from .small import WITHDRAW, ZHANHE, make_list, make_notice

NOTICE = """湛河区柔性执法实施办法
湛政办〔2025〕9号
各乡镇人民政府：
为了推行柔性执法，制定本办法。
一、总体要求
坚持教育在先。
二、工作程序
（一）申请。当事人可以提出申请。
（二）撤回。当事人可以撤回自己的申请，机关应当准许。
湛河区司法局
2025年3月1日
"""

LIST = """list_id,item_no,region,department,field,matter,conditions,outcome,source_title,source_url
shi-yan,1,河南省平顶山市湛河区,城管局,城市管理,占道摆放桌椅,初次违法；及时改正,首违不罚,《试验清单》（2025-01-01施行）,https://example.test/1
shi-yan,2,河南省平顶山市湛河区,城管局,城市管理,乱贴广告,及时改正,不予处罚,《试验清单》（2025-01-01施行）,memory
"""


def make_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(**flags: str) -> Details:
    return read_details({"instrument": "zhanhe", "region": "湛河", **flags})


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(EditionRow)) or 0


def test_a_notice_becomes_a_draft_that_says_of_itself_what_the_file_says(tmp_path: Path, session: Session):
    reading = read_document(make_file(tmp_path, "a.txt", NOTICE), told())
    (imported,) = draft(session, [reading], actor="operator")
    assert imported.row is not None
    assert imported.row.state == EditionState.DRAFT.value
    edition = edition_of(imported.row)
    assert (edition.title, edition.document_number) == ("湛河区柔性执法实施办法", "湛政办〔2025〕9号")
    assert (edition.region, edition.issued_on, edition.in_force_from) == (
        ZHANHE,
        date(2025, 3, 1),
        date(2025, 3, 1),
    )
    assert {"二/（一）", "二/（二）"} <= {clause.section for clause in edition.clauses}


def test_the_file_itself_is_kept_byte_for_byte(tmp_path: Path, session: Session):
    draft(session, [read_document(make_file(tmp_path, "a.txt", NOTICE), told())], actor="operator")
    session.expire_all()
    kept = session.scalars(select(SourceFile)).one()
    assert (kept.name, kept.content) == ("a.txt", NOTICE.encode())
    assert len(kept.sha256) == 64


def test_what_the_operator_says_wins_over_the_file(tmp_path: Path):
    details = told(
        title="另一个标题", document_number="甲〔2024〕1号", issued_on="2024-05", in_force_from="2024-06-15"
    )
    edition = read_document(make_file(tmp_path, "a.txt", NOTICE), details).edition
    assert (edition.title, edition.document_number) == ("另一个标题", "甲〔2024〕1号")
    assert (edition.issued_on, edition.in_force_from) == (date(2024, 5, 1), date(2024, 6, 15))


@pytest.mark.parametrize(
    ("text", "last", "day"),
    [
        ("2021", False, date(2021, 1, 1)),
        ("2021", True, date(2021, 12, 31)),
        ("2024-02", True, date(2024, 2, 29)),
        ("2021-8-9", False, date(2021, 8, 9)),
    ],
)
def test_a_day_may_be_a_year_or_a_month(text: str, last: bool, day: date):
    assert read_day(text, "发布日期", last=last) == day


@pytest.mark.parametrize(
    "flags",
    [
        {"instrument": "Zhan He"},
        {"instrument": "../etc"},
        {"issued_on": "2021-13"},
        {"issued_on": "去年"},
        {"region": "火星市"},
        {"region": "鼓楼区"},
        {"in_force_from": "2025-01-01", "in_force_to": "2024"},
    ],
)
def test_details_that_cannot_be_meant_are_refused_in_one_sentence(flags: dict[str, str]):
    with pytest.raises(ImportRefusedError) as refused:
        told(**flags)
    assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n\n "),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("broken.docx", b"PK\x03\x04 not a document"),
        ("broken.pdf", b"%PDF-1.7 not a document"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError) as refused:
        read_document(path, told(title="标题"))
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_and_an_import_without_an_id_are_refused(tmp_path: Path):
    with pytest.raises(ImportRefusedError, match="没有找到"):
        read_document(tmp_path / "nothing.txt", told())
    with pytest.raises(ImportRefusedError, match="--id"):
        read_document(make_file(tmp_path, "a.txt", NOTICE), Details())


def test_what_editors_wrote_follows_the_text_into_its_official_edition(
    tmp_path: Path, session: Session, shelving: Shelving
):
    text = (
        "试验办法\n一、总则\n为了试验。\n二、程序\n1.申请应当受理。\n2.受理应当登记。\n"
        "3.当事人可以撤回自己的申请，行政机关应当准许并告知撤回后果。\n4.与前文毫不相干的一条新规定在这里。\n"
    )
    reading = read_document(make_file(tmp_path, "a.txt", text), told(document_number="试政发〔2021〕1号"))
    (imported,) = draft(session, [reading], actor="operator")
    assert imported.row is not None
    clauses = {clause.section: clause for clause in edition_of(imported.row).clauses}
    assert clauses["二/3"].asked_as == ("申请以后还能撤回吗",)
    assert clauses["二/3"].topics == ("withdrawal",)
    assert clauses["二/3"].plain == "申请以后可以撤回。"
    assert clauses["二/4"].topics == ()


def test_plain_words_stay_behind_where_a_document_issued_anew_says_something_else():
    """The public reads them first: they must not go on saying what no longer holds."""
    old = make_notice()
    changed = Clause("二/3", "3.当事人可以撤回自己的申请，应当在三日内书面提出，机关告知撤回的后果。")
    again = {"document_number": "试政发〔2025〕6号", "digest": False}
    reworded = with_annotations(make_notice(**again, clauses=(changed,)), old).clauses[0]
    assert (reworded.topics, reworded.plain) == (("withdrawal",), "")
    same = with_annotations(make_notice(**again), old)
    assert same.clause("二/3").plain == "申请以后可以撤回。"  # type: ignore[union-attr]
    corrected = with_annotations(make_notice(clauses=(changed,)), old).clauses[0]
    assert corrected.plain == "申请以后可以撤回。"


def test_a_clause_that_moved_keeps_its_topics_only_as_a_proposal():
    old = make_notice()
    new = make_notice(
        clauses=(Clause("一", "一、总则"), Clause("一/1", WITHDRAW), Clause("二/3", "3.完全不同的内容。"))
    )
    clauses = {clause.section: clause for clause in with_annotations(new, old).clauses}
    assert (clauses["一/1"].topics, clauses["一/1"].proposed) == ((), ("withdrawal",))
    assert clauses["一/1"].plain == ""
    assert clauses["二/3"] == new.clauses[2]


def test_overlap_is_one_for_the_same_words_and_nothing_for_others():
    assert overlap(WITHDRAW, WITHDRAW) == 1
    assert overlap(WITHDRAW, "消防通道不得占用") == 0
    assert overlap("", WITHDRAW) == 0


def test_importing_the_same_text_twice_makes_one_draft(tmp_path: Path, session: Session, shelving: Shelving):
    reading = read_document(make_file(tmp_path, "a.txt", NOTICE), told())
    draft(session, [reading], actor="operator")
    draft(session, [reading], actor="operator")
    assert len(waiting_drafts(session)) == 1
    publish(session, shelving, actor="operator")
    (imported,) = draft(session, [reading], actor="operator")
    assert imported.row is None
    assert waiting_drafts(session) == []


def test_a_clause_like_one_that_is_linked_elsewhere_gets_proposals(tmp_path: Path, session: Session):
    words = f"山前市柔性执法办法\n一、总则\n坚持教育在先。\n二、程序\n{WITHDRAW.replace('3.', '（三）')}\n"
    told = Details(instrument="shanqian", region="浙江省/宁波市", issued_on=date(2026, 1, 1))
    reading = read_document(make_file(tmp_path, "new.txt", words), told)
    (imported,) = draft(session, [reading], actor="operator")
    assert imported.row is not None
    clauses = {clause.section: clause for clause in edition_of(imported.row).clauses}
    assert imported.proposed == 1
    assert clauses["二/（三）"].proposed == ("withdrawal",)
    assert "申请以后还能撤回吗" in clauses["二/（三）"].carried
    assert clauses["二/（三）"].topics == ()


def test_proposals_follow_their_clause_when_the_same_text_comes_in_again(
    tmp_path: Path, session: Session, shelving: Shelving
):
    words = f"山前市柔性执法办法\n二、程序\n{WITHDRAW.replace('3.', '（三）')}\n"
    told = Details(instrument="shanqian", region="浙江省/宁波市", issued_on=date(2026, 1, 1))
    reading = read_document(make_file(tmp_path, "new.txt", words), told)
    draft(session, [reading], actor="operator")
    publish(session, shelving, actor="operator")
    (again,) = draft(session, [reading], actor="operator")
    assert again.row is None


def test_what_is_known_of_a_list_item_follows_it_into_the_next_edition():
    old, new = make_list(), make_list(digest=False)
    asked = replace(old, items=tuple(replace(item, asked_as=("报税晚了几天",)) for item in old.items))
    assert with_annotations(new, asked).items[0].asked_as == ("报税晚了几天",)


def test_a_list_becomes_items_with_typed_conditions_and_says_how_many(tmp_path: Path, session: Session):
    reading = read_exemption_list(make_file(tmp_path, "list.csv", LIST), Details())
    edition = reading.edition
    assert (edition.instrument, edition.region, edition.source) == (
        "shi-yan",
        ZHANHE,
        "https://example.test/1",
    )
    assert [item.matter for item in edition.items] == ["占道摆放桌椅"]
    assert any("没有来源" in note and "乱贴广告" in note for note in reading.notes)
    assert any("能自动对照的" in note for note in reading.notes)


def test_a_list_may_not_take_the_id_of_a_notice(tmp_path: Path, session: Session):
    before = count(session)
    reading = read_exemption_list(make_file(tmp_path, "list.csv", LIST), Details(instrument="zhanhe"))
    with pytest.raises(ImportRefusedError, match="另一类"):
        draft(session, [reading], actor="operator")
    session.rollback()
    assert count(session) == before


def test_a_table_that_is_no_list_is_refused(tmp_path: Path):
    with pytest.raises(ImportRefusedError, match=r"list\.csv"):
        read_exemption_list(make_file(tmp_path, "list.csv", "a,b\n1,2\n"), Details(instrument="x1"))


def test_a_folder_is_read_whole_or_not_at_all(tmp_path: Path):
    make_file(tmp_path, "a.txt", NOTICE)
    make_file(tmp_path, "notices.csv", "id,file,region\nzhanhe,a.txt,湛河区\npanjin,missing.txt,盘锦市\n")
    with pytest.raises(ImportRefusedError, match=r"missing\.txt"):
        read_folder(tmp_path)
    make_file(tmp_path, "notices.csv", "id,file,region\nzhanhe,a.txt,湛河区\n")
    assert [reading.edition.instrument for reading in read_folder(tmp_path)] == ["zhanhe"]


@pytest.mark.parametrize(
    "table",
    ["", "id,file\n", "id,file\n,a.txt\n", "id,file\nzhanhe,../outside.txt\n", "id,file\nzhanhe,a.txt\n"],
)
def test_a_folder_whose_table_is_wrong_is_refused(tmp_path: Path, table: str):
    folder = tmp_path / "folder"
    folder.mkdir()
    make_file(tmp_path, "outside.txt", NOTICE)
    if table:
        make_file(folder, "notices.csv", table)
    with pytest.raises(ImportRefusedError):
        read_folder(folder)


@pytest.mark.skipif(shared_folder() is None, reason="the real notices stand beside the checkout")
def test_the_five_real_notices_come_in_as_official_texts(session: Session, shelving: Shelving):
    folder = shared_folder()
    assert folder is not None
    imported = draft(session, read_folder(folder / "notices"), actor="operator")
    assert [one.gaps for one in imported] == [()] * 5
    outcome = publish(session, shelving, actor="operator")
    assert set(outcome.published) == {"zhanhe", "zhoushan", "qianjiang", "panjin", "luan"}


@pytest.mark.skipif(shared_folder() is None, reason="the real lists stand beside the checkout")
def test_every_real_list_can_be_read_and_most_conditions_are_typed():
    folder = shared_folder()
    assert folder is not None
    readings = [
        read_exemption_list(path, Details(instrument=path.stem))
        for path in sorted((folder / "lists").glob("*.csv"))
    ]
    conditions = [c for r in readings for item in r.edition.items for c in item.conditions]
    assert len(readings) == 83
    assert sum(c.predicate is not None for c in conditions) / len(conditions) > 0.9
