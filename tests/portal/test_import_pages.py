"""The import page: a file is read, checked, corrected and becomes a draft; nothing is lost on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from knowledge.edition import Edition
from portal.accounts.models import Role
from portal.database import now
from portal.journal import verify
from portal.library.desk.drafts import discard_draft, draft_of, open_draft, start_draft
from portal.library.desk.intake.acts import DraftHeld, save_draft
from portal.library.desk.intake.limits import limits
from portal.library.desk.intake.models import PendingImport, SavedImport
from portal.library.desk.models import Draft
from portal.library.details import Details
from portal.library.models import EditionState, Origin
from portal.library.publication import publish, waiting_drafts
from portal.library.readings import reading_of, text_of
from portal.library.record import edition_of
from portal.library.shelving import Shelving

from .desk import EDITOR, SECOND, bring_in, imported_notice, journal_of
from .imports import IMPORT, NOTICE, ROWS, brought, decide, form_of, page_of, pending, upload, workbook
from .small import WITHDRAW, ZHANHE
from .staff import send, signed_in, wrong_fields


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


@pytest.fixture
def name(client: FlaskClient, editor: FlaskClient) -> str:
    return page_of(client.get("/staff")).select_one(".person strong").text


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text[:500]
    return page_of(response)


def test_a_notice_says_of_itself_what_the_form_shows_and_an_id_is_proposed(editor: FlaskClient):
    form = form_of(editor, brought(editor, "办法.txt", NOTICE.encode()))
    told = {name: form[name] for name in form if name != "csrf_token"}
    assert told == {
        "title": "湛河区柔性执法实施办法",
        "instrument": "zhanhe-2025-9",
        "document_number": "湛政办〔2025〕9号",
        "issuer": "湛河区司法局",
        "region": ZHANHE,
        "department": "司法局",
        "issued_on": "2025-03-01",
        "in_force_from": "2025-04-01",
        "in_force_to": "2027-03-31",
        "kind": "notice",
    }


def test_clauses_stand_as_a_tree_beside_the_original_with_their_lines(editor: FlaskClient):
    page = shown(editor, brought(editor, "办法.txt", NOTICE.encode()))
    names = [part["aria-label"] for part in page.select(".import-part")]
    assert {"一", "二、（一）", "二、（二）"} <= set(names)
    second = page.select(".import-part")[names.index("二、（二）")]
    assert second.select_one("a")["href"] == "#line-9"
    assert "撤回自己的申请" in page.select_one("#line-9").text
    assert all(part.select_one("a") for part in page.select(".import-part")), "every clause has its line"


def test_what_is_left_out_and_what_the_reader_noticed_is_told_with_its_line(editor: FlaskClient):
    text = NOTICE.replace("三、附则", "五、附则")
    page = shown(editor, brought(editor, "办法.md", f"{text}\n<!-- 内部 -->\n".encode()))
    assert "第 10 行：编号从“二”跳到“五”" in page.select_one("section[aria-labelledby=noticed]").text
    assert "第 15 行未收（排版标记）" in page.select_one("section[aria-labelledby=left-out]").text


def test_a_list_is_told_by_its_content_and_shows_what_each_condition_means(editor: FlaskClient):
    page = shown(editor, brought(editor, "清单.xlsx", workbook()))
    first, second, _ = page.select(".import-items tbody tr")
    assert "占道摆放桌椅" in first.text
    assert "认作：已及时改正" in first.text
    assert "认作：没有造成危害后果" in second.text
    assert "认作：3 日内改正" in second.text
    assert "由执法机关判断" in second.text
    assert "“违法行为”认作事项" in page.text


def test_a_list_gives_its_first_day_in_a_footer_and_no_day_of_issue_in_its_year(editor: FlaskClient):
    rows = [("湛河区城市管理局免罚清单（2024年版）",), *ROWS[1:], ("本清单自2024年5月1日起施行",)]
    form = form_of(editor, brought(editor, "清单.xlsx", workbook(rows)))
    assert (form["issued_on"], form["in_force_from"]) == ("", "2024-05-01")


def test_days_are_typed_as_people_write_them(editor: FlaskClient, session: Session):
    address = brought(editor, "办法.txt", NOTICE.encode())
    done = decide(
        editor, address, "draft", issued_on="2025年3月1日", in_force_from="2025.4.1", in_force_to="2026/12"
    )
    assert done.status_code == 303
    edition = edition_of(draft_of(session, "zhanhe-2025-9").edition)
    assert edition.issued_on == date(2025, 3, 1)
    assert (edition.in_force_from, edition.in_force_to) == (date(2025, 4, 1), date(2026, 12, 31))


def test_a_pasted_table_is_a_list_and_pasted_text_a_document(editor: FlaskClient, session: Session):
    table = "序号\t违法行为\t适用条件\t处理结果\n1\t乱贴广告\t及时改正\t不予处罚"
    done = upload(editor, text=table, title="湛河区城管局免罚清单")
    assert "乱贴广告" in shown(editor, done.headers["Location"]).select_one(".import-items").text
    done = upload(editor, text=NOTICE.replace("\n", "\r\n"), title="另一个标题")
    assert form_of(editor, done.headers["Location"])["title"] == "另一个标题"
    assert [one.name for one in pending(session)] == ["湛河区城管局免罚清单.txt", "另一个标题.txt"]


def test_several_files_come_in_at_once_and_wait_in_a_list_of_ones_own(editor: FlaskClient, app: Flask):
    done = upload(editor, ("办法.txt", NOTICE.encode()), ("清单.xlsx", workbook()))
    assert (done.status_code, done.headers["Location"]) == (303, IMPORT)
    assert len(shown(editor, IMPORT).select(".pending tbody tr")) == 2
    other = app.test_client()
    signed_in(other, Role.EDITOR)
    assert not shown(other, IMPORT).select(".pending tbody tr")
    assert other.get(f"{IMPORT}/1").status_code == 404
    assert send(other, f"{IMPORT}/1/discard", IMPORT).status_code == 404


def test_one_bad_file_among_good_ones_is_named_and_the_others_are_kept(editor: FlaskClient, session: Session):
    done = upload(editor, ("办法.txt", NOTICE.encode()), ("坏.pdf", b"%PDF-1.7 nothing"))
    assert done.status_code == 422
    assert "坏.pdf" in page_of(done).select_one("#trouble").text
    assert [one.name for one in pending(session)] == ["办法.txt"]


def test_nothing_sent_is_told_at_the_field_and_too_long_a_text_stays_in_its_box(editor: FlaskClient):
    assert "files" in wrong_fields(upload(editor))
    long = "长" * (limits().pasted + 1)
    refused = upload(editor, text=long, title="标题")
    assert "text" in wrong_fields(refused)
    assert page_of(refused).select_one("#text").text.strip() == long
    assert page_of(refused).select_one("#title")["value"] == "标题"


def test_more_files_than_one_form_may_bring_are_told_with_how_many_it_may(
    editor: FlaskClient, session: Session
):
    files = [(f"{n}.txt", NOTICE.encode()) for n in range(limits().files + 1)]
    assert f"最多 {limits().files} 个" in wrong_fields(upload(editor, *files))["files"]
    assert pending(session) == []


def test_what_was_typed_survives_a_reload_right_or_wrong(editor: FlaskClient, session: Session):
    address = brought(editor, "办法.txt", NOTICE.encode())
    assert decide(editor, address, "keep", issued_on="去年", title="新标题").status_code == 204
    again = editor.get(address)
    assert form_of(editor, address)["issued_on"] == "去年"
    assert form_of(editor, address)["title"] == "新标题"
    assert "2021-08" in wrong_fields(again)["issued_on"]
    assert "文件里认出的是：2025-03-01" in page_of(again).text
    assert shown(editor, IMPORT).select_one(".pending a").text == "新标题"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("instrument", "Zhan He", "小写字母"),
        ("instrument", "topics", "另有用途"),
        ("instrument", "", "不能为空"),
        ("instrument", "list-one", "另一类文件"),
        ("title", "", "不能为空"),
        ("title", "长" * 301, "最多 300 个字"),
        ("region", "火星市", "没有找到地区"),
        ("region", "鼓楼区", "可能是"),
        ("issued_on", "2025-13", "2021-08"),
        ("in_force_to", "2020", "早于施行日期"),
    ],
)
def test_bad_details_are_told_at_their_field_and_nothing_is_lost(
    editor: FlaskClient, session: Session, field: str, value: str, says: str
):
    address = brought(editor, "办法.txt", NOTICE.encode())
    refused = decide(editor, address, "draft", **{field: value})
    assert refused.status_code == 422
    assert says in wrong_fields(refused)[field]
    assert page_of(refused).select_one(f"#{field}")["value"] == value
    assert len(pending(session)) == 1
    assert not [row for row in journal_of(session, EDITOR) if row == "edition.drafted"]


def test_an_import_becomes_a_draft_on_the_desk_as_one_opened_there(
    editor: FlaskClient, session: Session, name: str
):
    words = NOTICE.replace(
        "（二）撤回。当事人可以撤回自己的申请，机关应当准许。", WITHDRAW.replace("3.", "（二）")
    )
    address = brought(editor, "办法.txt", words.encode())
    done = decide(editor, address, "draft", instrument="shixing", region="宁波")
    assert (done.status_code, done.headers["Location"]) == (303, "/staff/knowledge/documents/shixing")
    draft = draft_of(session, "shixing")
    assert draft is not None
    edition = edition_of(draft.edition)
    assert (draft.authors, draft.edition.origin, draft.base_id) == ([name], Origin.EDITOR.value, None)
    assert (draft.edition.author, draft.state) == (name, EditionState.DRAFT.value)
    assert (edition.region, edition.in_force_from) == ("浙江省/宁波市", date(2025, 4, 1))
    assert edition.clause("二/（二）").proposed == ("withdrawal",)
    assert draft.certainties["二/（二）"]["withdrawal"] > 0
    assert draft.edition.source.content == words.encode()
    assert pending(session) == []
    assert waiting_drafts(session) == []
    assert journal_of(session, name) == ["import.received", "import.corrected", "edition.drafted"]
    assert verify(session)
    desk = shown(editor, "/staff/knowledge")
    assert desk.select_one(".waits a[href='/staff/knowledge/documents/shixing']")


def test_a_revision_shows_what_changes_and_takes_over_what_editors_wrote(
    editor: FlaskClient, session: Session
):
    heading = "湛河区柔性执法办法\n试政发〔2021〕1号\n二、程序\n1.先登记。\n2.再受理。"
    text = f"{heading}\n{WITHDRAW}\n4.约谈应当有录像。\n"
    address = brought(editor, "修订.txt", text.encode())
    page = shown(editor, address)
    assert form_of(editor, address)["instrument"] == "zhanhe"
    assert "已有《湛河区柔性执法办法》" in page.select_one("#instrument-hint").text
    changes = page.select_one("section[aria-labelledby=changes]")
    assert "新增" in changes.select_one("[aria-label=二、2]").text
    assert changes.select_one("[aria-label=二、4] ins").text == "像"
    assert decide(editor, address, "draft").status_code == 303
    draft = draft_of(session, "zhanhe")
    assert draft.base_id is not None
    clause = edition_of(draft.edition).clause("二/3")
    assert (clause.topics, clause.asked_as) == (("withdrawal",), ("申请以后还能撤回吗",))


def test_a_clause_left_out_goes_with_what_stands_below_it(editor: FlaskClient, session: Session):
    address = brought(editor, "办法.txt", NOTICE.encode())
    decide(editor, address, "look", drop=["二"])
    page = shown(editor, address)
    assert page.select_one("input[name=drop][value=二]").has_attr("checked")
    assert "随上级不收入" in page.text
    decide(editor, address, "draft", drop=["二"])
    sections = {c.section for c in edition_of(draft_of(session, "zhanhe-2025-9").edition).clauses}
    assert "一" in sections
    assert not {s for s in sections if s.startswith("二")}


def test_a_list_comes_in_corrected_and_without_the_row_that_was_dropped(
    editor: FlaskClient, session: Session
):
    address = brought(editor, "清单.xlsx", workbook())
    decide(
        editor, address, "draft", drop=["3"], title="湛河区城管免罚清单", region="湛河", instrument="zh-cg"
    )
    edition = edition_of(draft_of(session, "zh-cg").edition)
    assert (edition.title, edition.region, edition.source) == ("湛河区城管免罚清单", ZHANHE, "清单.xlsx")
    assert [(i.number, i.list, i.region) for i in edition.items] == [
        ("1", "zh-cg", ZHANHE),
        ("2", "zh-cg", ZHANHE),
    ]


def test_nothing_left_is_no_draft(editor: FlaskClient, session: Session):
    address = brought(editor, "清单.xlsx", workbook())
    refused = decide(editor, address, "draft", drop=["1", "2", "3"], title="清单", instrument="zh-cg")
    assert refused.status_code == 422
    assert "至少留下一处" in wrong_fields(refused)["parts"]


def test_a_draft_that_is_open_already_names_who_holds_it_and_nothing_is_lost(
    editor: FlaskClient, session: Session
):
    bring_in(session, imported_notice())
    open_draft(session, "shanqian", actor=EDITOR)
    address = brought(editor, "办法.txt", NOTICE.encode())
    refused = decide(editor, address, "draft", instrument="shanqian", title="我的标题")
    assert refused.status_code == 409
    assert EDITOR in page_of(refused).select_one("#trouble").text
    assert form_of(editor, address)["title"] == "我的标题"
    assert "已有一份打开的草稿" in shown(editor, address).text
    assert edition_of(draft_of(session, "shanqian").edition).title == "宁波市柔性执法办法"


def test_a_button_that_was_pressed_twice_leads_to_the_one_draft(
    editor: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
):
    def quicker(*args: object, **kwargs: object) -> None:
        saved = save_draft(*args, **kwargs)
        raise DraftHeld(who="me", title=saved.edition.title)

    monkeypatch.setattr("portal.library.desk.intake.views.save_draft", quicker)
    address = brought(editor, "办法.txt", NOTICE.encode())
    done = decide(editor, address, "draft")
    assert (done.status_code, done.headers["Location"]) == (303, "/staff/knowledge/documents/zhanhe-2025-9")


def test_two_editors_who_save_in_the_same_moment_make_one_draft(
    editor: FlaskClient, session: Session, name: str, monkeypatch: pytest.MonkeyPatch
):
    address = brought(editor, "办法.txt", NOTICE.encode())
    (waiting,) = pending(session)

    def late(s: Session, edition: Edition, **told: Any) -> Draft | None:
        monkeypatch.undo()
        text = text_of("办法.txt", NOTICE.encode())
        reading = reading_of(text, Details(instrument="zhanhe-2025-9", title="湛河区柔性执法实施办法"))
        with current_app.extensions["rouwen.database"].session() as other:
            start_draft(other, reading.edition, actor=SECOND, file=reading.file)
            other.commit()
        return start_draft(s, edition, **told)

    monkeypatch.setattr("portal.library.desk.intake.acts.start_draft", late)
    refused = decide(editor, address, "draft")
    assert refused.status_code == 409
    assert SECOND in page_of(refused).select_one("#trouble").text
    assert [one.id for one in pending(session)] == [waiting.id]
    assert draft_of(session, "zhanhe-2025-9").authors == [SECOND]
    assert "edition.drafted" not in journal_of(session, name)


def test_the_very_text_that_is_published_makes_no_draft(
    editor: FlaskClient, session: Session, shelving: Shelving
):
    address = brought(editor, "办法.txt", NOTICE.encode())
    decide(editor, address, "draft")
    draft = draft_of(session, "zhanhe-2025-9")
    draft.edition.origin, draft.open_for = Origin.COMMAND_LINE.value, None
    session.commit()
    publish(session, shelving, actor="operator")
    again = brought(editor, "办法.txt", NOTICE.encode())
    assert "没有变动" in shown(editor, again).text
    refused = decide(editor, again, "draft")
    assert refused.status_code == 409
    assert "完全相同" in page_of(refused).select_one("#trouble").text
    assert len(pending(session)) == 1


def test_the_address_of_a_saved_import_leads_its_owner_to_the_draft(
    editor: FlaskClient, app: Flask, session: Session
):
    address = brought(editor, "办法.txt", NOTICE.encode())
    fields = form_of(editor, address)
    assert decide(editor, address, "draft").status_code == 303
    page = shown(editor, address)
    assert page.select_one("h1").text == "已存为草稿"
    assert "湛河区柔性执法实施办法" in page.text
    assert page.select_one("main a.button")["href"] == "/staff/knowledge/documents/zhanhe-2025-9"
    again = editor.post(address, data={**fields, "do": "draft"})
    assert (again.status_code, again.headers["Location"]) == (303, address)
    assert editor.post(address, data={**fields, "do": "keep"}).status_code == 404, "nothing is kept any more"
    other = app.test_client()
    signed_in(other, Role.EDITOR)
    assert other.get(address).status_code == 404


def test_a_saved_import_whose_draft_was_put_away_says_so(editor: FlaskClient, session: Session):
    address = brought(editor, "办法.txt", NOTICE.encode())
    decide(editor, address, "draft")
    discard_draft(session, "zhanhe-2025-9", actor=EDITOR)
    page = shown(editor, address)
    assert "后来丢弃了" in page.text
    assert page.select_one("main a.button") is None


def test_an_address_that_is_used_again_means_the_new_import(editor: FlaskClient, session: Session, name: str):
    saved = SavedImport(number=1, owner=name, instrument="zhanhe", title="以前的")
    session.add(saved)
    session.commit()
    address = brought(editor, "办法.txt", NOTICE.encode())
    assert address == f"{IMPORT}/1"
    assert form_of(editor, address)["title"] == "湛河区柔性执法实施办法"
    send(editor, f"{address}/discard", IMPORT)
    assert editor.get(address).status_code == 404


def test_what_is_known_of_a_saved_import_is_swept_as_those_that_wait(editor: FlaskClient, session: Session):
    address = brought(editor, "办法.txt", NOTICE.encode())
    decide(editor, address, "draft")
    shown(editor, IMPORT)
    assert editor.get(address).status_code == 200
    old = now() - timedelta(days=limits().pending_days, hours=1)
    session.execute(update(SavedImport).values(saved_at=old))
    session.commit()
    shown(editor, IMPORT)
    assert editor.get(address).status_code == 404
    assert journal_of(session, "setup")[-1] == "import.swept"


def test_an_import_is_discarded_for_good(editor: FlaskClient, session: Session, name: str):
    address = brought(editor, "办法.txt", NOTICE.encode())
    assert send(editor, f"{address}/discard", IMPORT).status_code == 303
    assert pending(session) == []
    assert editor.get(address).status_code == 404
    assert journal_of(session, name) == ["import.received", "import.discarded"]


def test_what_nobody_touches_is_swept_after_the_days_of_the_policy(editor: FlaskClient, session: Session):
    for title in ("甲", "乙"):
        brought(editor, f"{title}.txt", NOTICE.encode())
    old = now() - timedelta(days=limits().pending_days, hours=1)
    session.execute(update(PendingImport).where(PendingImport.name == "甲.txt").values(touched_at=old))
    session.commit()
    shown(editor, IMPORT)
    assert [one.name for one in pending(session)] == ["乙.txt"]
    assert journal_of(session, "setup")[-1] == "import.swept"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PUBLISHER, Role.OFFICER])
def test_only_editors_bring_in(client: FlaskClient, role: Role):
    signed_in(client, role)
    token = page_of(client.get("/staff")).select_one("[name=csrf_token]")["value"]
    for address in (IMPORT, f"{IMPORT}/1", f"{IMPORT}/1/discard"):
        assert client.post(address, data={"csrf_token": token}).status_code == 403
    assert client.get(IMPORT).status_code == 403
    assert "导入文件" not in client.get("/staff/knowledge").text


def test_a_form_without_its_token_brings_nothing_in(editor: FlaskClient, session: Session):
    refused = editor.post(IMPORT, data={"text": NOTICE})
    assert refused.status_code == 400
    assert pending(session) == []


def test_more_than_one_form_may_bring_is_refused_with_how_much_it_may(
    editor: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
):
    from portal.library.desk.intake import reception

    monkeypatch.setattr(reception, "MIB", 100)
    refused = upload(editor, ("大.txt", NOTICE.encode() * 100))
    assert refused.status_code == 413
    assert f"合计 {limits().request_mib} MB" in refused.text
    assert pending(session) == []


def test_the_limits_are_sane():
    told = limits()
    assert told.file_mib * 4 <= told.request_mib
    assert 1 <= told.pending_days <= 366
    assert told.folder_entries >= 10 * told.files
    assert told.files >= 90, "all lists of one province come in at once"
