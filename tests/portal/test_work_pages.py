"""The pages of the editors' list: who sees it, looking through it, closing and opening again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bot.reply import ReplyStatus
from portal.accounts.models import Role
from portal.chat.acts import give_feedback
from portal.chat.models import WorkItem
from portal.chat.work import close_with_remark, work_item
from portal.golden.question import read_questions
from portal.library.desk.drafts import draft_of
from portal.library.holder import KnowledgeHolder

from .desk import SECOND, bring_in
from .small import ZHANHE, ScriptedAssistant, make_reply
from .staff import send, signed_in, wrong_fields
from .test_work import Public

LIST = "/staff/knowledge/questions"
GOLDEN = {
    "question": "申请以后还能撤回吗",
    "expect": "answer",
    "kind": "withdraw_or_change",
    "gold": "zhanhe 二/3",
    "must_say": "可以撤回 / 能撤回",
    "must_not_say": "",
}


@pytest.fixture
def public(session: Session, holder: KnowledgeHolder, assistant: ScriptedAssistant) -> Public:
    return Public(session, holder, assistant)


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text[:500]
    return page_of(response)


def questions(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.select(".work-columns .work-items a")]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.PUBLISHER])
def test_the_desk_may_look_and_editors_may_close(client: FlaskClient, public: Public, role: Role):
    item = public.item()
    signed_in(client, role)
    assert questions(shown(client, LIST)) == ["能撤回吗？"]
    shown(client, f"{LIST}/{item.id}")
    form = {"csrf_token": token(client), "remark": "已核对"}
    done = [client.post(f"{LIST}/{item.id}/{act}", data=form).status_code for act in ("remark", "reopen")]
    assert done == ([303, 303] if role is Role.EDITOR else [403, 403])


def token(client: FlaskClient) -> str:
    found = page_of(client.get("/staff")).select_one("[name=csrf_token]")
    assert found is not None
    return str(found["value"])


def test_an_officer_has_no_way_to_the_questions(client: FlaskClient, public: Public):
    item = public.item()
    assert client.get(LIST, headers={"Accept": "text/html"}).status_code == 303
    signed_in(client, Role.OFFICER)
    assert [client.get(a).status_code for a in (LIST, f"{LIST}/{item.id}")] == [403, 403]


def test_the_list_shows_groups_with_counts_and_each_leads_to_its_items(editor: FlaskClient, public: Public):
    public.item("一问")
    public.item("二问")
    public.item("三问", region="舟山", memory={})
    page = shown(editor, LIST)
    first = page.select_one(".work-groups a")
    assert first is not None
    assert "撤回" in first.text
    assert first.select_one("b").text == "2"
    assert questions(shown(editor, first["href"])) == ["二问", "一问"]
    other = page.select(".work-groups a")[1]
    assert "没有归类" in other.text
    assert questions(shown(editor, other["href"])) == ["三问"]


def test_one_page_shows_the_question_the_answer_its_release_and_what_the_asker_said(
    editor: FlaskClient, public: Public, session: Session
):
    first = public.asks("湛河能撤回吗")
    asked = public.asks(
        "打13812345678问，那变更呢",
        conversation=first.reply["conversation"],
        status=ReplyStatus.ANSWERED,
        answer="可以撤回[1]。",
        citations=make_reply().citations,
    )
    give_feedback(
        session, asked.answer.id, helpful=False, reason="not_my_case", comment="我问的是变更，13912345678"
    )
    item = session.scalars(select(WorkItem).where(WorkItem.kind == "unhelpful")).one()
    page = shown(editor, f"{LIST}/{item.id}")
    text = page.select_one("main").text
    assert "湛河能撤回吗" in page.select_one(".asked-before").text
    assert "138****5678" in text
    assert "13812345678" not in text
    assert "13912345678" not in text
    assert "我问的是变更" in text
    assert "第 1 次发布" in page.select_one(".side-reply").text
    assert page.select_one(".side-answer a.mark")["href"] == "#then-s1"
    assert page.select_one("#then-s1 a")["href"].startswith("/staff/knowledge/documents/zhanhe#")


def test_closing_needs_its_words_and_keeps_what_was_typed(editor: FlaskClient, public: Public):
    item = public.item()
    address = f"{LIST}/{item.id}"
    empty = send(editor, f"{address}/remark", address, remark=" ")
    assert (empty.status_code, wrong_fields(empty)) == (422, {"remark": "不能为空。"})
    long = send(editor, f"{address}/remark", address, remark="长" * 501)
    assert page_of(long).select_one("#remark").text.strip() == "长" * 501
    assert page_of(long).select_one("#trouble a")["href"] == "#remark"


def test_an_item_is_closed_by_a_remark_and_opened_again(
    editor: FlaskClient, public: Public, session: Session
):
    item, beside = public.item("一问"), public.item("二问")
    address = f"{LIST}/{item.id}"
    assert send(editor, f"{address}/remark", address, remark="不用改", also=beside.id).status_code == 303
    session.expire_all()
    assert (item.open, beside.open) == (False, False)
    page = shown(editor, address)
    assert "不用改" in page.select_one(".progress-box").text
    assert questions(shown(editor, LIST)) == []
    assert questions(shown(editor, f"{LIST}?state=closed")) == ["二问", "一问"]
    assert send(editor, f"{address}/reopen", address).status_code == 303
    assert questions(shown(editor, LIST)) == ["一问"]


def test_closing_by_a_draft_opens_the_draft_of_the_document(
    editor: FlaskClient, public: Public, session: Session
):
    item = public.item(status=ReplyStatus.ANSWERED, confidence=0.1, citations=make_reply().citations)
    address = f"{LIST}/{item.id}"
    offered = shown(editor, address).select("#instrument optgroup")
    assert [option["value"] for option in offered[0].select("option")] == ["zhanhe"]
    assert send(editor, f"{address}/draft", address, instrument="zhanhe").status_code == 303
    session.expire_all()
    assert (item.closing, item.instrument) == ("draft", "zhanhe")
    assert draft_of(session, "zhanhe") is not None
    assert shown(editor, address).select_one(".progress-box a")["href"] == "/staff/knowledge/documents/zhanhe"


def test_a_document_that_is_none_is_told_at_the_field(editor: FlaskClient, public: Public):
    item = public.item()
    address = f"{LIST}/{item.id}"
    for named in ("", "nothing-here"):
        wrong = send(editor, f"{address}/draft", address, instrument=named)
        assert (wrong.status_code, list(wrong_fields(wrong))) == (422, ["instrument"])
    assert work_state(item) == (True, "")


def work_state(item: WorkItem) -> tuple[bool, str]:
    return item.open, item.closing


def test_closing_by_a_golden_question_keeps_it_in_the_form_of_a_question_file(
    editor: FlaskClient, public: Public, session: Session, tmp_path: Path
):
    first = public.asks("湛河")
    item = public.item("能撤吗", conversation=first.reply["conversation"])
    address = f"{LIST}/{item.id}"
    assert send(editor, f"{address}/golden", address, **GOLDEN).status_code == 303
    session.expire_all()
    assert item.golden is not None
    file = tmp_path / "golden.jsonl"
    file.write_text(json.dumps(item.golden, ensure_ascii=False), encoding="utf-8")
    [question] = read_questions(file)
    assert (question.question, question.region, question.expect) == (GOLDEN["question"], ZHANHE, "answer")
    assert question.gold == (("zhanhe", "二/3"),)
    assert question.must_say == (("可以撤回", "能撤回"),)
    assert question.history == ("湛河",)
    page = shown(editor, address)
    assert GOLDEN["question"] in page.select_one(".golden-facts").text
    kept = page.select_one(f"a[href='/staff/knowledge/golden/questions/w{item.id}']")
    assert "来自公众提问" in shown(editor, kept["href"]).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": " "}, "question"),
        ({"question": "长" * 1001}, "question"),
        ({"expect": "perhaps"}, "expect"),
        ({"kind": ""}, "kind"),
        ({"gold": ""}, "gold"),
        ({"gold": "zhanhe 九/9"}, "gold"),
        ({"gold": "nothing 二/3"}, "gold"),
        ({"gold": "zhanhe 二/3\n" * 11}, "gold"),
    ],
)
def test_a_golden_question_that_cannot_be_is_told_at_its_field(
    editor: FlaskClient, public: Public, change: dict, field: str
):
    item = public.item()
    address = f"{LIST}/{item.id}"
    wrong = send(editor, f"{address}/golden", address, **{**GOLDEN, **change})
    assert (wrong.status_code, list(wrong_fields(wrong))) == (422, [field])
    assert page_of(wrong).select_one("#must_say").text.strip() == GOLDEN["must_say"]


def test_a_clause_of_a_draft_may_be_asked_for_and_names_of_people_are_masked(
    editor: FlaskClient, public: Public, session: Session
):
    bring_in(session)
    item = public.item()
    address = f"{LIST}/{item.id}"
    typed = {**GOLDEN, "gold": "shanqian 二/（四）", "question": "打13812345678能撤回吗"}
    assert send(editor, f"{address}/golden", address, **typed).status_code == 303
    session.expire_all()
    assert item.golden is not None
    assert item.golden["question"] == "打138****5678能撤回吗"


def test_what_another_has_just_closed_is_told_and_what_was_typed_is_kept(
    editor: FlaskClient, public: Public, session: Session
):
    item = public.item()
    address = f"{LIST}/{item.id}"
    shown(editor, address)
    close_with_remark(session, [work_item(session, item.id)], "我先办了", actor=SECOND)
    late = editor.post(f"{address}/remark", data={"csrf_token": token(editor), "remark": "我也写了"})
    assert late.status_code == 409
    told = page_of(late)
    assert "另一位编辑" in told.select_one("#trouble").text
    assert "我先办了" in told.select_one(".progress-box").text
    assert "我也写了" in told.select_one(".progress-box").text


def test_a_number_that_is_none_is_not_found(editor: FlaskClient, app: Flask):
    assert editor.get(f"{LIST}/99").status_code == 404
    assert editor.post(f"{LIST}/99/remark", data={"csrf_token": token(editor)}).status_code == 404
