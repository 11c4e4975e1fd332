"""The desk's pages: each role sees and does what is its own, one click at a time; nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Role
from portal.database import Database
from portal.library.desk import annotating as desk
from portal.library.desk.drafts import draft_of, needed_draft, open_draft
from portal.library.desk.part import PlainWords
from portal.library.desk.release import publish_approved
from portal.library.desk.review import approve, submit
from portal.library.desk.topic_changes import change_of, edit_topic
from portal.library.record import current_release
from portal.library.shelving import Shelving

from .desk import EDITOR, PUBLISHER, REVIEWER, SECOND, approved_draft, bring_in, does, part
from .small import TOPICS
from .staff import send, signed_in

KNOWLEDGE = "/staff/knowledge"
DOCUMENT = f"{KNOWLEDGE}/documents/shanqian"
PART = f"{DOCUMENT}/part?section=二/（三）"
ACTS = {
    Role.EDITOR: [
        f"{DOCUMENT}/open",
        f"{DOCUMENT}/discard",
        f"{DOCUMENT}/renew",
        f"{DOCUMENT}/above",
        f"{DOCUMENT}/part",
        f"{DOCUMENT}/topic",
        f"{DOCUMENT}/askings",
        f"{DOCUMENT}/plain",
        f"{DOCUMENT}/submit",
        f"{DOCUMENT}/take-back",
        f"{KNOWLEDGE}/topics/new",
        f"{KNOWLEDGE}/topics/withdrawal",
        f"{KNOWLEDGE}/topics/withdrawal/retire",
        f"{KNOWLEDGE}/topics/withdrawal/discard",
        f"{KNOWLEDGE}/topics/withdrawal/renew",
        f"{KNOWLEDGE}/topics/withdrawal/submit",
        f"{KNOWLEDGE}/topics/withdrawal/take-back",
    ],
    Role.REVIEWER: [
        f"{DOCUMENT}/approve",
        f"{DOCUMENT}/return",
        f"{KNOWLEDGE}/topics/withdrawal/approve",
        f"{KNOWLEDGE}/topics/withdrawal/return",
    ],
    Role.PUBLISHER: [f"{KNOWLEDGE}/releases/publish", f"{KNOWLEDGE}/releases/1/rollback"],
}


@pytest.fixture
def draft(session: Session) -> Session:
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    return session


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


@pytest.fixture
def publisher(app: Flask) -> FlaskClient:
    client = app.test_client()
    signed_in(client, Role.PUBLISHER)
    return client


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text[:500]
    return page_of(response)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.PUBLISHER, Role.OFFICER])
def test_nobody_acts_outside_the_own_role(client: FlaskClient, draft: Session, role: Role):
    signed_in(client, role)
    token = page_of(client.get("/staff")).select_one("[name=csrf_token]")["value"]
    form = {"csrf_token": token, "reason": "x", "remarks": "x", "subject": "x"}
    refused = {
        address: client.post(address, data=form).status_code
        for owner, addresses in ACTS.items()
        for address in addresses
        if owner is not role
    }
    assert set(refused.values()) == {403}
    assert part(draft, "二/（三）").proposed == ("withdrawal",)
    assert current_release(draft).number == 1


@pytest.mark.parametrize("address", ["", "/documents/zhanhe", "/topics", "/releases"])
def test_an_officer_has_no_way_into_the_desk_and_a_stranger_is_sent_to_sign_in(
    client: FlaskClient, address: str
):
    stranger = client.get(KNOWLEDGE + address, headers={"Accept": "text/html"})
    assert stranger.status_code == 303
    signed_in(client, Role.OFFICER)
    assert client.get(KNOWLEDGE + address).status_code == 403


def test_the_list_tells_each_what_waits(client: FlaskClient, app: Flask, draft: Session):
    signed_in(client, Role.EDITOR)
    editor = shown(client, KNOWLEDGE)
    assert "湛河区" not in editor.select_one(".waits").text
    assert editor.select_one(f".waits a[href='{DOCUMENT}']")
    assert editor.select_one(f".documents a[href='{DOCUMENT}']")
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    other = app.test_client()
    signed_in(other, Role.REVIEWER)
    assert shown(other, KNOWLEDGE).select_one(f".waits a[href='{DOCUMENT}/difference']")
    assert not shown(client, KNOWLEDGE).select_one(".waits a")


def test_the_list_is_searched(editor: FlaskClient):
    found = shown(editor, f"{KNOWLEDGE}?q=舟山")
    assert [row.select_one("small").text for row in found.select(".documents tbody tr")] == ["zhoushan"]


def test_an_import_waits_in_the_list_and_is_opened_by_one_click(editor: FlaskClient, session: Session):
    bring_in(session)
    assert "导入待办" in shown(editor, KNOWLEDGE).select_one(".documents").text
    assert shown(editor, DOCUMENT).select_one(".desk-part.open")
    assert not shown(editor, DOCUMENT).select_one("button[name=do]")
    assert send(editor, f"{DOCUMENT}/open", DOCUMENT).status_code == 303
    assert shown(editor, DOCUMENT).select_one("button[name=do]")


def test_a_proposal_is_decided_by_one_click_and_the_place_is_kept(editor: FlaskClient, draft: Session):
    before = shown(editor, DOCUMENT)
    assert "共 2 处，已确认 0 处" in before.select_one("#tally").text
    button = before.select_one("button[value='confirm-topic:withdrawal']")
    section = button.find_parent("form").select_one("[name=section]")["value"]
    done = send(editor, f"{DOCUMENT}/part", DOCUMENT, section=section, do=button["value"])
    assert (done.status_code, done.headers["Location"].partition("#")[2]) == (
        303,
        "s-%E4%BA%8C-%EF%BC%88%E4%B8%89%EF%BC%89",
    )
    assert part(draft, section).topics == ("withdrawal",)
    send(editor, f"{DOCUMENT}/part", DOCUMENT, section=section, do="confirm-all:")
    assert "已确认 1 处" in shown(editor, DOCUMENT).select_one("#tally").text


def test_only_what_waits_is_shown_when_asked_for(editor: FlaskClient, draft: Session):
    assert len(shown(editor, DOCUMENT).select(".desk-part")) == 3
    assert len(shown(editor, f"{DOCUMENT}?show=open").select(".desk-part")) == 2
    done = send(editor, f"{DOCUMENT}/part", DOCUMENT, section="二/（三）", do="confirm-all:", show="open")
    assert "show=open" in done.headers["Location"]
    assert len(shown(editor, f"{DOCUMENT}?show=open").select(".desk-part")) == 1


def test_what_another_has_decided_is_told_with_what_stands_now(editor: FlaskClient, draft: Session):
    shown(editor, DOCUMENT)
    does(draft, desk.reject_topic("withdrawal"), actor=SECOND)
    late = send(editor, f"{DOCUMENT}/part", DOCUMENT, section="二/（三）", do="confirm-topic:withdrawal")
    assert late.status_code == 409
    assert "已经处理过" in page_of(late).select_one("#trouble").text
    assert page_of(late).select_one(".desk-part")


def test_a_topic_is_added_by_name_and_an_unknown_one_stays_in_the_box(editor: FlaskClient, draft: Session):
    wrong = send(editor, f"{DOCUMENT}/topic", PART, section="二/（四）", topic="没有这个")
    assert wrong.status_code == 422
    box = page_of(wrong).select_one("#topic")
    assert (box["value"], box["aria-invalid"]) == ("没有这个", "true")
    assert send(editor, f"{DOCUMENT}/topic", PART, section="二/（四）", topic="撤回").status_code == 303
    assert part(draft, "二/（四）").topics == ("withdrawal",)


def test_ways_of_asking_are_written_one_a_line(editor: FlaskClient, draft: Session):
    done = send(
        editor, f"{DOCUMENT}/askings", PART, section="二/（三）", askings="后悔了怎么办\n\n 能反悔吗 "
    )
    assert done.status_code == 303
    assert part(draft, "二/（三）").asked_as == ("后悔了怎么办", "能反悔吗")
    long = send(editor, f"{DOCUMENT}/askings", PART, section="二/（三）", askings="长" * 201)
    assert long.status_code == 422
    assert page_of(long).select_one("#askings").text.strip() == "长" * 201


def test_plain_words_typed_against_a_change_are_kept_and_saved_on_the_second_try(
    editor: FlaskClient, draft: Session
):
    does(draft, desk.write_plain(PlainWords("别人写的。"), PlainWords()), actor=SECOND)
    typed = {
        "section": "二/（三）",
        "plain": "我写的。",
        "plain_en": "",
        "seen_plain": "",
        "seen_plain_en": "",
    }
    late = send(editor, f"{DOCUMENT}/plain", PART, **typed)
    page = page_of(late)
    assert late.status_code == 409
    assert "别人写的。" in page.select_one("#trouble").text
    assert page.select_one("#plain").text.strip() == "我写的。"
    again = {**typed, "seen_plain": page.select_one("[name=seen_plain]")["value"]}
    assert send(editor, f"{DOCUMENT}/plain", PART, **again).status_code == 303
    assert part(draft, "二/（三）").plain == "我写的。"


@pytest.mark.parametrize("bad", ["", "nonsense", "drop-table:x", "confirm-topic"])
def test_an_act_that_is_none_does_nothing(editor: FlaskClient, draft: Session, bad: str):
    response = send(editor, f"{DOCUMENT}/part", DOCUMENT, section="二/（三）", do=bad)
    assert response.status_code in (404, 409)
    assert part(draft, "二/（三）").topics == ()


@pytest.mark.parametrize(
    "address",
    [
        "/documents/nothing",
        "/documents/zhanhe/part?section=九",
        "/documents/zhanhe/difference",
        "/topics/none",
    ],
)
def test_what_is_not_there_is_not_found(editor: FlaskClient, address: str):
    assert editor.get(KNOWLEDGE + address).status_code == 404


def test_the_reviewer_sees_what_changes_and_returns_it_with_remarks(client: FlaskClient, draft: Session):
    does(draft, desk.confirm_all())
    does(draft, desk.write_plain(PlainWords("可以撤回。"), PlainWords()))
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    signed_in(client, Role.REVIEWER)
    page = shown(client, f"{DOCUMENT}/difference")
    change = page.select_one(".change[aria-label='二、（三）']")
    assert "可以撤回。" in change.select("ins")[-1].text
    assert "新添话题" in change.text
    empty = send(client, f"{DOCUMENT}/return", f"{DOCUMENT}/difference", remarks=" ")
    assert (empty.status_code, bool(page_of(empty).select_one("#remarks-wrong"))) == (422, True)
    assert send(client, f"{DOCUMENT}/return", f"{DOCUMENT}/difference", remarks="再核对。").status_code == 303
    draft.expire_all()
    assert needed_draft(draft, "shanqian").remarks == "再核对。"


def test_one_person_with_every_role_is_still_held_to_one_part(client: FlaskClient, draft: Session):
    me = signed_in(client, Role.EDITOR, Role.REVIEWER, Role.PUBLISHER)
    does(draft, desk.confirm_all(), actor=me.name)
    send(client, f"{DOCUMENT}/submit", DOCUMENT)
    page = shown(client, f"{DOCUMENT}/difference")
    assert not page.select_one("form[action$='/approve']")
    refused = send(client, f"{DOCUMENT}/approve", f"{DOCUMENT}/difference")
    assert refused.status_code == 403
    approve(draft, _in_review(draft), actor=REVIEWER)
    refused = send(client, f"{KNOWLEDGE}/releases/publish", f"{KNOWLEDGE}/releases", subject="shanqian")
    assert refused.status_code == 403
    assert me.name in page_of(refused).select_one("#trouble").text


def _in_review(session: Session):
    session.expire_all()
    draft = draft_of(session, "shanqian")
    assert draft is not None
    return draft


def test_the_publisher_publishes_and_rolls_back_with_a_reason(
    publisher: FlaskClient, draft: Session, shelving: Shelving
):
    approved_draft(draft)
    page = shown(publisher, f"{KNOWLEDGE}/releases")
    assert page.select_one(".candidates [value=shanqian]")
    done = send(
        publisher,
        f"{KNOWLEDGE}/releases/publish",
        f"{KNOWLEDGE}/releases",
        subject="shanqian",
        note="宁波新规",
    )
    assert done.status_code == 303
    assert (current_release(draft).number, current_release(draft).reason) == (2, "宁波新规")
    assert publisher.get("/library/shanqian").status_code == 200
    without = send(publisher, f"{KNOWLEDGE}/releases/1/rollback", f"{KNOWLEDGE}/releases", reason="")
    assert without.status_code == 422
    assert page_of(without).select_one("#reason-wrong")
    back = send(publisher, f"{KNOWLEDGE}/releases/1/rollback", f"{KNOWLEDGE}/releases", reason="话题有误")
    assert back.status_code == 303
    assert publisher.get("/library/shanqian").status_code == 404
    assert "话题有误" in shown(publisher, f"{KNOWLEDGE}/releases").select_one(".releases").text


def test_nothing_ticked_is_no_publication(publisher: FlaskClient, draft: Session):
    approved_draft(draft)
    refused = send(publisher, f"{KNOWLEDGE}/releases/publish", f"{KNOWLEDGE}/releases")
    assert refused.status_code == 409
    assert "没有选中" in page_of(refused).select_one("#trouble").text


def test_a_rollback_to_a_release_that_never_was_is_told(publisher: FlaskClient):
    refused = send(publisher, f"{KNOWLEDGE}/releases/99/rollback", f"{KNOWLEDGE}/releases", reason="x")
    assert refused.status_code == 409


def test_a_topic_is_made_edited_and_sent_for_review(editor: FlaskClient, session: Session):
    fields = {"name": "逾期", "explanation": "过了期限。", "asked_as": "晚了怎么办\n超期了", "id": "lateness"}
    assert send(editor, f"{KNOWLEDGE}/topics/new", **fields).status_code == 303
    address = f"{KNOWLEDGE}/topics/lateness"
    seen = shown(editor, address).select_one("[name=seen]")["value"]
    assert send(editor, address, **{**fields, "name": "逾期办理", "seen": seen}).status_code == 303
    assert send(editor, f"{address}/submit", address).status_code == 303
    change = change_of(session, "lateness")
    assert (change.state, change.content["name"]) == ("in_review", "逾期办理")
    assert not shown(editor, address).select_one("#name")


def test_a_topic_that_is_refused_keeps_everything_typed(editor: FlaskClient, session: Session):
    typed = {"name": "撤回", "explanation": "", "asked_as": "甲\n乙", "name_en": "Again"}
    refused = send(editor, f"{KNOWLEDGE}/topics/new", **typed)
    page = page_of(refused)
    assert refused.status_code == 422
    assert page.select_one("#name-wrong")
    assert page.select_one("#explanation-wrong")
    assert (page.select_one("#name")["value"], page.select_one("#asked_as").text.split()) == (
        "撤回",
        ["甲", "乙"],
    )


def test_two_editors_at_one_field_of_a_topic_are_told_and_lose_nothing(editor: FlaskClient, session: Session):
    address = f"{KNOWLEDGE}/topics/withdrawal"
    topic = TOPICS["withdrawal"]
    seen = shown(editor, address).select_one("[name=seen]")["value"]
    edit_topic(session, replace(topic, explanation="别人的解释。"), topic, actor=SECOND)
    typed = {"name": "撤回", "explanation": "我的解释。", "asked_as": "申请能撤吗\n反悔", "seen": seen}
    late = send(editor, address, **typed)
    page = page_of(late)
    assert late.status_code == 409
    assert "解释" in page.select_one("#trouble").text
    assert page.select_one("#explanation").text.strip() == "我的解释。"
    assert "别人的解释。" in page.select_one(".now").text
    again = {**typed, "seen": page.select_one("[name=seen]")["value"]}
    assert send(editor, address, **again).status_code == 303
    assert change_of(session, "withdrawal").content["explanation"] == "我的解释。"


def test_a_topic_in_use_is_not_retired_and_the_clauses_are_named(editor: FlaskClient):
    address = f"{KNOWLEDGE}/topics/withdrawal"
    refused = send(editor, f"{address}/retire", address)
    assert refused.status_code == 422
    assert "zhanhe 二/3" in page_of(refused).select_one("#trouble").text


def test_confirmed_topics_are_shown_as_confirmed_to_the_public(
    app: Flask, client: FlaskClient, draft: Session, shelving: Shelving, database: Database
):
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    approve(draft, _in_review(draft), actor=REVIEWER)
    publish_approved(draft, shelving, actor=PUBLISHER)
    assert "归类待确认" in shown(client, "/library/topics/withdrawal").text
    approved_draft(draft, "shanqian", lambda: _confirms(draft))
    publish_approved(draft, shelving, actor=PUBLISHER)
    assert "归类待确认" not in shown(client, "/library/topics/withdrawal").text


def _confirms(session: Session) -> None:
    does(session, desk.confirm_all())
    does(session, desk.reject_topic("withdrawal"), "二/（四）")
