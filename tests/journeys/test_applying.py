"""A business owner applies, changes its mind, and is always in control."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE
from .test_asking import STORY
from .test_everyone import LOOKS, violations


def accepts(page: Page, region: str = "湛河") -> None:
    page.goto("/apply")
    page.fill("#region", region)
    page.click(".panel-form .button")
    page.click("button[value=accept]")
    page.wait_for_url("**/apply/step/who")


def fills_who(page: Page) -> None:
    page.fill("#agency", "湛河区城市管理局")
    page.check("#party_kind-business")
    page.fill("#party_name", "某某五金经营部")
    page.fill("#credit_code", "91350100M000100Y43")
    page.fill("#phone", "138 1234 5678")
    page.click(".fields .button")
    page.wait_for_url("**/apply/step/matter")


def fills_the_rest(page: Page) -> None:
    page.fill("#matter", "店门口摆了两把梯子，占了人行道。")
    page.click(".fields .button")
    page.check("#correction-done")
    page.click(".fields .button")
    page.wait_for_url("**/apply/step/evidence")
    page.click(".fields .button")
    page.locator("input[name=wishes]").first.check()
    page.click(".fields .button")
    page.wait_for_url("**/apply/check")


def walks_apply_change_withdraw(page: Page) -> None:
    accepts(page)
    fills_who(page)
    fills_the_rest(page)
    page.click("main form .button")
    page.wait_for_url("**/apply/receipt")
    number, code = page.locator("#number").inner_text(), page.locator("#code").inner_text()

    page.goto("/applications")
    page.fill("#number", number)
    page.fill("#code", code.lower())
    page.click(".panel-form .button")
    expect(page.locator("#state")).to_contain_text("等机关受理")

    page.click(".do >> text=变更内容")
    page.fill("#place", "店门口")
    page.click(".fields .button")
    page.wait_for_selector(".changes ins")
    expect(page.locator(".changes ins")).to_have_text("店门口")

    page.click(".do >> text=撤回申请")
    page.click("main form .button")
    page.wait_for_selector("text=已撤回，马上生效")
    page.wait_for_load_state()
    expect(page.locator(".do >> text=撤回申请")).to_have_count(0)
    assert [
        event.split("·")[0].strip() for event in page.locator(".timeline li > span").all_inner_texts()
    ] == [
        "撤回申请",
        "变更申请",
        "提交申请",
        "保存草稿",
        "选择权告知",
    ]


@pytest.mark.parametrize(
    "device", [{}, {"viewport": PHONE}, {"java_script_enabled": False}], ids=["wide", "phone", "no scripts"]
)
def test_apply_change_withdraw(visit, device):
    owner = visit(**device)
    walks_apply_change_withdraw(owner.page)
    if owner.page.viewport_size == PHONE:
        assert owner.overflows() <= 0


def test_declining_costs_nothing_and_leaves_a_record(visit):
    page = visit().opens("/apply?region=舟山")
    sizes = [b.bounding_box() for b in page.locator("#choice-notice button").all()]
    assert len({(round(s["width"]), round(s["height"])) for s in sizes}) == 1
    page.click("button[value=decline]")
    page.wait_for_url("**/apply/declined")
    expect(page.locator("h1")).to_contain_text("您选择不申请")
    expect(page.locator("main")).to_contain_text("告知书版本")


def test_from_a_verdict_nothing_is_typed_twice(visit):
    owner = visit()
    page = owner.opens("/")
    owner.asks(STORY)
    page.click("#a1 .next a[href^='/apply?answer=']")
    page.click("button[value=accept]")
    fills_who(page)
    assert page.input_value("#matter") == STORY
    assert page.is_checked("#first_time-yes")
    fills_the_rest(page)
    expect(page.locator("#part-verdict")).to_be_visible()


def test_by_keyboard_alone_one_applies(visit):
    owner = visit()
    page = owner.opens("/apply?region=湛河区")
    page.focus("button[value=accept]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/step/who")
    page.focus("#agency")
    for typed in ("湛河区城市管理局", "Space", "某某五金经营部", "91350100M000100Y43", "王某", "13812345678"):
        if typed == "Space":
            page.keyboard.press("Space")
        else:
            page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/step/matter")


def test_a_mistake_takes_the_focus_and_leads_to_its_field(visit):
    owner = visit()
    page = owner.page
    accepts(page)
    page.check("#party_kind-person")
    expect(page.locator("#credit_code")).to_be_hidden()
    page.fill("#party_name", "张某")
    page.click(".fields .button")
    page.wait_for_selector("#trouble")
    owner.waits_for_focus("trouble")
    assert page.input_value("#party_name") == "张某"
    page.click("#trouble a[href='#phone']")
    owner.waits_for_focus("phone")
    owner.complaints.clear()  # the browser notes the 422 that was expected


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_way(visit, look):
    owner = visit(bypass_csp=True, **LOOKS[look])
    page = owner.page
    found = {}
    accepts(page)
    page.click(".fields .button")
    found["wrong"] = violations(page)
    fills_who(page)
    found["matter"] = violations(page)
    fills_the_rest(page)
    found["check"] = violations(page)
    page.click("main form .button")
    found["receipt"] = violations(page)
    page.click("main a.button")
    found["status"] = violations(page)
    page.click(".do >> text=变更内容")
    found["change"] = violations(page)
    page.go_back()
    page.click(".do >> text=撤回申请")
    found["withdraw"] = violations(page)
    assert {name: bad for name, bad in found.items() if bad} == {}
    owner.complaints.clear()  # the browser notes the 422 that was expected
