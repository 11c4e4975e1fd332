"""The pages of applying and following, walked without a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.reply import Action, ActionKind, ReplyStatus
from knowledge.exemption import ConditionFinding, Ground, Outcome, ProgrammeFinding, Verdict
from knowledge.situation import Finding
from portal.accounts.models import Agency
from portal.applications.models import AgencyTerms, Application, ChoiceNotice
from portal.journal import JournalEntry

from ..small import ZHANHE, ScriptedAssistant, make_reply
from .cases import CODE, NAME, PHONE, STORY, URL, apply, make_values

WHO = ("agency", "party_kind", "party_name", "credit_code", "phone")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.get_data(as_text=True), "lxml")


def choose(client: FlaskClient, decision: str = "accept", **more: str) -> Any:
    page = page_of(client.get("/apply", query_string={"region": "湛河区", **more}))
    form = page.select_one("#choice-notice form")
    sent = {field["name"]: field["value"] for field in form.select("input")}
    return client.post("/apply/choose", data={**sent, "decision": decision})


def send(client: FlaskClient, step: str, **values: object) -> Any:
    return client.post(f"/apply/step/{step}", data=values)


def fill(client: FlaskClient, **changes: object) -> None:
    """Every step, as far as the check."""
    values = make_values(**changes)
    send(client, "who", **{name: values[name] for name in WHO})
    send(client, "matter", matter=values["matter"])
    send(client, "correction", correction=values["correction"])
    send(client, "evidence", next="yes")
    send(client, "wishes", wishes=["coaching", "reminder"])


def receipt(client: FlaskClient) -> tuple[str, str]:
    page = page_of(client.get("/apply/receipt"))
    return page.select_one("#number").text, page.select_one("#code").text


def test_the_choice_comes_first_with_equal_answers_and_nothing_chosen(client: FlaskClient):
    page = page_of(client.get("/apply?region=湛河区"))
    buttons = page.select("#choice-notice button")
    assert [b["value"] for b in buttons] == ["accept", "decline"]
    assert len({tuple(b["class"]) for b in buttons}) == 1
    assert not page.select("#choice-notice [checked], #choice-notice [autofocus]")
    assert "湛河区的通知" in page.text
    assert "处罚程序停下来" in page.select_one("#choice-notice").text


def test_without_a_choice_there_is_no_form(client: FlaskClient):
    for address in ("/apply/step/who", "/apply/check", "/apply/declined"):
        assert client.get(address).location == "/apply"
    assert send(client, "who", **make_values()).location == "/apply"
    assert client.post("/apply/submit").location == "/apply"
    assert client.get("/apply/step/nowhere").status_code == 404


def test_declining_is_recorded_and_makes_no_application(client: FlaskClient, session: Session):
    response = choose(client, "decline")
    page = page_of(client.get(response.location))
    kept = session.scalars(select(ChoiceNotice)).one()
    assert (kept.accepted, kept.region) == (False, ZHANHE)
    assert kept.id in page.text
    assert "行政复议" in page.text
    assert session.scalar(select(func.count()).select_from(Application)) == 0


@pytest.mark.parametrize("spoil", [{"decision": "maybe"}, {"version": "0" * 12}])
def test_a_choice_is_only_kept_for_the_notice_as_it_was_read(
    client: FlaskClient, session: Session, spoil: dict[str, str]
):
    response = client.post("/apply/choose", data={"region": ZHANHE, "decision": "accept", **spoil})
    assert response.status_code == 422
    assert page_of(response).select_one("#choice-notice .wrong")
    assert session.scalar(select(func.count()).select_from(ChoiceNotice)) == 0


def test_an_unknown_region_is_told_and_kept(client: FlaskClient):
    response = client.get("/apply?region=天宫区")
    page = page_of(response)
    assert response.status_code == 422
    assert page.select_one("#region")["value"] == "天宫区"
    assert page.select_one("#region-wrong")


def test_from_the_choice_to_the_receipt(client: FlaskClient, session: Session):
    assert choose(client).location == "/apply/step/who"
    fill(client)
    check = page_of(client.get("/apply/check"))
    for said in (NAME, CODE, PHONE, STORY, "已经改好", "行政辅导、行政提示"):
        assert said in check.text
    assert "还没有上传材料" in check.select_one("#part-evidence").parent.parent.text
    assert client.post("/apply/submit").location == "/apply/receipt"
    number, code = receipt(client)
    assert re.fullmatch(r"RW\d{4}-\d{6}", number)
    found = client.get(f"{URL}/{number}", headers={"X-Access-Code": code}).get_json()
    assert (found["state"], found["statement"]["wishes"]) == ("submitted", ["coaching", "reminder"])


def test_the_receipt_says_what_the_authority_promised_and_only_otherwise_that_nobody_did(
    client: FlaskClient, session: Session
):
    choose(client)
    fill(client)
    assert "登记了承诺时限的" in page_of(client.get("/apply/check")).text
    client.post("/apply/submit")
    assert "本地未规定" in page_of(client.get("/apply/receipt")).text
    agency = Agency(name=make_values()["agency"], region=ZHANHE)
    session.add(agency)
    session.flush()
    session.add(AgencyTerms(agency_id=agency.id, accept_days=5))
    session.execute(update(Application).values(agency_id=agency.id))
    session.commit()
    told = page_of(client.get("/apply/receipt")).text
    assert "提交后 5 个工作日" in told
    assert "本地未规定" not in told


def test_submitting_again_leads_to_the_same_receipt(client: FlaskClient, session: Session):
    choose(client)
    fill(client)
    client.post("/apply/submit")
    first = receipt(client)
    assert client.post("/apply/submit").location == "/apply/receipt"
    assert receipt(client) == first
    done = select(func.count()).select_from(JournalEntry).where(JournalEntry.act == "application.submit")
    assert session.scalar(done) == 1


def test_a_mistake_is_told_at_the_field_and_in_the_summary_and_all_stays(client: FlaskClient):
    choose(client)
    typed = {**make_values(credit_code=CODE[:-1] + "4", phone="12"), "contact_name": "<b>王某</b>"}
    response = send(client, "who", **{name: typed[name] for name in (*WHO, "contact_name")})
    page = page_of(response)
    assert response.status_code == 422
    assert [a["href"] for a in page.select("#trouble a")] == ["#credit_code", "#phone"]
    assert {page.select_one(f"#{name}-wrong") is None for name in ("credit_code", "phone")} == {False}
    for name in ("agency", "party_name", "credit_code", "phone", "contact_name"):
        assert page.select_one(f"#{name}")["value"] == typed[name]
    assert page.select_one("#party_kind-business").has_attr("checked")


def test_every_error_of_the_summary_leads_to_a_control(client: FlaskClient):
    choose(client)
    for step, values in (
        ("who", {"party_kind": "business", "on_behalf": "yes"}),
        ("matter", {}),
        ("correction", {}),
    ):
        page = page_of(send(client, step, **values))
        links = [a["href"][1:] for a in page.select("#trouble a")]
        assert links
        assert [link for link in links if not page.find(id=link)] == []


def test_what_is_still_missing_is_listed_before_submitting(client: FlaskClient):
    choose(client)
    send(client, "who", **{name: make_values()[name] for name in WHO})
    page = page_of(client.get("/apply/check"))
    assert [a["href"] for a in page.select("#trouble a")] == [
        "/apply/step/matter?then=check",
        "/apply/step/correction?then=check",
    ]
    response = client.post("/apply/submit")
    assert response.status_code == 422
    assert send(client, "matter", matter=STORY, then="check").location == "/apply/check"


def test_an_old_registration_number_is_taken_with_a_word_about_it(client: FlaskClient):
    choose(client)
    fill(client, credit_code="110108000000016")
    assert "旧注册号" in page_of(client.get("/apply/check")).text
    assert client.post("/apply/submit").location == "/apply/receipt"


def test_a_draft_is_gone_on_with_from_another_browser(app: Flask, client: FlaskClient):
    choose(client)
    send(client, "who", **{name: make_values()[name] for name in WHO})
    saved = page_of(client.get("/apply/step/matter")).select(".saved .code")
    number, code = (part.text for part in saved)
    other = app.test_client()
    assert other.post("/applications", data={"number": number, "code": code}).status_code == 303
    assert NAME in other.get("/apply/check").text
    send(other, "matter", matter=STORY)
    send(other, "correction", correction="not_yet")
    other.post("/apply/submit")
    assert receipt(other) == (number, code)


def test_what_the_assistant_was_told_is_filled_in_and_its_verdict_goes_along(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    verdict = Verdict(
        Outcome.MAY_BE_EXEMPT,
        Ground.ARTICLE_33_1_FIRST,
        ProgrammeFinding(False),
        None,
        (
            ConditionFinding("初次违法", Finding.MET, None, "first_offence"),
            ConditionFinding("危害后果轻微", Finding.UNKNOWN, None, "harm"),
            ConditionFinding("及时改正", Finding.MET, None, "corrected"),
        ),
        ("harm",),
    )
    actions = (Action(ActionKind.APPLY, "申请"), Action(ActionKind.WITHDRAW, "撤回"))
    assistant.replies = [make_reply(ReplyStatus.ANSWERED, verdict=verdict, actions=actions)]
    reply = client.post("/api/v1/questions", json={"question": STORY, "region": "湛河区"}).get_json()
    assert [a["url"] for a in reply["actions"]] == [f"/apply?answer={reply['id']}", "/applications"]

    choose(client, answer=reply["id"])
    send(client, "who", **{name: make_values()[name] for name in WHO})
    page = page_of(client.get("/apply/step/matter"))
    assert page.select_one("#matter").text.strip() == STORY
    assert page.select_one("#first_time-yes").has_attr("checked")
    assert not page.select("input[name=harm][checked]")
    assert page.select_one("#matter-from")
    assert page_of(client.get("/apply/step/correction")).select_one("#correction-done").has_attr("checked")
    kept = session.scalars(select(Application)).one()
    assert kept.verdict is not None
    assert kept.verdict["verdict"] == reply["verdict"]
    assert kept.verdict["release"] == 1


def test_an_answer_that_is_not_there_changes_nothing(client: FlaskClient):
    for answer in ("x", "a" * 22, "../../etc"):
        assert client.get("/apply", query_string={"answer": answer}).status_code == 200


def opened(client: FlaskClient, **changes: object) -> str:
    """The page of an application that this browser has opened with its code."""
    address, headers = apply(client, **changes)
    number = address.rpartition("/")[2]
    client.post("/applications", data={"number": number.lower(), "code": headers["X-Access-Code"]})
    return f"/applications/{number}"


def test_a_wrong_code_an_unknown_number_and_no_code_look_alike(client: FlaskClient):
    address, _ = apply(client)
    number = address.rpartition("/")[2]
    answers = set()
    for asked in (number, "RW2026-999999"):
        response = client.post("/applications", data={"number": asked, "code": "2222-2222-2222"})
        answers.add((response.status_code, page_of(response).main.text))
    assert len(answers) == 1
    for act in ("", "/change", "/withdraw", "/ordinary-procedure"):
        for asked in (number, "RW2026-999999", "x" * 50):
            response = client.get(f"/applications/{asked}{act}")
            assert response.location == f"/applications?number={asked[:40]}"
    assert client.post(f"/applications/{number}/withdraw").location == f"/applications?number={number}"


def test_the_state_is_told_in_plain_words_with_what_comes_next(client: FlaskClient):
    page = page_of(client.get(opened(client)))
    assert "已提交，等机关受理" in page.select_one("#state").text
    assert "本地未规定" in page.text
    assert "138****5678" in page.text
    assert PHONE not in page.text
    assert [li.select("span")[0].text.split("·")[0].strip() for li in page.select(".timeline li")] == [
        "提交申请",
        "选择权告知",
    ]


def test_a_change_shows_what_was_and_what_is(client: FlaskClient):
    address = opened(client)
    response = client.post(f"{address}/change", data={**make_values(place="店门口"), "revision": "1"})
    assert response.status_code == 303
    page = page_of(client.get(response.location))
    assert [page.select_one(f".changes {tag}").text for tag in ("del", "ins")] == ["未填", "店门口"]
    assert "已变更" in page.select_one("[role=status]").text


def test_a_change_that_someone_else_overtook_keeps_what_was_typed(client: FlaskClient):
    address = opened(client)
    client.post(f"{address}/change", data={**make_values(place="一号"), "revision": "1"})
    response = client.post(f"{address}/change", data={**make_values(place="二号"), "revision": "1"})
    page = page_of(response)
    assert response.status_code == 409
    assert "一号" in page.select_one("#trouble").text
    assert page.select_one("#place")["value"] == "二号"
    again = {**make_values(place="二号"), "revision": page.select_one("input[name=revision]")["value"]}
    assert client.post(f"{address}/change", data=again).status_code == 303


@pytest.mark.parametrize(("act", "state"), [("withdraw", "已撤回"), ("ordinary-procedure", "已终止")])
def test_ending_takes_two_clicks_and_happens_once(
    client: FlaskClient, session: Session, act: str, state: str
):
    address = opened(client)
    page = page_of(client.get(address))
    assert page.select_one(f'.do a[href="{address}/{act}"]')
    form = page_of(client.get(f"{address}/{act}")).select_one("main form")
    assert [f["name"] for f in form.select("input, textarea, select")] == ["csrf_token"]
    assert client.post(f"{address}/{act}").status_code == 303
    assert client.post(f"{address}/{act}").status_code == 303
    page = page_of(client.get(address))
    assert state in page.select_one("#state").text
    assert len(page.select(".timeline li")) == 3


def test_after_closing_a_sentence_says_why_not_and_what_else_is_open(client: FlaskClient, session: Session):
    address = opened(client)
    session.execute(update(Application).values(state="concluded"))
    session.commit()
    page = page_of(client.get(address))
    assert "不能再变更或者撤回" in page.text
    assert not page.select(f'a[href="{address}/withdraw"]')
    for act in ("change", "withdraw", "ordinary-procedure"):
        for response in (client.get(f"{address}/{act}"), client.post(f"{address}/{act}")):
            assert response.status_code == 409
            assert "重新提出申请" in page_of(response).select_one("#trouble").text


def test_a_supplement_is_asked_for_and_handed_back(client: FlaskClient, session: Session):
    address = opened(client)
    session.execute(update(Application).values(state="supplement_requested"))
    session.commit()
    assert "按要求补充" in client.get(address).text
    response = client.post(f"{address}/change", data={**make_values(place="店门口"), "revision": "1"})
    assert "交回承办人" in client.get(response.location).text


def test_a_message_stands_on_the_page_as_text(client: FlaskClient):
    address = opened(client)
    assert client.post(f"{address}/messages", data={"message": "<b>您好</b>"}).status_code == 303
    page = page_of(client.get(address))
    assert page.select_one(".message .lines").text == "<b>您好</b>"
    empty = client.post(f"{address}/messages", data={"message": " "})
    assert (empty.status_code, page_of(empty).select_one("#trouble") is None) == (422, False)


def test_leaving_closes_everything_on_this_device(client: FlaskClient):
    choose(client)
    address = opened(client)
    client.post("/applications/leave")
    assert client.get(address).status_code == 303
    assert client.get("/apply/step/who").location == "/apply"


def test_the_session_holds_no_code_in_clear(client: FlaskClient):
    choose(client)
    fill(client)
    client.post("/apply/submit")
    _, code = receipt(client)
    with client.session_transaction() as kept:
        said = repr(dict(kept))
    assert "writing" in said
    assert code not in said
    assert code.replace("-", "") not in said


def test_what_was_left_empty_is_said_before_it_is_handed_in(client: FlaskClient):
    choose(client)
    fill(client)
    send(client, "wishes")
    check = page_of(client.get("/apply/check"))
    assert "没有填" in check.select_one("#part-wishes").parent.parent.text
    assert "没有填" not in check.select_one("#part-who").parent.parent.text
    assert not [listed for listed in check.select("dl") if not listed.select("dt")]
