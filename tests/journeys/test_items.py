"""A city's exemption list comes in: conditions are put right, cases confirmed, and an owner asks about it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from portal.library import publication
from portal.library.commands import knowledge
from portal.library.models import Origin
from portal.library.record import edition_of, editions_now, keep_edition

from .conftest import PHONE, WIDE
from .desk import comes_in
from .test_desk import SLOW, Looker

LOOKS = {"wide": WIDE, "phone": PHONE}
CITIES = {"wide": ("shaoxing-cg", "浙江省/绍兴市"), "phone": ("taizhou-cg", "浙江省/台州市")}
LIST = """list_id,item_no,region,department,field,matter,conditions,outcome,supporting_measures,source_title
{id},1,{city},{city}综合行政执法局,城市管理,擅自占用人行道堆放货物,初次违法；占地很少；尽快改好,可以不予处罚,说服教育,{city}市容免罚清单
{id},2,{city},{city}综合行政执法局,城市管理,店铺门前晾晒衣物影响市容,危害后果轻微；及时改正,可以不予处罚,说服教育,{city}市容免罚清单
{id},3,{city},{city}综合行政执法局,城市管理,其他影响市容的轻微行为,情况特殊,可以不予处罚,说服教育,{city}市容免罚清单
"""
ASKED = "我在店外人行道上堆放货物，第一次，占了3平方米，已经改正了，会罚吗"


def brings_in_list(bench, folder, instrument, region):
    """Imports the list of a city as an operator does, on the command line."""
    city = region.rpartition("/")[2]
    file = folder / f"{instrument}.csv"
    file.write_text(LIST.format(id=instrument, city=city), encoding="utf-8")
    told = ["--id", instrument, "--region", region, "--title", f"{city}市容免罚清单"]
    knowledge.main(["import-list", str(file), *told], obj=bench, standalone_mode=False)


def is_corrected(bench, instrument):
    """The list is published again with the same first day, an item put right; the release before it."""
    with bench.session() as session:
        row = next(r for r in editions_now(session) if r.instrument_id == instrument)
        corrected = edition_of(row)
        first = corrected.items[0]
        words = tuple(replace(c, text=c.text.replace("5平方米", "6平方米")) for c in first.conditions)
        corrected = replace(corrected, items=(replace(first, conditions=words), *corrected.items[1:]))
        keep_edition(session, corrected, origin=Origin.COMMAND_LINE, author="operator")
        session.commit()
        return publication.publish(session, bench.shelving, actor="operator").release - 1


@pytest.mark.parametrize("look", LOOKS)
def test_a_list_is_put_right_confirmed_reviewed_published_and_asked_about(visit, bench, tmp_path, look):
    instrument, region = CITIES[look]
    city = region.rpartition("/")[2]
    looker = Looker()
    brings_in_list(bench, tmp_path, instrument, region)

    def someone(role, name):
        visitor = visit(bypass_csp=True, viewport=LOOKS[look], expected="422")  # a limit without its unit
        return visitor, comes_in(visitor, bench, role, f"{name}-{look}")

    editor, page = someone(Role.EDITOR, "list-editor")
    page.goto(f"/staff/knowledge/documents/{instrument}")
    page.click("button:has-text('打开草稿')", timeout=SLOW)
    page.click("text=清单事项和案例")
    looker.at(editor, "items")
    page.click(".list-items a:has-text('擅自占用人行道')")
    looker.at(editor, "item")
    puts_right(page)
    looker.at(editor, "saved item")
    confirms(page, looker, editor)
    page.goto(f"/staff/knowledge/documents/{instrument}")
    page.click("button:has-text('送审')")
    page.wait_for_selector("text=已送审")

    reviewer, page = someone(Role.REVIEWER, "list-reviewer")
    page.goto(f"/staff/knowledge/documents/{instrument}/item?number=1")
    looker.at(reviewer, "item for the reviewer")
    expect(page.locator(".case.confirmed")).to_have_count(4)
    page.goto(f"/staff/knowledge/documents/{instrument}/difference")
    expect(page.locator("main")).to_contain_text("数量或者比例不超过：5 平方米")
    page.click("button:has-text('审核通过')")
    page.wait_for_selector("text=已审核通过")

    _publisher, page = someone(Role.PUBLISHER, "list-publisher")
    page.goto("/staff/knowledge/releases")
    expect(page.locator("p.wrong")).to_have_count(0)
    page.click("button:has-text('发布选中的内容')")
    page.wait_for_selector("text=已发布，公众现在看到的是新内容", timeout=SLOW)

    owner = visit(bypass_csp=True, viewport=LOOKS[look])
    shown = owner.opens(f"/library/{instrument}/1").inner_text("main")
    assert "占用面积不超过5平方米" in shown
    assert shown.count("可以对照事实") == 3
    before = is_corrected(bench, instrument)
    history = owner.opens(f"/library/{instrument}/1").locator("#replaced ~ ol > li").first
    expect(history).to_contain_text("公开")
    history.locator("summary").click()
    expect(history.locator("del")).to_contain_text("5")
    looker.at(owner, "history of an item")
    with bench.session() as session:
        publication.roll_back(session, bench.shelving, before, actor="operator")
    owner.opens("/")
    owner.asks(ASKED, city)
    answer = owner.page.inner_text("#a1")
    assert "可以不予处罚" in answer
    assert owner.page.locator(f"#a1 a[href*='{instrument}']").count() or "擅自占用人行道堆放货物" in answer
    assert looker.found == {}


def puts_right(page):
    """Gives two conditions a meaning: one read from better words, one chosen from the list."""
    page.fill("#c-1-words", "占用面积不超过5平方米")
    page.click("button[value='read:c-1']")
    page.wait_for_selector("#c-1-unit")
    assert page.input_value("#c-1-value") == "5"
    page.fill("#c-1-unit", "")
    page.fill("#c-2-words", "及时改正")
    page.select_option("#c-2-kind", "Corrected")
    page.wait_for_selector("#c-2-term")
    page.wait_for_function("document.activeElement.id === 'c-2-kind'")
    page.click("#item-form button.button")
    page.wait_for_selector("#c-1-unit-wrong")
    assert page.input_value("#c-2-words") == "及时改正"
    page.fill("#c-1-unit", "平方米")
    page.click("#item-form button.button")
    page.wait_for_selector("text=已保存")


def confirms(page, looker, editor):
    """One case by itself, all that pass at once, and by name that nothing in the last item can be tried."""
    expect(page.locator("#cases .case")).to_have_count(4)
    page.locator("#cases button:has-text('确认')").first.click()
    page.wait_for_selector("#cases .case.confirmed")
    page.click("text=自己写一个案例")
    looker.at(editor, "case")
    page.select_option("#f-first_offence", "yes")
    page.fill("#q-0", "5")
    page.select_option("#f-corrected", "in_time")
    page.select_option("#due", "conditions_not_met")
    page.click("form .button:has-text('保存')")
    page.wait_for_selector(".case.failing")
    looker.at(editor, "a case that fails")
    page.locator(".case.failing button:has-text('不用')").click()
    page.wait_for_function("!document.querySelector('.case.failing')")
    page.click(".crumbs a:has-text('清单事项和案例')")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("button:has-text('确认全部通过的案例')")
    page.wait_for_selector("text=余下的事项请逐项处理")
    page.click("text=只看还要处理的")
    expect(page.locator(".list-items tbody tr")).to_have_count(1)
    page.click(".list-items a")
    page.click("button:has-text('无可对照条件')")
    page.wait_for_selector("#cases .case.confirmed")
    page.click(".crumbs a:has-text('清单事项和案例')")
    expect(page.locator("main")).to_contain_text("还要处理 0 项")
    looker.at(editor, "items in order")


def test_an_item_is_edited_without_scripts(visit, bench, tmp_path):
    brings_in_list(bench, tmp_path, "jinhua-cg", "浙江省/金华市")
    plain = visit(java_script_enabled=False)
    page = comes_in(plain, bench, Role.EDITOR, "list-editor-without-scripts")
    page.goto("/staff/knowledge/documents/jinhua-cg")
    page.click("button:has-text('打开草稿')", timeout=SLOW)
    page.goto("/staff/knowledge/documents/jinhua-cg/item?number=1")
    page.select_option("#c-1-kind", "AnyOf")
    page.click("#c-1 button:has-text('换成这一种')")
    page.select_option("#c-1-0-kind", "QuantityAtMost")
    page.select_option("#c-1-1-kind", "HarmIs")
    page.locator("#c-1 button:has-text('换成这一种')").first.click()
    page.fill("#c-1-0-value", "5")
    page.fill("#c-1-0-unit", "平方米")
    page.click("button[value='remove:c-2']")
    page.click("#item-form button.button")
    expect(page.locator("text=已保存")).to_have_count(1)
    assert page.input_value("#c-1-0-value") == "5"
    page.locator("#cases button:has-text('确认')").first.click()
    expect(page.locator("#cases .case.confirmed")).to_have_count(1)


def test_an_item_is_edited_by_keyboard_under_the_sites_own_policy(visit, bench, tmp_path):
    brings_in_list(bench, tmp_path, "quzhou-cg", "浙江省/衢州市")
    editor = visit()
    page = comes_in(editor, bench, Role.EDITOR, "list-editor-by-keyboard")
    page.goto("/staff/knowledge/documents/quzhou-cg")
    page.click("button:has-text('打开草稿')", timeout=SLOW)
    page.goto("/staff/knowledge/documents/quzhou-cg/item?number=2")
    page.fill("#measures", "行政指导")
    page.focus("#add-condition")
    page.keyboard.press("Enter")
    page.wait_for_selector("#c-2-words")
    editor.waits_for_focus("c-2-words")
    page.keyboard.type("占用面积不超过5平方米")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#c-2-value")
    editor.waits_for_focus("c-2-kind")
    assert page.input_value("#measures") == "行政指导"
    page.focus("#c-2-value")
    page.keyboard.press("Enter")  # in a field, Enter saves
    page.wait_for_selector("text=已保存")
    expect(page.locator("#cases .case")).to_have_count(4)
    page.locator("#cases button:has-text('确认')").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cases .case.confirmed")
    assert page.evaluate("document.activeElement !== document.body")
