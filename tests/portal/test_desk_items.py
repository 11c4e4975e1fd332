"""The pages of a list's items: everything is edited without code and without scripts, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from knowledge.exemption import Condition, ListItem, ListOutcome, Outcome
from knowledge.parse.conditions import parse_conditions
from knowledge.predicate import (
    AllOf,
    AmountAtMost,
    AnyOf,
    Corrected,
    Deed,
    DoneByDate,
    FirstOffence,
    HarmIs,
    LimitDay,
    Term,
)
from portal.accounts.models import Role
from portal.library.desk.drafts import needed_draft, open_draft
from portal.library.desk.items.acts import edit_item, item_digest
from portal.library.desk.items.case_acts import confirm_passing, confirm_untyped
from portal.library.desk.review import approve, submit
from portal.library.models import EditionState

from .desk import EDITOR, LIST, REVIEWER, SECOND, bring_in, imported_list, on_desk
from .staff import send, signed_in, wrong_fields
from .test_item_cases import place, view

DOCUMENT = f"/staff/knowledge/documents/{LIST}"
ITEMS, ITEM = f"{DOCUMENT}/items", f"{DOCUMENT}/item?number=1"


@pytest.fixture
def draft(session: Session) -> Session:
    bring_in(session, imported_list())
    open_draft(session, LIST, actor=EDITOR)
    return session


@pytest.fixture
def editor(client: FlaskClient, draft: Session) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text[:500]
    return page_of(response)


def sent_by(form: Tag) -> MultiDict[str, str]:
    """What a browser would send of a form as it stands, without any button."""
    sent: MultiDict[str, str] = MultiDict()
    for field in form.select("input[name], select[name], textarea[name]"):
        name = str(field["name"])
        if field.name == "select":
            options = field.select("option")
            chosen = field.select_one("option[selected]") or (options[0] if options else None)
            if chosen is not None:
                sent.add(name, str(chosen["value"]))
        elif field.name == "textarea":
            sent.add(name, field.get_text())
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            sent.add(name, str(field.get("value", "")))
    return sent


def form_of(page: BeautifulSoup) -> MultiDict[str, str]:
    form = page.select_one("form[data-item]")
    assert form is not None
    return sent_by(form)


def presses(client: FlaskClient, form: MultiDict[str, str], do: str, **typed: str) -> TestResponse:
    """Sends the form with what is typed over it, by one of its buttons."""
    for name, value in typed.items():
        form[name.replace("_", "-") if name.startswith("c_") else name] = value
    return client.post(f"{DOCUMENT}/item", data=MultiDict([*form.items(multi=True), ("do", do)]))


def item(session: Session, number: str = "1") -> ListItem:
    session.expire_all()
    return next(i for i in on_desk(session, LIST).items if i.number == number)


def conditions(session: Session, number: str = "1") -> tuple[Condition, ...]:
    return item(session, number).conditions


def test_the_document_leads_to_its_items_and_says_what_is_missing(editor: FlaskClient):
    page = shown(editor, DOCUMENT)
    assert page.select_one(f"a[href='{ITEMS}']")
    assert "还有 3 项的案例没有确认齐" in page.text
    rows = shown(editor, ITEMS).select(".list-items tbody tr")
    assert ["没有确认的案例" in row.text for row in rows] == [True] * 3
    assert "3 条，可对照 3 条" in rows[0].text
    assert "1 条，可对照 0 条" in rows[2].text


def test_a_document_that_is_no_list_has_no_items(editor: FlaskClient):
    assert editor.get("/staff/knowledge/documents/zhanhe/items").status_code == 404
    assert editor.get("/staff/knowledge/documents/zhanhe/item?number=1").status_code == 404
    assert editor.get("/staff/knowledge/documents/zhanhe/items/new").status_code == 404


@pytest.mark.parametrize("number", ["99", ""])
def test_an_item_that_is_not_there_is_not_found(editor: FlaskClient, number: str):
    assert editor.get(f"{DOCUMENT}/item?number={number}").status_code == 404
    assert send(editor, f"{DOCUMENT}/item", ITEM, number=number).status_code == 404
    assert editor.get(f"{DOCUMENT}/item/case?number={number}").status_code == 404


def test_a_form_sent_back_as_it_came_changes_nothing(editor: FlaskClient, draft: Session):
    before = needed_draft(draft, LIST).edition.digest
    for number in ("1", "2", "3"):
        page = shown(editor, f"{DOCUMENT}/item?number={number}")
        assert presses(editor, form_of(page), "save").status_code == 303
    draft.expire_all()
    assert needed_draft(draft, LIST).edition.digest == before


def test_the_words_of_an_item_and_a_limit_are_changed(editor: FlaskClient, draft: Session):
    form = form_of(shown(editor, ITEM))
    typed = {"matter": "占道堆物", "measures": "说服教育", "benchmark": "一般：处二百元罚款"}
    assert presses(editor, form, "save", c_1_value="3", **typed).status_code == 303
    saved = item(draft)
    assert {name: getattr(saved, name) for name in typed} == typed
    assert saved.conditions[1].predicate == replace(imported_list().items[0].conditions[1].predicate, value=3)
    assert saved.conditions[0] == imported_list().items[0].conditions[0]


def test_another_kind_shows_its_fields_before_it_is_saved(editor: FlaskClient, draft: Session):
    form = form_of(shown(editor, ITEM))
    refused = presses(editor, form, "save", c_1_kind="AmountAtMost")
    assert refused.status_code == 422
    assert wrong_fields(refused) == {"c-1-yuan": "不能为空。"}
    page = page_of(presses(editor, form_of(shown(editor, ITEM)), "show", c_1_kind="AmountAtMost"))
    assert page.select_one("#c-1-yuan")
    assert not page.select_one("#c-1-value")
    done = presses(editor, form_of(page), "save", c_1_yuan="１,０00", c_1_strict="yes")
    assert done.status_code == 303
    assert conditions(draft)[1].predicate == AmountAtMost(1000, strict=True)


def test_a_kind_that_was_chosen_and_saved_unseen_comes_back_to_be_looked_at(
    editor: FlaskClient, draft: Session
):
    refused = presses(editor, form_of(shown(editor, ITEM)), "save", c_1_kind="Corrected")
    assert refused.status_code == 422
    assert "核对下面各栏" in wrong_fields(refused)["c-1-kind"]
    again = presses(editor, form_of(page_of(refused)), "save", c_1_term="within_days", c_1_days="10")
    assert again.status_code == 303
    assert conditions(draft)[1].predicate == Corrected(Term.WITHIN_DAYS, 10)


def test_a_condition_is_added_read_from_its_words_and_another_removed(editor: FlaskClient, draft: Session):
    page = page_of(presses(editor, form_of(shown(editor, ITEM)), "remove:c-0"))
    assert [f.text for f in page.select("[name$='-words']")] == ["占用面积不超过5平方米", "及时改正"]
    page = page_of(presses(editor, form_of(page), "add"))
    words = "12个月内首次被发现"
    page = page_of(presses(editor, form_of(page), "read:c-2", c_2_words=words))
    assert page.select_one("#c-2-window_months")["value"] == "12"
    assert presses(editor, form_of(page), "save").status_code == 303
    assert conditions(draft) == parse_conditions(f"占用面积不超过5平方米；及时改正；{words}")
    assert conditions(draft)[0] == imported_list().items[0].conditions[1]


def test_a_day_an_age_and_hours_are_read_from_their_words_and_edited(editor: FlaskClient, draft: Session):
    printed = ("2025年6月30日前完成整改", "开业未满六个月", "24小时内改正")
    form = form_of(shown(editor, ITEM))
    typed = {f"c_{n}_words": words for n, words in enumerate(printed)}
    for n in range(3):
        page = page_of(presses(editor, form, f"read:c-{n}", **typed))
        form = form_of(page)
    assert page.select_one("#c-0-day[type='date']")["value"] == "2025-06-30"
    assert presses(editor, form, "save", c_0_day="2025-07-31", c_0_limit="included").status_code == 303
    saved = conditions(draft)
    assert saved[0].predicate == DoneByDate(Deed.CORRECTION, date(2025, 7, 31), LimitDay.INCLUDED)
    assert saved[1:] == parse_conditions("；".join(printed))[1:]
    refused = presses(editor, form_of(shown(editor, ITEM)), "save", c_0_day="2025-02-30")
    assert list(wrong_fields(refused)) == ["c-0-day"]
    case = shown(editor, f"{DOCUMENT}/item/case?number=1")
    assert case.select_one(".case-facts #f-corrected_on") is not None


def test_nothing_is_saved_by_a_button_that_only_changes_the_form(editor: FlaskClient, draft: Session):
    for do in ("add", "remove:c-0", "show", "read:c-1", "part:c-1", "remove:c-9", "nonsense"):
        assert presses(editor, form_of(shown(editor, ITEM)), do, matter="没有保存").status_code == 200
    assert item(draft) == imported_list().items[0]


def test_several_ways_are_joined_each_with_its_own_fields(editor: FlaskClient, draft: Session):
    """The condition that stands becomes the first part; a part may be a group itself."""
    page = page_of(presses(editor, form_of(shown(editor, ITEM)), "show", c_1_kind="AnyOf"))
    assert page.select_one("#c-1-0-value")["value"] == "5"
    page = page_of(presses(editor, form_of(page), "show", c_1_1_kind="AllOf"))
    page = page_of(
        presses(editor, form_of(page), "show", **{"c-1-1-0-kind": "HarmIs", "c-1-1-1-kind": "FirstOffence"})
    )
    page = page_of(presses(editor, form_of(page), "part:c-1"))
    refused = presses(editor, form_of(page), "save")
    assert list(wrong_fields(refused)) == ["c-1-2-kind"]
    page = page_of(presses(editor, form_of(page_of(refused)), "remove:c-1-2"))
    assert presses(editor, form_of(page), "save").status_code == 303
    limit = imported_list().items[0].conditions[1].predicate
    assert conditions(draft)[1].predicate == AnyOf((limit, AllOf((HarmIs(), FirstOffence()))))


def test_a_condition_is_left_to_the_authority(editor: FlaskClient, draft: Session):
    assert presses(editor, form_of(shown(editor, ITEM)), "save", c_1_kind="").status_code == 303
    assert conditions(draft)[1] == Condition("占用面积不超过5平方米")


def test_everything_wrong_is_said_where_it_stands_and_everything_typed_is_kept(
    editor: FlaskClient, draft: Session
):
    form = form_of(shown(editor, ITEM))
    typed = {
        "matter": "",
        "outcome": "减轻",
        "mandatory": "yes",
        "measures": "长" * 501,
        "c-0-words": "",
        "c-1-value": "五",
        "c-2-term": "within_days",
    }
    refused = presses(editor, form, "save", **typed)
    assert refused.status_code == 422
    assert set(wrong_fields(refused)) == {
        "matter",
        "mandatory",
        "measures",
        "c-0-words",
        "c-1-value",
        "c-2-days",
    }
    page = page_of(refused)
    kept = form_of(page)
    assert (kept["outcome"], kept["measures"], kept["c-1-value"]) == ("减轻", "长" * 501, "五")
    links = {str(a["href"]) for a in page.select("#trouble a")}
    assert all(page.select_one(link) for link in links)
    assert page.select_one("#c-1-value")["aria-describedby"] == "c-1-value-wrong"
    assert item(draft) == imported_list().items[0]


@pytest.mark.parametrize(
    ("kind", "typed", "wrong"),
    [
        ("AgeIs", {"at_least": "60", "below": "14"}, "c-1-below"),
        ("Lookback", {"months": "0"}, "c-1-months"),
        ("Lookback", {"months": "1.5"}, "c-1-months"),
        ("AmountAtMost", {"yuan": "-1"}, "c-1-yuan"),
        ("AmountAtMost", {"yuan": "nan"}, "c-1-yuan"),
        ("AmountAtMost", {"yuan": "1e30"}, "c-1-yuan"),
        ("QuantityAtMost", {"value": "3", "unit": ""}, "c-1-unit"),
        ("HarmIs", {"at_most": "serious"}, "c-1-at_most"),
        ("FirstOffence", {"territory": "moon"}, "c-1-territory"),
    ],
)
def test_a_limit_that_nothing_can_keep_is_refused(
    editor: FlaskClient, draft: Session, kind: str, typed: dict[str, str], wrong: str
):
    page = page_of(presses(editor, form_of(shown(editor, ITEM)), "show", c_1_kind=kind))
    refused = presses(editor, form_of(page), "save", **{f"c-1-{name}": v for name, v in typed.items()})
    assert (refused.status_code, list(wrong_fields(refused))) == (422, [wrong])
    assert item(draft) == imported_list().items[0]


def test_an_item_changed_meanwhile_is_shown_and_saved_on_the_second_try(editor: FlaskClient, draft: Session):
    form = form_of(shown(editor, ITEM))
    seen = item_digest(item(draft))
    edit_item(draft, place("1"), lambda i: replace(i, measures="行政指导"), seen, actor=SECOND)
    late = presses(editor, form, "save", matter="占道堆物")
    page = page_of(late)
    assert late.status_code == 409
    assert "配套措施：行政指导" in page.select_one(".now").text
    assert page.select_one("#matter").text == "占道堆物"
    assert presses(editor, form_of(page), "save", measures="行政指导").status_code == 303
    assert (item(draft).matter, item(draft).measures) == ("占道堆物", "行政指导")


def test_a_form_that_was_reshaped_still_knows_what_its_writer_had_seen(editor: FlaskClient, draft: Session):
    page = page_of(presses(editor, form_of(shown(editor, ITEM)), "add"))
    seen = item_digest(item(draft))
    edit_item(draft, place("1"), lambda i: replace(i, measures="行政指导"), seen, actor=SECOND)
    page = page_of(presses(editor, form_of(page), "remove:c-3"))
    assert presses(editor, form_of(page), "save", matter="占道堆物").status_code == 409


def test_an_item_is_added_and_its_number_is_its_own(editor: FlaskClient, draft: Session):
    address = f"{ITEMS}/new"
    form = form_of(shown(editor, address))
    assert (form["number"], form["field"]) == ("4", "城市管理")
    typed = {"matter": "乱贴广告", "c-0-words": "及时改正", "outcome": "不予处罚", "number": "1"}
    for name, value in typed.items():
        form[name] = value
    taken = editor.post(address, data=MultiDict([*form.items(multi=True), ("do", "save")]))
    assert (taken.status_code, list(wrong_fields(taken))) == (422, ["number"])
    form = form_of(page_of(taken))
    form["number"] = "4"
    page = page_of(editor.post(address, data=MultiDict([*form.items(multi=True), ("do", "read:c-0")])))
    done = editor.post(address, data=MultiDict([*form_of(page).items(multi=True), ("do", "save")]))
    assert done.headers["Location"].endswith("number=4")
    added = item(draft, "4")
    assert (added.matter, added.outcome, added.region) == (
        "乱贴广告",
        ListOutcome.SHALL_BE_EXEMPT,
        "浙江省/宁波市",
    )
    assert added.conditions == (Condition("及时改正", Corrected()),)


def test_an_item_is_taken_out(editor: FlaskClient, draft: Session):
    seen = shown(editor, ITEM).select_one("form[action$='/item/remove'] [name=seen]")["value"]
    done = send(editor, f"{DOCUMENT}/item/remove", ITEM, number="1", seen=seen)
    assert done.status_code == 303
    assert [i.number for i in on_desk(draft, LIST).items] == ["2", "3"]


def test_cases_stand_beside_the_item_in_plain_words(editor: FlaskClient):
    cases = shown(editor, ITEM).select(".cases .case")
    assert len(cases) == 4
    assert "可以不予处罚" in cases[0].select_one(".case-head").text
    assert "第一次；在期限内改正；2.5 平方米" in cases[0].text
    assert "不具备的条件：占用面积不超过5平方米" in cases[2].text
    assert all("通过" in case.text and "建议" in case.text for case in cases)


def test_one_click_confirms_and_another_puts_aside(editor: FlaskClient, draft: Session):
    address = f"{DOCUMENT}/item/cases"
    page = shown(editor, ITEM)
    keys = [str(b["value"]).partition(":")[2] for b in page.select("button[value^='confirm:']")]
    done = send(editor, address, ITEM, number="1", do=f"confirm:{keys[0]}")
    assert (done.status_code, done.headers["Location"].endswith("number=1#cases")) == (303, True)
    assert send(editor, address, ITEM, number="1", do=f"drop:{keys[1]}").status_code == 303
    assert (view(draft).confirmed, [c.key for c in view(draft).aside]) == (1, [keys[1]])
    gone = send(editor, address, ITEM, number="1", do=f"confirm:{'0' * 16}")
    assert gone.status_code == 409
    assert page_of(gone).select(".cases .case")
    assert send(editor, address, ITEM, number="1", do="nonsense").status_code == 404


def test_a_whole_list_is_confirmed_by_one_click_and_the_rest_by_hand(editor: FlaskClient, draft: Session):
    page = shown(editor, ITEMS)
    assert "确认全部通过的案例（7 个）" in page.text
    assert send(editor, f"{ITEMS}/confirm-passing", ITEMS).status_code == 303
    page = shown(editor, f"{ITEMS}?show=open")
    assert [row.select_one(".number").text for row in page.select(".list-items tbody tr")] == ["3"]
    third = f"{DOCUMENT}/item?number=3"
    assert "没有可以对照的条件" in shown(editor, third).text
    assert send(editor, f"{DOCUMENT}/item/cases", third, number="3", do="untyped:").status_code == 303
    assert "没有还要处理的事项了" in shown(editor, f"{ITEMS}?show=open").text
    assert "案例没有确认齐" not in shown(editor, DOCUMENT).text


def test_a_case_is_written_fact_by_fact(editor: FlaskClient, draft: Session):
    address = f"{DOCUMENT}/item/case"
    page = shown(editor, f"{address}?number=1")
    assert page.select_one("#f-first_offence").find_parent("fieldset")
    assert page.select_one("#f-age").find_parent("details")
    typed = {"f-first_offence": "yes", "f-corrected": "late", "q-0-unit": "平方米", "q-0": "4.5"}
    refused = send(editor, address, f"{address}?number=1", number="1", **{**typed, "q-0": "四"})
    assert list(wrong_fields(refused)) == ["q-0", "due"]
    assert page_of(refused).select_one("#q-0")["value"] == "四"
    done = send(
        editor,
        address,
        f"{address}?number=1",
        number="1",
        due="conditions_not_met",
        condition="及时改正",
        **typed,
    )
    assert done.status_code == 303
    own = view(draft).cases[0]
    assert (own.result.passes, own.case.due, own.case.condition) == (
        True,
        Outcome.CONDITIONS_NOT_MET,
        "及时改正",
    )
    assert [(q.value, q.unit) for q in own.case.situation.quantity] == [(4.5, "平方米")]


def test_a_case_is_corrected_on_the_form_that_holds_it(editor: FlaskClient, draft: Session):
    key = view(draft).cases[0].key
    address = f"{DOCUMENT}/item/case"
    page = shown(editor, f"{address}?number=1&case={key}")
    form = sent_by(page.select_one("form[action$='/item/case']"))
    assert (form["f-first_offence"], form["q-0"], form["due"]) == ("yes", "2.5", "may_be_exempt")
    form["q-0"] = "5"
    assert editor.post(address, data=form).status_code == 303
    assert view(draft).cases[0].case.situation.quantity[0].value == 5
    assert [c.key for c in view(draft).aside] == [key]
    assert editor.get(f"{address}?number=1&case={'0' * 16}").status_code == 404


def test_a_case_that_fails_says_what_the_item_comes_to(editor: FlaskClient, draft: Session):
    address = f"{DOCUMENT}/item/case"
    wrong = {"f-first_offence": "no", "due": "may_be_exempt"}
    send(editor, address, f"{address}?number=1", number="1", **wrong)
    page = shown(editor, ITEM)
    assert "不符：现在是“不符合本事项”" in page.select_one(".case.failing").text
    assert "有案例与现在的条件不符" in page.select_one("#cases .wrong").text


def test_the_reviewer_sees_conditions_and_cases_and_changes_nothing(app: Flask, draft: Session):
    confirm_passing(draft, LIST, actor=EDITOR)
    confirm_untyped(draft, place("3"), actor=EDITOR)
    submit(draft, needed_draft(draft, LIST), actor=EDITOR)
    reviewer = app.test_client()
    signed_in(reviewer, Role.REVIEWER)
    page = shown(reviewer, ITEM)
    assert not page.select("form[data-item], button[name=do]")
    assert "数量或者比例不超过：5 平方米" in page.select_one(".item-facts").text
    assert page.select_one(".case.confirmed")
    refused = send(reviewer, f"{DOCUMENT}/item/cases", "/staff", number="1", do="confirm:x")
    assert refused.status_code == 403
    assert "数量或者比例不超过：5 平方米" in shown(reviewer, f"{DOCUMENT}/difference").text


def test_the_reviewer_sees_a_condition_that_only_means_something_else(app: Flask, draft: Session):
    stricter = replace(item(draft).conditions[1], predicate=AmountAtMost(100))
    changed = (item(draft).conditions[0], stricter, item(draft).conditions[2])
    edit_item(
        draft, place("1"), lambda i: replace(i, conditions=changed), item_digest(item(draft)), actor=EDITOR
    )
    submit(draft, needed_draft(draft, LIST), actor=EDITOR)
    reviewer = app.test_client()
    signed_in(reviewer, Role.REVIEWER)
    page = shown(reviewer, f"{DOCUMENT}/difference")
    assert "金额不超过：100 元" in page.text
    assert page.select_one(f"article.change a[href='{ITEM}']")
    assert "还有 3 项的案例没有确认齐" in page.text


def test_the_publisher_is_told_what_hinders(app: Flask, draft: Session):
    submit(draft, needed_draft(draft, LIST), actor=EDITOR)
    approve(draft, needed_draft(draft, LIST, EditionState.IN_REVIEW), actor=REVIEWER)
    publisher = app.test_client()
    signed_in(publisher, Role.PUBLISHER)
    assert "还没有确认过的案例" in shown(publisher, "/staff/knowledge/releases").select_one(".wrong").text
    refused = send(publisher, "/staff/knowledge/releases/publish", "/staff/knowledge/releases", subject=LIST)
    assert refused.status_code == 409
    assert "第 1、2、3 项" in page_of(refused).select_one("#trouble").text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PUBLISHER, Role.OFFICER])
def test_only_an_editor_changes_items_and_cases(client: FlaskClient, draft: Session, role: Role):
    signed_in(client, role)
    acts = ("item", "items/new", "item/remove", "item/cases", "items/confirm-passing", "item/case")
    refused = {
        send(client, f"{DOCUMENT}/{act}", "/staff", number="1", do="untyped:").status_code for act in acts
    }
    assert refused == {403}
    assert item(draft) == imported_list().items[0]


def test_without_a_draft_the_items_are_read_only(client: FlaskClient):
    signed_in(client, Role.EDITOR)
    page = shown(client, "/staff/knowledge/documents/list-one/item?number=1")
    assert not page.select("form[data-item], button[name=do]")
    assert page.select(".cases .case")


def test_the_pages_speak_english_too(editor: FlaskClient, draft: Session):
    confirm_passing(draft, LIST, actor=EDITOR)
    for address in (ITEMS, ITEM, f"{ITEMS}/new"):
        response = editor.get(address, headers={"Accept-Language": "en"})
        assert response.status_code == 200
        assert "List items and cases" in response.text
        assert "案例" not in response.text


def test_unheard_of_kinds_and_endless_nesting_are_no_way_to_break_the_form(
    editor: FlaskClient, draft: Session
):
    form = form_of(shown(editor, ITEM))
    deep = {f"c-1{'-0' * n}-kind": "AnyOf" for n in range(8)}
    for page in (
        presses(editor, form, "show", **deep),
        presses(editor, form, "show", c_1_kind="Predicate"),
        presses(editor, form, "save", **{**deep, "c-0-kind": "__class__"}),
    ):
        assert page.status_code in (200, 422)
    assert item(draft) == imported_list().items[0]
