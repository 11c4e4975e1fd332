"""Making and care: steps on record, comments, owner units, reviews that are due, and the filing clock."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knowledge.edition import InstrumentKind
from portal import journal
from portal.accounts.models import Role
from portal.calendar import today
from portal.errors import FieldErrors
from portal.journal import JournalEntry
from portal.library.desk.drafts import open_draft
from portal.library.making.care import CareWords, care_of, keep_care, reviews_due
from portal.library.making.comments import comments_of, count_open, settle_comment, write_comment
from portal.library.making.due import due_now
from portal.library.making.filings import filings, record_filing
from portal.library.making.rules import StepKind, making_rules, rule_for
from portal.library.making.steps import add_step, missing_steps, steps_of, strike_step
from portal.library.models import EditionRow, Origin
from portal.library.publication import publish, roll_back
from portal.library.record import edition_of, keep_edition
from portal.library.shelving import Shelving

from .desk import EDITOR, PUBLISHER, REVIEWER, bring_in
from .small import ZHOUSHAN, make_list
from .staff import send, signed_in
from .uploads.samples import mp3, png

NEW_LIST = {
    "instrument": "daishan-list",
    "region": f"{ZHOUSHAN}/岱山县",
    "document_number": "岱试〔2026〕1号",
}
MAKING = "/staff/knowledge/documents/shanqian/making"


def keep_list(session: Session, **changes: object) -> EditionRow:
    row = keep_edition(
        session, make_list(**{**NEW_LIST, **changes}), origin=Origin.COMMAND_LINE, author="operator"
    )
    session.commit()
    return row


def acts_of(session: Session, subject: str) -> list[str]:
    return [e.act for e in session.query(JournalEntry).where(JournalEntry.subject == subject)]


@pytest.mark.parametrize(
    ("region", "kind", "steps"),
    [
        (ZHOUSHAN, InstrumentKind.LIST, ("study", "consultation", "legality")),
        (f"{ZHOUSHAN}/岱山县", InstrumentKind.LIST, ("study", "consultation", "legality")),
        (f"浙江省/宁波市、{ZHOUSHAN}", InstrumentKind.LIST, ("study", "consultation", "legality")),
        ("辽宁省/盘锦市", InstrumentKind.LIST, ("consultation",)),
        (ZHOUSHAN, InstrumentKind.NOTICE, None),
        ("浙江省", InstrumentKind.LIST, None),
        ("河南省/平顶山市/湛河区", InstrumentKind.LIST, None),
    ],
)
def test_only_where_a_notice_asks_for_steps_are_they_asked_for(region, kind, steps):
    rule = rule_for(making_rules().asked_steps, kind, region)
    assert (tuple(step.value for step in rule.steps) if rule else None) == steps


def test_steps_are_missing_until_they_are_on_record_and_again_once_struck(session: Session):
    row = keep_list(session)
    assert set(missing_steps(session, row, InstrumentKind.LIST)) == set(StepKind)
    step = add_step(session, row, "study", date(2026, 5, 1), "走访二十家企业，结论一致。", actor=EDITOR)
    add_step(session, row, "consultation", date(2026, 6, 1), "公开征求意见一个月。", actor=EDITOR)
    assert missing_steps(session, row, InstrumentKind.LIST) == (StepKind.LEGALITY,)
    strike_step(session, row, step.id, "日期写错", actor=REVIEWER)
    assert StepKind.STUDY in missing_steps(session, row, InstrumentKind.LIST)
    held = steps_of(session, row.id)
    assert (held[0].words, held[0].struck_by) == ("走访二十家企业，结论一致。", REVIEWER)
    assert acts_of(session, "daishan-list") == ["making.step", "making.step", "making.struck"]


@pytest.mark.parametrize(
    ("kind", "day", "words", "field"),
    [
        ("study", date(2999, 1, 1), "好", "held_on"),
        ("study", None, "好", "held_on"),
        ("party", date(2026, 1, 1), "好", "kind"),
        ("study", date(2026, 1, 1), "", "step_words"),
        ("study", date(2026, 1, 1), "长" * 2001, "step_words"),
    ],
)
def test_a_step_that_cannot_be_is_refused_at_its_field(session: Session, kind, day, words, field):
    row = keep_list(session)
    with pytest.raises(FieldErrors) as wrong:
        add_step(session, row, kind, day, words, actor=EDITOR)
    assert [error.field for error in wrong.value.errors] == [field]
    assert steps_of(session, row.id) == []


def test_a_paper_backs_a_step_and_is_only_ever_saved(editor: FlaskClient, session: Session):
    base = MAKING.removesuffix("/making")
    told = {"kind": "study", "held_on": "2026-05-01", "step_words": "见记录。"}
    content = png()
    done = send(editor, f"{base}/steps", MAKING, **told, paper=(BytesIO(content), "调研 记录.png"))
    assert done.status_code == 303
    link = page(editor, MAKING).select_one("a[href$='/paper']")["href"]
    paper = editor.get(link)
    assert (paper.data, paper.mimetype) == (content, "image/png")
    assert paper.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in paper.headers["Content-Security-Policy"]
    (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.act == "making.step"))
    assert entry.detail["paper"] == sha256(content).hexdigest()


@pytest.mark.parametrize(("content", "name"), [(b"MZ\x90", "记录.pdf"), (b"", "空.pdf"), (mp3(), "录音.mp3")])
def test_what_is_no_paper_is_refused_and_the_rest_stays_typed(
    editor: FlaskClient, session: Session, content: bytes, name: str
):
    base = MAKING.removesuffix("/making")
    told = {"kind": "study", "held_on": "2026-05-01", "step_words": "见记录。"}
    wrong = send(editor, f"{base}/steps", MAKING, **told, paper=(BytesIO(content), name))
    assert wrong.status_code == 422
    shown = BeautifulSoup(wrong.text, "lxml")
    assert shown.select_one("#paper-wrong")
    assert shown.select_one("#step_words").text == "见记录。"
    assert not page(editor, MAKING).select("a[href$='/paper']")


def test_a_comment_names_a_part_and_is_settled_by_name(session: Session):
    row = keep_list(session)
    edition = edition_of(row)
    first = write_comment(session, row, edition, "1", "时限是几日？", actor=REVIEWER)
    write_comment(session, row, edition, "", "标题少了年份。", actor=REVIEWER)
    with pytest.raises(FieldErrors, match="fields"):
        write_comment(session, row, edition, "9", "没有这一项", actor=REVIEWER)
    settle_comment(session, row, first.id, actor=EDITOR)
    assert count_open(session, row.id) == 1
    assert [c.words for c in comments_of(session, row.id)] == ["标题少了年份。", "时限是几日？"]


def test_two_who_write_the_care_of_a_text_do_not_overwrite_each_other(session: Session):
    keep_care(session, "zhanhe", CareWords("法制科", date(2027, 1, 1), "上位法在修改"), actor=EDITOR)
    with pytest.raises(StaleDataError):
        keep_care(session, "zhanhe", CareWords("执法科", None, ""), actor=REVIEWER)
    session.rollback()
    keep_care(session, "zhanhe", CareWords("执法科", None, "", version=1), actor=REVIEWER)
    care = care_of(session, "zhanhe")
    assert care is not None
    assert (care.owner_unit, care.review_due, care.changed_by) == ("执法科", None, REVIEWER)


def test_a_review_is_told_of_thirty_days_before(session: Session):
    soon = making_rules().soon_days
    for instrument, days in (("zhanhe", soon), ("zhoushan", soon + 1)):
        due = today() + timedelta(days=days)
        keep_care(session, instrument, CareWords("", due, ""), actor=EDITOR)
    assert [care.instrument_id for care in reviews_due(session)] == ["zhanhe"]


def test_publishing_a_new_list_starts_the_clock_of_its_region(session: Session, shelving: Shelving):
    keep_list(session)
    keep_list(session, instrument="elsewhere", region="浙江省/宁波市")
    outcome = publish(session, shelving, actor="operator")
    (filing,) = filings(session, waiting=True)
    assert (filing.edition.instrument_id, filing.release) == ("daishan-list", outcome.release)
    assert (filing.due_on - filing.published_on).days == 15
    assert filing.basis == "zhoushan#二/（一）/1"
    assert [(d.what, d.overdue) for d in due_now(session)] == [("filing", False)]


def test_the_same_list_with_other_annotations_starts_no_second_clock_and_a_reissued_one_does(
    session: Session, shelving: Shelving
):
    keep_list(session)
    publish(session, shelving, actor="operator")
    keep_list(session, source="试验用清单，补了来源")
    publish(session, shelving, actor="operator")
    (waiting,) = filings(session, waiting=True)
    assert edition_of(waiting.edition).source == "试验用清单，补了来源"
    keep_list(session, document_number="岱试〔2027〕1号", in_force_from=date(2027, 1, 1))
    publish(session, shelving, actor="operator")
    assert len(filings(session)) == 2


def test_a_rollback_starts_no_clock_and_takes_the_list_off_what_waits(session: Session, shelving: Shelving):
    keep_list(session)
    publish(session, shelving, actor="operator")
    roll_back(session, shelving, 1, actor=PUBLISHER, reason="撤回")
    assert filings(session, waiting=True) == []
    roll_back(session, shelving, 2, actor=PUBLISHER, reason="恢复")
    assert len(filings(session, waiting=True)) == len(filings(session)) == 1


def test_a_filing_is_recorded_once_and_not_before_the_publication(session: Session, shelving: Shelving):
    keep_list(session)
    publish(session, shelving, actor="operator")
    (filing,) = filings(session)
    for day in (None, today() + timedelta(days=1), today() - timedelta(days=1)):
        with pytest.raises(FieldErrors):
            record_filing(session, filing.edition_id, day, "", actor=EDITOR)
    record_filing(session, filing.edition_id, today(), "舟备〔2026〕3号", actor=EDITOR)
    assert due_now(session) == ()
    assert acts_of(session, "daishan-list")[-1] == "list.filed"
    assert journal.verify(session)


@pytest.fixture
def editor(client: FlaskClient, session: Session) -> FlaskClient:
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    signed_in(client, Role.EDITOR)
    return client


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml")


def test_the_page_of_a_document_keeps_steps_comments_and_care(editor: FlaskClient):
    base = MAKING.removesuffix("/making")
    done = [
        send(editor, f"{base}/steps", MAKING, kind="legality", held_on="2026-05-01", step_words="已审核。"),
        send(editor, f"{base}/comments", MAKING, section="二/（三）", words="请核对标点。"),
        send(editor, f"{base}/care", MAKING, owner_unit="法制科", review_due="2027-01-01", seen_version="0"),
    ]
    assert [response.status_code for response in done] == [303, 303, 303]
    shown = page(editor, MAKING)
    assert "已审核。" in shown.select_one("[aria-labelledby=steps]").text
    assert "请核对标点。" in shown.select_one("[aria-labelledby=comments]").text
    assert shown.select_one("#owner_unit")["value"] == "法制科"
    assert "1 条意见未处理" in page(editor, base).text
    settle = shown.select_one("form[action$=settle]")["action"]
    send(editor, settle, MAKING)
    assert "意见未处理" not in page(editor, base).text


def test_what_was_typed_stays_beside_what_is_wrong(editor: FlaskClient):
    base = MAKING.removesuffix("/making")
    wrong = send(editor, f"{base}/steps", MAKING, kind="study", held_on="明天", step_words="写了很多")
    assert wrong.status_code == 422
    shown = BeautifulSoup(wrong.text, "lxml")
    assert shown.select_one("#held_on-wrong")
    assert shown.select_one("#step_words").text == "写了很多"
    assert shown.select_one("#kind input[value=study]").has_attr("checked")


def test_care_that_another_saved_meanwhile_is_shown_and_nothing_typed_is_lost(
    editor: FlaskClient, session: Session
):
    base = MAKING.removesuffix("/making")
    keep_care(session, "shanqian", CareWords("执法科", None, ""), actor=REVIEWER)
    late = send(editor, f"{base}/care", MAKING, owner_unit="法制科", seen_version="0")
    assert late.status_code == 409
    shown = BeautifulSoup(late.text, "lxml")
    assert (shown.select_one("#owner_unit")["value"], shown.select_one("[name=seen_version]")["value"]) == (
        "法制科",
        "1",
    )
    assert "执法科" in shown.select_one("[aria-labelledby=care]").text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICER])
def test_who_keeps_no_texts_neither_writes_care_nor_files(client: FlaskClient, session: Session, role: Role):
    signed_in(client, role)
    token = page(client, "/staff").select_one("[name=csrf_token]")["value"]
    for address in ("documents/zhanhe/care", "filings/1"):
        assert client.post(f"/staff/knowledge/{address}", data={"csrf_token": token}).status_code == 403


def test_a_filing_that_is_due_stands_on_the_desk_and_is_recorded_there(
    client: FlaskClient, app: Flask, session: Session, shelving: Shelving
):
    keep_list(session)
    publish(session, shelving, actor="operator")
    signed_in(client, Role.PUBLISHER)
    assert "舟山市司法局" in page(client, "/staff/knowledge").select_one("[aria-labelledby=due]").text
    address = page(client, "/staff/knowledge/filings").select_one("form[action*=filings]")["action"]
    wrong = send(client, address, "/staff/knowledge/filings", filed_on="2000-01-01", receipt="甲")
    assert wrong.status_code == 422
    assert BeautifulSoup(wrong.text, "lxml").select_one("#receipt")["value"] == "甲"
    done = send(client, address, "/staff/knowledge/filings", filed_on=today().isoformat(), receipt="甲")
    assert done.status_code == 303
    assert "回执 甲" in page(client, "/staff/knowledge/filings").text
    assert not page(client, "/staff/knowledge").select_one("[aria-labelledby=due]")
