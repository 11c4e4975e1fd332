"""The pages of golden questions and of checks: each role does what is its own, and nothing typed is lost."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Role
from portal.golden.keeping import edit, enabled_questions, find, given_out
from portal.golden.models import ReleaseCheck
from portal.library.record import current_release
from portal.policy import policy

from .desk import SECOND
from .golden import keep, lines, make_question, raw, rewritten
from .staff import send, signed_in, wrong_fields
from .test_golden_gate import REWORDED, WORSE

GOLDEN = "/staff/knowledge/golden"
RELEASES = "/staff/knowledge/releases"
OURS = Path(__file__).parents[1] / "questions" / "golden.jsonl"


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


def someone(app: Flask, *roles: Role) -> tuple[FlaskClient, str]:
    client = app.test_client()
    return client, signed_in(client, *roles).name


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response.text[:500]
    return page_of(response)


def sends_file(client: FlaskClient, content: bytes, **more: str) -> TestResponse:
    return send(client, f"{GOLDEN}/import", GOLDEN, file=(io.BytesIO(content), "golden.jsonl"), **more)


def latest(session: Session) -> ReleaseCheck:
    session.expire_all()
    check = session.scalar(select(ReleaseCheck).order_by(ReleaseCheck.id.desc()).limit(1))
    assert check is not None
    return check


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PUBLISHER, Role.OFFICER, Role.SUPERVISOR])
def test_only_editors_keep_golden_questions(client: FlaskClient, session: Session, role: Role):
    keep(session, make_question("a"))
    signed_in(client, role)
    token = page_of(client.get("/staff")).select_one("[name=csrf_token]")["value"]
    acts = ("new", "import", "questions/a", "questions/a/state")
    statuses = {client.post(f"{GOLDEN}/{act}", data={"csrf_token": token}).status_code for act in acts}
    assert statuses == {403}
    assert find(session, "a").version == 1


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.OFFICER])
def test_only_publishers_check_and_let_through(client: FlaskClient, worse: Session, role: Role):
    signed_in(client, role)
    token = page_of(client.get("/staff")).select_one("[name=csrf_token]")["value"]
    form = {"csrf_token": token, "subject": "zhanhe", "reason": "x"}
    for address in (f"{RELEASES}/check", f"{RELEASES}/publish", "/staff/knowledge/checks/1/override"):
        assert client.post(address, data=form).status_code == 403
    assert worse.scalar(select(ReleaseCheck)) is None


@pytest.mark.parametrize("address", ["", "/export", "/questions/a", "/new"])
def test_an_officer_sees_none_and_a_stranger_is_sent_to_sign_in(client: FlaskClient, address: str):
    assert client.get(GOLDEN + address, headers={"Accept": "text/html"}).status_code == 303
    signed_in(client, Role.OFFICER)
    assert client.get(GOLDEN + address).status_code == 403


def test_the_publisher_reads_and_is_offered_no_change(app: Flask, session: Session):
    keep(session, make_question("a"))
    publisher, _ = someone(app, Role.PUBLISHER)
    listed = shown(publisher, GOLDEN)
    assert listed.select_one(f".golden-list a[href='{GOLDEN}/questions/a']")
    assert not listed.select_one("form[action$='/import']")
    one = shown(publisher, f"{GOLDEN}/questions/a")
    assert one.select_one("#question").has_attr("readonly")
    assert not one.select_one("form[action$='/state']")
    assert one.select_one("form[action$='/run']")


def test_our_own_file_goes_in_through_the_page_and_out_again(editor: FlaskClient, session: Session):
    content = OURS.read_bytes()
    done = sends_file(editor, content)
    assert (done.status_code, "added=320" in done.headers["Location"]) == (303, True)
    assert "新增 320 个" in shown(editor, done.headers["Location"]).select_one(".banner").text
    out = editor.get(f"{GOLDEN}/export")
    assert out.headers["Content-Disposition"] == "attachment; filename=golden.jsonl"
    assert sorted(out.data.splitlines()) == sorted(content.splitlines())
    again = sends_file(editor, out.data)
    assert "same=320" in again.headers["Location"]
    assert editor.get(f"{GOLDEN}/export").data == out.data


def test_lines_are_pasted_in_and_kept_where_one_is_wrong(editor: FlaskClient, session: Session):
    good = lines(make_question("a"))
    bad = send(editor, f"{GOLDEN}/import", GOLDEN, lines=good + raw(id="b", region="火星"))
    assert (bad.status_code, "第 2 行" in wrong_fields(bad)["file"]) == (422, True)
    assert "火星" in page_of(bad).select_one("#lines").text
    assert page_of(bad).select_one("#trouble a[href='#file']")
    assert enabled_questions(session) == ()
    assert send(editor, f"{GOLDEN}/import", GOLDEN, lines=good).status_code == 303
    assert given_out(session) == good


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{", "撤回".encode("gbk"), b"PK\x03\x04"])
def test_a_file_that_is_none_is_told_in_one_sentence(editor: FlaskClient, session: Session, content: bytes):
    refused = sends_file(editor, content)
    assert refused.status_code == 422
    assert wrong_fields(refused)["file"].endswith("。")
    assert enabled_questions(session) == ()


def test_a_huge_file_is_too_large_and_a_stranger_may_send_none_at_all(
    app: Flask, editor: FlaskClient, session: Session
):
    assert sends_file(editor, b" " * (5 * 1024 * 1024)).status_code == 413
    stranger = app.test_client()
    response = stranger.post(f"{GOLDEN}/import", data={"file": (io.BytesIO(b" " * 200_000), "golden.jsonl")})
    assert response.status_code in (400, 413)


def test_a_question_is_added_and_what_is_wrong_stands_at_the_field(editor: FlaskClient, session: Session):
    typed = {
        "question": "能撤回吗",
        "region": "火星",
        "lang": "zh",
        "expect": "answer",
        "gold": "湛河",
        "must_say": "撤回 | 收回",
    }
    refused = send(editor, f"{GOLDEN}/new", **typed)
    assert (refused.status_code, set(wrong_fields(refused))) == (422, {"region", "gold"})
    page = page_of(refused)
    assert (page.select_one("#region")["value"], page.select_one("#must_say").text.strip()) == (
        "火星",
        "撤回 | 收回",
    )
    done = send(editor, f"{GOLDEN}/new", **{**typed, "region": "湛河区", "gold": "zhanhe 二/3"})
    assert done.headers["Location"] == f"{GOLDEN}/questions/g0001"
    (kept,) = enabled_questions(session)
    assert (kept.gold, kept.must_say) == ((("zhanhe", "二/3"),), (("撤回", "收回"),))
    assert "页面填写" in shown(editor, done.headers["Location"]).text


def test_two_editors_at_one_question_are_told_and_lose_nothing(editor: FlaskClient, session: Session):
    keep(session, make_question("a", note="甲"))
    address = f"{GOLDEN}/questions/a"
    form = {
        field["name"]: field.get("value") or field.text.strip()
        for field in shown(editor, address).select(".stack [name]")
        if field["name"] not in ("csrf_token", "lang", "expect")
    }
    form |= {"lang": "zh", "expect": "answer", "note": "我的"}
    edit(session, find(session, "a"), make_question("a", note="别人的"), seen=1, actor=SECOND)
    late = send(editor, address, **form)
    page = page_of(late)
    assert late.status_code == 409
    assert page.select_one("#note")["value"] == "我的"
    assert "别人的" in page.select_one(".now").text
    form["version"] = page.select_one("[name=version]")["value"]
    assert send(editor, address, **form).status_code == 303
    session.expire_all()
    assert find(session, "a").value == make_question("a", note="我的")


def test_a_question_is_run_retired_and_restored(editor: FlaskClient, session: Session):
    keep(session, make_question("a", must_say=(("宇宙",),)))
    address = f"{GOLDEN}/questions/a"
    said = page_of(send(editor, f"{address}/run", address)).select_one(".said")
    assert "未通过" in said.text
    assert "宇宙" in said.select_one(".why").text
    assert "二、3" in said.text
    assert send(editor, f"{address}/state", address, enabled="").status_code == 303
    assert enabled_questions(session) == ()
    assert "已停用" in shown(editor, address).select_one("h1").text
    assert shown(editor, f"{GOLDEN}?state=retired").select_one(".golden-list a")
    assert not shown(editor, GOLDEN).select_one(".golden-list a")
    send(editor, f"{address}/state", address, enabled="yes")
    session.expire_all()
    assert len(enabled_questions(session)) == 1


def test_the_list_is_filtered_and_turned_over(editor: FlaskClient, session: Session):
    size = policy().golden_page
    keep(session, *(make_question(f"q{n:03}") for n in range(size + 1)), make_question("z", region="舟山"))
    first = shown(editor, f"{GOLDEN}?region=湛河区")
    assert len(first.select(".golden-list li")) == size
    onwards = first.select_one("a[rel=next]")["href"]
    assert [li.select_one("code").text for li in shown(editor, onwards).select(".golden-list li")] == [
        f"q{size:03}"
    ]
    assert shown(editor, f"{GOLDEN}?q=z").select_one("code").text == "z"
    assert editor.get(f"{GOLDEN}?page=99").status_code == 404
    for odd in ("page=0", "page=x", "page=", "state=x", "added=x&changed=1&same=1"):
        assert editor.get(f"{GOLDEN}?{odd}").status_code == 200


@pytest.mark.parametrize("address", ["/questions/none", "/questions/none/run"])
def test_what_is_not_there_is_not_found(editor: FlaskClient, session: Session, address: str):
    keep(session, make_question("a"))
    if address.endswith("run"):
        assert send(editor, GOLDEN + address, f"{GOLDEN}/questions/a").status_code == 404
    else:
        assert editor.get(GOLDEN + address).status_code == 404
    assert editor.get("/staff/knowledge/checks/99").status_code == 404


@pytest.fixture
def worse(session: Session) -> Session:
    keep(session, make_question("a"))
    rewritten(session, WORSE)
    return session


def test_publishing_what_falls_short_shows_the_check_instead(app: Flask, worse: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    assert "1 个核验问题" in shown(publisher, RELEASES).text
    refused = send(publisher, f"{RELEASES}/publish", RELEASES, subject="zhanhe")
    page = page_of(refused)
    assert refused.status_code == 409
    assert "没有达到标准" in page.select_one("#trouble").text
    assert [box.select_one(".badge").text for box in page.select(".side-by-side .said")] == [
        "通过",
        "未通过",
    ]
    assert "核验问题" in page.select_one(".check-links li").text
    worse.expire_all()
    assert current_release(worse).number == 1
    assert f"/staff/knowledge/checks/{latest(worse).id}" in str(shown(publisher, RELEASES))


def test_a_second_publisher_lets_it_through_and_the_first_publishes(app: Flask, worse: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    second, second_name = someone(app, Role.PUBLISHER)
    checked = send(publisher, f"{RELEASES}/check", RELEASES, subject="zhanhe")
    address = checked.headers["Location"]
    assert not shown(publisher, address).select_one("form[action$='/publish']")
    without = send(second, f"{address}/override", address, reason=" ")
    assert (without.status_code, set(wrong_fields(without))) == (422, {"reason"})
    assert send(second, f"{address}/override", address, reason="另行公布").status_code == 303
    assert not shown(second, address).select_one("form[action$='/publish']")
    refused = send(second, f"{RELEASES}/publish", RELEASES, subject="zhanhe")
    assert refused.status_code == 403
    assert second_name in page_of(refused).select_one("#trouble").text
    page = shown(publisher, address)
    assert "另行公布" in page.select_one(".remarks").text
    subjects = [field["value"] for field in page.select("form[action$='/publish'] [name=subject]")]
    assert send(publisher, f"{RELEASES}/publish", address, subject=subjects).status_code == 303
    worse.expire_all()
    assert current_release(worse).number == 2
    assert "第 2 次" in shown(publisher, address).select(".banner")[-1].text


def test_who_wrote_it_is_offered_no_way_to_let_it_through(app: Flask, session: Session):
    keep(session, make_question("a"))
    rewritten(session, WORSE)
    both, name = someone(app, Role.EDITOR, Role.PUBLISHER)
    from portal.library.desk.models import Draft

    session.scalar(select(Draft)).authors = [name]
    session.commit()
    publisher, _ = someone(app, Role.PUBLISHER)
    address = send(publisher, f"{RELEASES}/check", RELEASES, subject="zhanhe").headers["Location"]
    page = shown(both, address)
    assert not page.select_one("#reason")
    refused = send(both, f"{address}/override", f"{GOLDEN}/new", reason="我写的")
    assert refused.status_code == 403
    assert latest(session).overridden_by == ""


def test_a_check_that_is_behind_says_so_and_offers_nothing(app: Flask, worse: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    address = send(publisher, f"{RELEASES}/check", RELEASES, subject="zhanhe").headers["Location"]
    keep(worse, make_question("b"))
    page = shown(publisher, address)
    assert "不再有效" in page.select_one(".banner").text
    assert not page.select_one("#reason")
    late = send(publisher, f"{address}/override", RELEASES, reason="x")
    assert (late.status_code, "重新检查" in page_of(late).select_one("#trouble").text) == (409, True)


def test_what_meets_the_bar_is_published_from_the_check(app: Flask, session: Session):
    keep(session, make_question("a"))
    rewritten(session, REWORDED)
    publisher, _ = someone(app, Role.PUBLISHER)
    address = send(publisher, f"{RELEASES}/check", RELEASES, subject="zhanhe").headers["Location"]
    page = shown(publisher, address)
    assert "可以发布" in page.select_one("#outcome").text
    editor, _ = someone(app, Role.EDITOR)
    assert not shown(editor, address).select_one("form[action$='/publish']")
    assert send(publisher, f"{RELEASES}/publish", address, subject="zhanhe").status_code == 303


def test_without_golden_questions_the_page_says_that_there_is_no_bar(app: Flask, session: Session):
    rewritten(session, REWORDED)
    publisher, _ = someone(app, Role.PUBLISHER)
    assert "不设标准" in shown(publisher, RELEASES).text
    address = send(publisher, f"{RELEASES}/check", RELEASES, subject="zhanhe").headers["Location"]
    assert "不设标准" in shown(publisher, address).select_one("#outcome").text
    assert send(publisher, f"{RELEASES}/publish", RELEASES, subject="zhanhe").status_code == 303


def test_a_check_tells_what_waits_and_where_the_measure_moved(app: Flask, session: Session):
    keep(session, make_question("a"), make_question("d", gold=(("shanqian", "二/（三）"),)))
    edit(session, find(session, "a"), make_question("a", note="放宽"), seen=1, actor=SECOND)
    rewritten(session, REWORDED)
    publisher, _ = someone(app, Role.PUBLISHER)
    address = send(publisher, f"{RELEASES}/check", RELEASES, subject="zhanhe").headers["Location"]
    page = shown(publisher, address)
    waiting = page.select_one("[aria-labelledby=waits]")
    assert "不计入" in waiting.text
    assert waiting.select_one(f"a[href='{GOLDEN}/questions/d']")
    assert not waiting.select_one(".said")
    moved = page.select_one("[aria-labelledby=touched]")
    assert [a["href"] for a in moved.select("a")] == [f"{GOLDEN}/questions/a"]
    assert SECOND in moved.text


def test_nothing_ticked_is_nothing_to_check(app: Flask, worse: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    refused = send(publisher, f"{RELEASES}/check", RELEASES)
    assert refused.status_code == 409
    assert "没有选中" in page_of(refused).select_one("#trouble").text
