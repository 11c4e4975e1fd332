"""The rows of a list are put right in the preview, one at a time; what was typed stays, right or wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from bs4 import Tag
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.predicate import AnyOf, Corrected, HarmIs, QuantityAtMost, Term
from portal.accounts.models import Role
from portal.database import now
from portal.journal import verify
from portal.library.desk.drafts import draft_of, shown_edition
from portal.library.desk.intake.models import PendingRow
from portal.library.models import EditionState, Origin
from portal.library.publication import publish
from portal.library.record import edition_of, keep_edition
from portal.library.shelving import Shelving

from .desk import journal_of
from .imports import IMPORT, NOTICE, ROWS, brought, decide, page_of, workbook
from .staff import send, signed_in, wrong_fields


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


@pytest.fixture
def address(editor: FlaskClient) -> str:
    """The preview of a list of three items."""
    return brought(editor, "清单.xlsx", workbook())


def row_form(client: FlaskClient, address: str, row: str) -> MultiDict[str, str]:
    """The form of one row as a browser would send it."""
    page = page_of(client.get(f"{address}/row?row={row}"))
    fields: MultiDict[str, str] = MultiDict()
    for held in page.select("#item-form [name]"):
        if held.name == "button" or (held.get("type") == "checkbox" and not held.has_attr("checked")):
            continue
        fields.add(str(held["name"]), _value(held))
    return fields


def _value(held: Tag) -> str:
    if held.name == "textarea":
        return held.text
    if held.name == "select":
        chosen = held.select_one("option[selected]") or held.select_one("option")
        return str(chosen["value"]) if chosen else ""
    return str(held.get("value", ""))


def presses(client: FlaskClient, address: str, row: str, do: str, **typed: str) -> TestResponse:
    form = row_form(client, address, row)
    for name, value in typed.items():
        form[name.replace("_", "-") if name.startswith("c_") else name] = value
    return client.post(f"{address}/row", data=MultiDict([*form.items(multi=True), ("do", do)]))


def drafted(client: FlaskClient, session: Session, address: str) -> tuple[ListItem, ...]:
    """The items of the draft that the import becomes."""
    done = decide(client, address, "draft", title="湛河区城管免罚清单", region="湛河", instrument="zh-cg")
    assert done.status_code == 303, wrong_fields(done)
    return edition_of(draft_of(session, "zh-cg").edition).items


def listed(client: FlaskClient, address: str) -> list[Tag]:
    return page_of(client.get(address)).select(".import-items tbody tr")


def test_the_preview_leads_to_each_row_and_keeps_what_was_typed_on_the_way(editor: FlaskClient, address: str):
    buttons = [row.select_one("button[name=do]")["value"] for row in listed(editor, address)]
    assert buttons == ["row:1", "row:2", "row:3"]
    done = decide(editor, address, "row:2", title="另一个标题")
    assert done.headers["Location"] == f"{address}/row?row=2"
    page = page_of(editor.get(done.headers["Location"]))
    assert "乱贴广告" in page.select_one("h1").text
    assert page.select_one("#c-1-words").text == "三日内改正"
    assert page.select_one("#c-1-kind option[selected]")["value"] == "Corrected"
    assert page.select_one("#c-1-days")["value"] == "3"
    assert "三日内改正" in page.select_one(".as-read").text
    assert "另一个标题" in page.select_one(".crumbs").text


def test_words_meaning_and_outcome_of_a_row_come_in_as_corrected(
    editor: FlaskClient, session: Session, address: str
):
    typed = {"c_2_words": "占用面积不超过5平方米", "c_2_kind": "QuantityAtMost", "outcome": "不予处罚"}
    assert presses(editor, address, "2", "show", **typed).status_code == 200
    done = presses(editor, address, "2", "save", c_2_value="5", c_2_unit="平方米", c_1_days="7")
    assert (done.status_code, done.headers["Location"]) == (303, f"{address}#row-2")
    _, second, _ = listed(editor, address)
    assert "已改过" in second.text
    assert "认作：7 日内改正" in second.text
    item = drafted(editor, session, address)[1]
    assert item.outcome is ListOutcome.SHALL_BE_EXEMPT
    assert item.conditions[1].predicate == Corrected(Term.WITHIN_DAYS, 7)
    assert item.conditions[2] == Condition("占用面积不超过5平方米", QuantityAtMost(5, "平方米"))
    assert session.scalar(select(func.count()).select_from(PendingRow)) == 0


def test_conditions_are_added_and_removed_and_several_ways_joined(
    editor: FlaskClient, session: Session, address: str
):
    presses(editor, address, "1", "remove:c-0")
    presses(editor, address, "1", "add")
    presses(editor, address, "1", "show", c_1_words="占地很小或者没有危害", c_1_kind="AnyOf")
    presses(editor, address, "1", "show", c_1_0_kind="QuantityAtMost", c_1_1_kind="HarmIs")
    done = presses(editor, address, "1", "save", c_1_0_value="2", c_1_0_unit="平方米", c_1_1_at_most="none")
    assert done.status_code == 303, wrong_fields(done)
    words = [condition.text for condition in drafted(editor, session, address)[0].conditions]
    assert words == ["及时改正", "占地很小或者没有危害"]
    joined = edition_of(draft_of(session, "zh-cg").edition).items[0].conditions[1].predicate
    assert isinstance(joined, AnyOf)
    assert [type(part) for part in joined.parts] == [QuantityAtMost, HarmIs]


def test_what_was_typed_of_a_row_survives_a_reload_right_or_wrong(editor: FlaskClient, address: str):
    assert presses(editor, address, "2", "keep", c_1_days="很快", matter="").status_code == 204
    form = row_form(editor, address, "2")
    assert (form["c-1-days"], form["matter"]) == ("很快", "")
    page = editor.get(f"{address}/row?row=2")
    assert page.status_code == 200
    assert set(wrong_fields(page)) == {"matter", "c-1-days"}
    assert "还有错误" in listed(editor, address)[1].text


def test_a_new_shape_of_a_form_survives_a_reload(editor: FlaskClient, address: str):
    presses(editor, address, "3", "add", c_0_words="马上改好")
    form = row_form(editor, address, "3")
    assert (form["c-0-words"], form["c-1-words"]) == ("马上改好", "")


def test_a_row_that_will_not_do_goes_back_to_its_form_and_holds_the_draft_up(
    editor: FlaskClient, session: Session, address: str
):
    refused = presses(editor, address, "2", "save", c_1_days="很快")
    assert refused.status_code == 422
    assert page_of(refused).select_one("#c-1-days")["value"] == "很快"
    assert "数字" in wrong_fields(refused)["c-1-days"]
    stopped = decide(editor, address, "draft", title="清单", instrument="zh-cg")
    assert stopped.status_code == 422
    assert "第 2 项" in wrong_fields(stopped)["parts"]
    assert draft_of(session, "zh-cg") is None
    dropped = decide(editor, address, "draft", drop=["2"], title="清单", instrument="zh-cg")
    assert dropped.status_code == 303


def test_a_row_saved_as_it_was_read_is_not_marked_as_corrected(
    editor: FlaskClient, session: Session, address: str
):
    for number in ("1", "2"):
        assert (
            presses(editor, address, number, "next").headers["Location"].endswith(f"?row={int(number) + 1}")
        )
    assert presses(editor, address, "3", "save").status_code == 303
    assert not any("已改过" in row.text for row in listed(editor, address))
    assert session.scalar(select(func.count()).select_from(PendingRow)) == 0


def test_a_row_is_made_again_as_it_was_read(editor: FlaskClient, session: Session, address: str):
    presses(editor, address, "2", "save", matter="别的行为", c_1_days="9")
    page = f"{address}/row?row=2"
    assert send(editor, f"{address}/row", page, number="2", do="restore").status_code == 303
    form = row_form(editor, address, "2")
    assert (form["matter"], form["c-1-days"]) == ("乱贴广告", "3")
    assert page_of(editor.get(page)).select_one("[value=restore]") is None


def test_every_correction_is_told_in_the_journal_without_its_words(
    editor: FlaskClient, session: Session, address: str
):
    name = page_of(editor.get("/staff")).select_one(".person strong").text
    presses(editor, address, "2", "save", matter="别的行为")
    send(editor, f"{address}/row", f"{address}/row?row=2", number="2", do="restore")
    assert journal_of(session, name) == ["import.received", "import.row_corrected", "import.row_restored"]
    assert verify(session)


def test_what_an_editor_said_beats_what_the_published_list_makes_of_the_same_words(
    editor: FlaskClient, session: Session, address: str, shelving: Shelving
):
    items = drafted(editor, session, address)
    row = draft_of(session, "zh-cg").edition
    edition = edition_of(row)
    mended = replace(items[1].conditions[1], predicate=Corrected(Term.WITHIN_DAYS, 30))
    published = replace(
        items[1], conditions=(items[1].conditions[0], mended, *items[1].conditions[2:]), benchmark="处二百元"
    )
    edition = replace(edition, items=(items[0], published, items[2]))
    draft_of(session, "zh-cg").open_for = None
    row.state = EditionState.SUPERSEDED.value
    keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    publish(session, shelving, actor="operator")
    assert shown_edition(session, "zh-cg") is not None

    again = brought(editor, "清单.xlsx", workbook((*ROWS, (4, "新的一项", "", "及时改正", "不予处罚", ""))))
    decide(editor, again, "look", title="湛河区城管免罚清单", region="湛河", instrument="zh-cg")
    assert "认作：30 日内改正" in listed(editor, again)[1].text
    assert row_form(editor, again, "2")["benchmark"] == "处二百元"
    presses(editor, again, "2", "save", c_1_days="5", benchmark="")
    second = drafted(editor, session, again)[1]
    assert second.conditions[1].predicate == Corrected(Term.WITHIN_DAYS, 5)
    assert second.benchmark == ""


def test_two_windows_that_type_in_one_row_at_once_lose_neither_page(
    editor: FlaskClient, session: Session, address: str, monkeypatch: pytest.MonkeyPatch
):
    form = row_form(editor, address, "2")

    def other_window() -> datetime:
        monkeypatch.undo()
        with current_app.extensions["rouwen.database"].session() as other:
            other.add(PendingRow(import_id=1, number="2", typed={"matter": "另一个窗口"}))
            other.commit()
        return now()

    monkeypatch.setattr("portal.library.desk.intake.rows.now", other_window)
    form["matter"] = "这个窗口"
    kept = editor.post(f"{address}/row", data=MultiDict([*form.items(multi=True), ("do", "keep")]))
    assert kept.status_code == 204
    assert row_form(editor, address, "2")["matter"] == "这个窗口"
    assert verify(session)


def test_a_row_of_another_or_of_nothing_is_not_found(editor: FlaskClient, app: Flask, address: str):
    assert editor.get(f"{address}/row?row=99").status_code == 404
    assert editor.get(f"{address}/row").status_code == 404
    assert send(editor, f"{address}/row", f"{address}/row?row=1", number="99", do="add").status_code == 404
    notice = brought(editor, "办法.txt", NOTICE.encode())
    assert editor.get(f"{notice}/row?row=一").status_code == 404
    other = app.test_client()
    signed_in(other, Role.EDITOR)
    assert other.get(f"{address}/row?row=1").status_code == 404
    assert send(other, f"{address}/row", IMPORT, number="1", do="keep").status_code == 404


def test_a_list_of_a_hundred_rows_has_one_editor_at_a_time(editor: FlaskClient):
    rows = [(n, f"行为{n}", "", "及时改正；没有造成危害后果", "不予处罚", "") for n in range(1, 101)]
    address = brought(editor, "清单.xlsx", workbook((*ROWS[:2], *rows)))
    preview = editor.get(address)
    assert len(page_of(preview).select(".import-items tbody tr")) == 100
    assert not page_of(preview).select("[name$=-kind]")
    assert len(page_of(editor.get(f"{address}/row?row=50")).select("[name=matter]")) == 1
