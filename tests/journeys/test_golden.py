"""A change that would make an answer wrong is held back, and goes out only when a second person says why."""

import json

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from portal.library.commands import knowledge

from .conftest import PHONE, WIDE
from .desk import brings_in, comes_in
from .test_desk import SLOW, Looker

LOOKS = {"wide": WIDE, "phone": PHONE}
CITIES = {"wide": ("xishan", "浙江省/衢州市"), "phone": ("beishan", "浙江省/丽水市")}
REASON = "律师一句另行更正，先让新的问法上线。"


def golden_lines(instrument, city):
    """Three questions that the notice of the city answers."""
    asked = (
        ("talk", "约谈的时候能请商会的联络员陪我去吗", "二/（二）", ["联络员"], ["必须带律师"]),
        ("withdraw", "申请柔性执法以后还能撤回吗", "二/（一）", ["撤回"], []),
        ("file", "办结以后材料要归档吗", "二/（三）", ["归档"], []),
    )
    return "".join(
        json.dumps(
            {
                "id": f"{instrument}-{name}",
                "region": city,
                "question": question,
                "gold": [{"doc": instrument, "section": section}],
                "must_say": [said],
                "must_not_say": wrong,
                "expect": "answer",
            },
            ensure_ascii=False,
        )
        + "\n"
        for name, question, section, said, wrong in asked
    )


@pytest.mark.parametrize("look", LOOKS)
def test_a_release_that_makes_a_golden_question_fall_needs_a_second_person(visit, bench, tmp_path, look):
    instrument, region = CITIES[look]
    city = region.rpartition("/")[2]
    looker = Looker()

    def someone(role, name):
        visitor = visit(bypass_csp=True, viewport=LOOKS[look], expected="409")  # the release that is held
        page = comes_in(visitor, bench, role, f"golden-{name}-{look}")
        page.goto("/staff/knowledge")
        return visitor, page

    brings_in(bench, tmp_path, instrument, region)
    knowledge.main(["publish"], obj=bench, standalone_mode=False)
    file = tmp_path / "golden.jsonl"
    file.write_text(golden_lines(instrument, city), encoding="utf-8")

    editor, page = someone(Role.EDITOR, "editor")
    page.click("text=核验问题")
    page.click("summary:has-text('从文件导入')")
    looker.at(editor, "empty list")
    page.set_input_files("#file", file)
    page.click("form[action$='/import'] button")
    page.wait_for_selector("text=新增 3 个")
    looker.at(editor, "list")
    page.click(f".golden-list a[href$='/{instrument}-talk']")
    page.click("button:has-text('问一遍')")
    assert page.locator(".said .badge").inner_text() == "通过", page.inner_text(".said")
    looker.at(editor, "question")

    writes_what_is_wrong(page, instrument)
    _, page = someone(Role.REVIEWER, "reviewer")
    page.click(f".waits a[href*='/{instrument}/']")
    page.click("button:has-text('审核通过')")
    page.wait_for_selector("text=已审核通过")

    publisher, page = someone(Role.PUBLISHER, "publisher")
    page.click(".waits a")
    before = page.inner_text(".releases .current strong").split()[1]
    looker.at(publisher, "releases")
    page.click("button:has-text('发布选中的内容')")
    page.wait_for_selector("text=没有发布：核验问题没有达到标准", timeout=SLOW)
    expect(page.locator(".outcome .fell")).to_contain_text("必须带律师")
    expect(page.locator("#falls + .outcome, #falls ~ .outcome")).to_have_count(1)
    looker.at(publisher, "held")
    page.goto("/staff/knowledge/releases")
    assert page.inner_text(".releases .current strong").split()[1] == before

    second, other = someone(Role.PUBLISHER, "second")
    other.goto("/staff/knowledge/releases")
    other.click("a[href*='/checks/']")
    other.fill("#reason", REASON)
    other.click("button:has-text('放行')")
    other.wait_for_selector("text=已放行")
    expect(other.locator("button:has-text('发布检查过的内容')")).to_have_count(0)
    looker.at(second, "let through")

    page.click("a[href*='/checks/']")
    expect(page.locator(".check-outcome")).to_contain_text(REASON)
    page.click("button:has-text('发布检查过的内容')")
    page.wait_for_selector("text=已发布，公众现在看到的是新内容", timeout=SLOW)

    owner = visit(bypass_csp=True, viewport=LOOKS[look])
    owner.opens("/")
    owner.asks("约谈的时候能请商会的联络员陪我去吗", city)
    expect(owner.page.locator("#a1")).to_contain_text("必须带律师")
    leaves_nothing_behind(visit, bench, page, before, look, instrument)
    assert looker.found == {}


def writes_what_is_wrong(page, instrument):
    """In a draft of the notice, plain words that say more than the clause does."""
    page.goto(f"/staff/knowledge/documents/{instrument}")
    page.click("button:has-text('打开草稿')", timeout=SLOW)
    page.click("[id='s-二-（二）'] .foot a")
    page.fill("#plain", "去约谈必须带律师，也可以请商会的联络员陪着。")
    page.click("form:has(#plain) button")
    page.wait_for_selector("text=已保存")
    page.click(".crumbs a >> nth=1")
    page.click("button:has-text('送审')")
    page.wait_for_selector("text=已送审")


def leaves_nothing_behind(visit, bench, page, before, look, instrument):
    """Takes the release back and retires the questions, so that other journeys publish as they like."""
    page.click(f"text=退回到第 {before} 次的内容")
    page.fill(f"#reason-{before}", "更正以后再发布")
    page.click("details[open] button")
    page.wait_for_selector("text=已退回", timeout=SLOW)
    editor = comes_in(visit(viewport=LOOKS[look]), bench, Role.EDITOR, f"golden-editor-two-{look}")
    for name in ("talk", "withdraw", "file"):
        editor.goto(f"/staff/knowledge/golden/questions/{instrument}-{name}")
        editor.click("button:has-text('停用')")
        editor.wait_for_selector("text=已停用。")
