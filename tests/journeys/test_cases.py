"""A case between two people: the party on its page, the officer at the desk, from beginning to end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal import create_app
from portal.accounts.models import Role
from portal.calendar import today
from portal.workbench import Workbench
from tests.portal.staff import signed_in

from .conftest import PHONE, WIDE
from .test_everyone import violations

STORY = "我在六安开水果店，把两筐橘子放到人行道上了，第一次被城管看到，马上就搬回去了，会罚吗？"
AGENCY, REGION, NAME = "六安市城市管理局", "安徽省/六安市", "某某水果店"
LATER = (today() + timedelta(days=7)).isoformat()
DEVICES = {
    "wide": {"viewport": WIDE, "bypass_csp": True},
    "phone": {"viewport": PHONE, "bypass_csp": True},
    "no scripts": {"java_script_enabled": False},
}


@pytest.fixture
def desk(visit, bench: Workbench, site: str):
    """Makes officers at a browser of their own, signed in."""

    def make(**options):
        app = create_app(bench.settings)
        client = app.test_client()
        signed_in(client, Role.OFFICER, agency=AGENCY, region=REGION)
        cookie = client.get_cookie("rouwen_staff", path="/staff")
        officer = visit(**options)
        officer.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/staff"}]
        )
        app.extensions["rouwen.database"].engine.dispose()
        return officer

    return make


class Shown:
    """Looks at each page on the way once all of it is there: what axe finds, and whether it is too wide."""

    def __init__(self, scripts: bool) -> None:
        self.scripts = scripts
        self.found: dict[str, object] = {}

    def __call__(self, visitor, name: str) -> None:
        visitor.page.wait_for_load_state()
        if not self.scripts:
            return
        if bad := violations(visitor.page):
            self.found[name] = bad
        if (wider := visitor.overflows()) > 0:
            self.found[f"{name} overflows"] = wider


def chooses_and_fills(page: Page) -> None:
    page.click("button[value=accept]")
    page.wait_for_url("**/apply/step/who")
    page.fill("#agency", AGENCY)
    page.check("#party_kind-business")
    page.fill("#party_name", NAME)
    page.fill("#credit_code", "91350100M000100Y43")
    page.fill("#phone", "13812345678")
    page.click(".fields .button")
    page.wait_for_url("**/apply/step/matter")
    if not page.input_value("#matter"):
        page.fill("#matter", STORY)
    page.click(".fields .button")
    page.wait_for_url("**/apply/step/correction")
    page.check("#correction-under_way")
    page.click(".fields .button")
    page.wait_for_url("**/apply/step/evidence")
    page.click("button[name=next]")
    page.wait_for_url("**/apply/step/wishes")
    page.click(".fields .button")
    page.wait_for_url("**/apply/check")
    page.click("main form .button")
    page.wait_for_url("**/apply/receipt")


def does(page: Page, number: str, title: str, **fields: str) -> None:
    """The officer opens the form of an act, fills it and sends it."""
    page.goto(f"/staff/cases/{number}")
    page.click(f".acts >> text='{title}'")
    page.wait_for_selector("main form .button")
    for name, value in fields.items():
        control = page.locator(f"[name={name}]").first
        if control.get_attribute("type") in ("radio", "checkbox"):
            for one in value.split():
                page.check(f"[name={name}][value={one}]")
        elif control.evaluate("e => e.tagName") == "SELECT":
            page.select_option(f"[name={name}]", value)
        else:
            page.fill(f"[name={name}]", value)
    page.click("main form .button")
    page.wait_for_selector("[role=status]")


def asks_in_the_chat(owner) -> None:
    page = owner.opens("/")
    owner.asks(STORY)
    page.click("#a1 .next a[href^='/apply?answer=']")


@pytest.mark.parametrize("device", DEVICES)
def test_from_the_chat_to_the_rating(visit, desk, device):
    options = DEVICES[device]
    owner, officer, shown = visit(**options), desk(**options), Shown(device != "no scripts")
    page, at_desk = owner.page, officer.page

    if device == "no scripts":
        page.goto("/apply")
        page.fill("#region", "六安")
        page.click(".panel-form .button")
    else:
        asks_in_the_chat(owner)
    chooses_and_fills(page)
    number = page.locator("#number").inner_text()
    status = f"/applications/{number}"

    at_desk.goto("/staff/cases")
    shown(officer, "queue")
    expect(at_desk.locator(".cases-table")).to_contain_text(number)
    expect(at_desk.locator(".cases-table")).not_to_contain_text(NAME)
    at_desk.goto(f"/staff/cases/{number}/request-supplement")
    shown(officer, "form")
    does(at_desk, number, "一次告知补正", missing="time_place paper", text="请写明检查的人是哪个中队")

    page.goto(status)
    shown(owner, "asked")
    expect(page.locator(".told-box li")).to_have_count(3)
    page.click(".do >> text=按要求补充")
    page.fill("#place", "水果店门口")
    page.fill("#paper_number", "六城管检〔2026〕8号")
    page.click(".fields .button")
    page.wait_for_selector("text=已补充，交回承办人")

    does(at_desk, number, "受理", text="由我承办")
    does(
        at_desk, number, "记录方式", methods="guidance persuasion", form="written", text="上门讲了占道的规定"
    )
    does(
        at_desk,
        number,
        "提供承诺书",
        facts="两筐橘子放在人行道上",
        basis="城市市容和环境卫生管理条例 第十四条",
        education="说明了占道的危害",
        correction="搬回店内，不再摆放",
        due_on=LATER,
    )
    shown(officer, "case")

    page.goto(status)
    shown(owner, "offered")
    page.click("text=看内容，决定签不签")
    shown(owner, "commitment")
    for box in page.locator("[name=conditions]").all():
        box.check()
    page.fill("#signature", NAME)
    page.click(".equal button")
    page.wait_for_selector("text=承诺书已签署")

    does(
        at_desk,
        number,
        "出具意见书",
        purpose="帮助改正",
        content="请把橘子搬回店内",
        time="2026年11月",
        officers="李某 皖001\n王某 皖002",
        basis="六城管函〔2022〕586号 四（一）",
        contact="李某 0564-3000000",
    )
    does(at_desk, number, "送达", way="in_person", text="本人签收")
    page.goto(status)
    page.click("#documents >> text=确认收到")
    page.wait_for_selector("text=已确认收到")
    shown(owner, "acknowledged")
    page.click("#documents a >> text=打开 >> nth=0")
    page.wait_for_selector("#paper-title")
    expect(page.locator("#paper-title")).to_have_text("柔性执法意见书")

    does(at_desk, number, "复查", result="passed", text="已搬回")
    does(
        at_desk,
        number,
        "办结",
        outcome="no_penalty",
        text="已经改正",
        violation="yes",
        matter="占道堆放物品",
        found_on=today().isoformat(),
    )
    does(at_desk, number, "回访", way="phone", corrected="yes", conduct="good", text="没有意见")
    shown(officer, "concluded")

    page.goto(status)
    expect(page.locator(".do >> text=撤回申请")).to_have_count(0)
    page.goto(f"{status}/do/rate")
    shown(owner, "rate")
    page.check("[value=very_satisfied]")
    page.click(".fields .button")
    page.wait_for_selector("text=谢谢您的评价")
    expect(page.locator("main")).to_contain_text("非常满意")
    shown(owner, "rated")
    lines = page.locator("#timeline ~ .timeline li > span").all_inner_texts()
    told = [line.split("·")[0].strip() for line in lines]
    wanted = ["评价", "回访", "办结", "记录办理方式", "确认收到文书", "送达文书", "出具意见书", "签署承诺书"]
    assert told[: len(wanted)] == wanted
    assert shown.found == {}


def offers(page: Page) -> str:
    page.goto("/staff/cases")
    page.click("text=依职权提出")
    page.check("#party_kind-person")
    page.fill("#party_name", "张某某")
    page.fill("#phone", "13812345678")
    page.fill("#matter", "巡查时看到店外放了两筐橘子。")
    page.check("[name=wishes][value=guidance]")
    page.click("main form .button")
    page.wait_for_selector("#link")
    return page.inner_text("#link")


@pytest.mark.parametrize("device", ["wide", "phone"])
def test_an_offer_is_declined_and_costs_nothing(visit, desk, device):
    options = DEVICES[device]
    owner, officer, shown = visit(**options), desk(**options), Shown(True)
    link = offers(officer.page)
    shown(officer, "offered")
    page = owner.opens(link)
    shown(owner, "offer")
    sizes = [b.bounding_box() for b in page.locator("#choice-notice button").all()]
    assert len({(round(s["width"]), round(s["height"])) for s in sizes}) == 1
    page.click("button[value=decline]")
    page.wait_for_url("**/offers/answer")
    shown(owner, "answered")
    expect(page.locator("main")).to_contain_text("不是加重处理的理由")
    number = page.inner_text("#number")
    officer.page.goto(f"/staff/cases/{number}")
    expect(officer.page.locator(".case-head")).to_contain_text("当事人谢绝")
    assert shown.found == {}


def test_after_the_end_a_sentence_says_why_not_and_what_is_open(visit, desk):
    owner, officer = visit(expected="409"), desk()
    owner.page.goto("/apply?region=六安")
    chooses_and_fills(owner.page)
    number = owner.page.inner_text("#number")
    does(officer.page, number, "受理")
    does(officer.page, number, "办结", outcome="guided", text="已经辅导", violation="no")
    page = owner.opens(f"/applications/{number}/withdraw")
    expect(page.locator("#trouble")).to_contain_text("重新提出申请")
    expect(page.locator("#trouble")).to_contain_text("行政复议")


def test_by_keyboard_alone_an_officer_accepts(visit, desk):
    owner, officer = visit(), desk()
    owner.page.goto("/apply?region=六安")
    chooses_and_fills(owner.page)
    number = owner.page.inner_text("#number")
    page = officer.opens(f"/staff/cases/{number}")
    page.focus(".acts a >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accept")
    page.focus("#text")
    page.keyboard.type("由我承办")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已办：受理")
    expect(page.locator(".case-head")).to_contain_text("办理中")


def test_an_officer_who_was_overtaken_is_told_and_loses_nothing(visit, desk):
    owner, officer = visit(), desk(expected="409")
    owner.page.goto("/apply?region=六安")
    chooses_and_fills(owner.page)
    number = owner.page.inner_text("#number")
    page = officer.opens(f"/staff/cases/{number}/refuse")
    page.check("[value=not_soft]")
    page.fill("#clause", "二（一）")
    page.fill("#text", "写了很久的理由")
    owner.page.goto(f"/applications/{number}/change")
    owner.page.fill("#place", "店门口")
    owner.page.click(".fields .button")
    owner.page.wait_for_selector("text=已变更")
    page.click("main form .button")
    page.wait_for_selector("#trouble")
    expect(page.locator("#trouble")).to_contain_text("变更申请")
    assert page.input_value("#text") == "写了很久的理由"
