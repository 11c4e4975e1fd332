"""A notice is revised under an open case: told before, flagged after, looked at, and taken back."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from portal.applications.acts import submit_new
from portal.applications.choice import notice
from portal.applications.numbers import AccessCode
from portal.library import publication
from portal.library.models import Origin
from portal.library.record import edition_of, editions_now, keep_edition
from portal.wording import Language
from tests.portal.applications.cases import make_values

from .conftest import PHONE, WIDE
from .desk import comes_in
from .test_desk import SLOW, Looker

ZHANHE = "河南省/平顶山市/湛河区"
RULE = "二/（三）/1"
LOOKS = {"wide": WIDE, "phone": PHONE}


TICKS_ARE_COUNTED = """() => {
  const held = (names) => [...document.querySelectorAll(names)].map((i) => i.value);
  const values = (names) => held(names).filter(Boolean).sort().join();
  return values("input[name=subject]:checked") === values("#impact input[name=counted]");
}"""
"""What a release would touch is shown for what is ticked."""


def notice_is_revised(bench, words):
    """The notice of 湛河 comes in anew, with other words on the right to choose."""
    with bench.session() as session:
        row = next(r for r in editions_now(session) if r.instrument_id == "zhanhe")
        edition = edition_of(row)
        clauses = tuple(
            replace(c, text=f"{c.text}{words}") if c.section == RULE else c for c in edition.clauses
        )
        keep_edition(
            session, replace(edition, clauses=clauses), origin=Origin.COMMAND_LINE, author="operator"
        )
        session.commit()


def official_text_comes(bench):
    """The official text of the same notice comes in where its digest stood."""
    with bench.session() as session:
        row = next(r for r in editions_now(session) if r.instrument_id == "zhanhe")
        edition = edition_of(row)
        clauses = tuple(replace(c, text=f"{c.text}（原文）") for c in edition.clauses)
        official = replace(edition, clauses=clauses, digest=False)
        keep_edition(session, official, origin=Origin.COMMAND_LINE, author="operator")
        session.commit()
        publication.publish(session, bench.shelving, actor="operator")


def somebody_applies(bench, agency):
    with bench.session() as session:
        told = notice(ZHANHE, Language.CHINESE)
        return submit_new(session, told, make_values(agency=agency), code=AccessCode.make()).number


@pytest.mark.parametrize("look", LOOKS)
def test_a_revised_notice_is_shown_with_its_cases_published_looked_at_and_taken_back(visit, bench, look):
    looker = Looker()

    def someone(role, name):
        visitor = visit(bypass_csp=True, viewport=LOOKS[look])
        return visitor, comes_in(visitor, bench, role, f"basis-{name}-{look}")

    officer, case = someone(Role.OFFICER, "officer")
    case.goto("/staff/cases")
    number = somebody_applies(bench, case.inner_text(".person .soft"))
    words = f"变更申请的，应当说明变更的内容（{look}）。"
    notice_is_revised(bench, words)

    editor, writer = someone(Role.EDITOR, "editor")
    writer.goto("/staff/knowledge/documents/zhanhe")
    writer.click("button:has-text('打开草稿')", timeout=SLOW)
    writer.click("button:has-text('送审')")
    writer.wait_for_selector("text=已送审")
    writer.click("text=条规则以这份草稿要改的条款为依据")
    expect(writer.locator(".rules-before .side-by-side ins").first).to_contain_text(words)
    looker.at(editor, "rules of the draft")
    _, page = someone(Role.REVIEWER, "reviewer")
    page.goto("/staff/knowledge/documents/zhanhe/difference")
    page.click("button:has-text('审核通过')")
    page.wait_for_selector("text=已审核通过")

    writer.goto("/staff/knowledge/releases")
    expect(writer.locator(".impact-totals")).to_contain_text("在办案件")
    publisher, page = someone(Role.PUBLISHER, "publisher")
    page.goto("/staff/knowledge/releases")
    before = page.inner_text(".releases .current strong").split()[1]
    expect(page.locator(".impact-totals")).to_contain_text("在办案件")
    page.click(".impact summary")
    looker.at(publisher, "impact")
    page.uncheck("input[value=zhanhe]")
    expect(page.locator("#impact")).to_contain_text("没有勾选")
    expect(page.locator(".impact-totals, .rules-before")).to_have_count(0)
    page.goto("/staff/knowledge")
    page.go_back()
    page.wait_for_function(TICKS_ARE_COUNTED)
    page.check("input[value=zhanhe]")
    expect(page.locator(".impact-totals")).to_contain_text("在办案件")
    assert page.locator("#recount").is_hidden()
    page.click("button:has-text('发布选中的内容')")
    page.wait_for_selector("text=已发布，公众现在看到的是新内容", timeout=SLOW)
    expect(page.locator(".releases .current")).to_contain_text("承办人核对依据")

    writer.goto("/staff/knowledge")
    writer.click("text=条规则要与变动后的条款对照")
    expect(writer.locator(".rule-group .side-by-side ins", has_text=words).first).to_be_visible()
    looker.at(editor, "rules")
    writer.check(".rule-group input[type=checkbox] >> nth=0")
    writer.check("input[value=holds]")
    writer.fill("#remark", f"逐句对照过，规则没有写到变更的说明（{look}）。")
    writer.click("button:has-text('登记对照')")
    expect(writer.locator("[aria-labelledby=compared]")).to_contain_text(f"（{look}）")
    looker.at(editor, "rules compared")

    case.goto("/staff/cases?basis=changed")
    looker.at(officer, "queue")
    case.click(f"text={number}")
    expect(case.locator("#basis-notice")).to_be_visible()
    looker.at(officer, "case")
    case.click("#basis-notice a")
    expect(case.locator(".basis-part ins")).to_contain_text(words)
    looker.at(officer, "difference")
    case.click("main .button")
    case.wait_for_url("**/check-basis")
    looker.at(officer, "check")

    page.goto(f"/staff/knowledge/releases/{before}/impact")
    looker.at(publisher, "going back")
    page.goto("/staff/knowledge/releases")
    page.click(f"text=退回到第 {before} 次的内容")
    page.fill(f"#reason-{before}", "先核对再发布")
    page.click("details[open] button")
    page.wait_for_selector("text=已退回，公众现在看到的是原来的内容", timeout=SLOW)

    case.goto(f"/staff/cases/{number}")
    expect(case.locator("#basis-notice")).to_have_count(0)
    timeline = case.inner_text(".timeline")
    assert "办理依据有变动" in timeline
    assert "办理依据恢复为原来的文字" in timeline

    official_text_comes(bench)
    case.reload()
    expect(case.locator("#basis-restated")).to_contain_text("不用核对")
    expect(case.locator("#basis-notice")).to_have_count(0)
    case.click("#basis-restated a")
    expect(case.locator(".basis-part .badge").first).to_have_text("摘要换成了正式文本")
    looker.at(officer, "digest and official text")
    with bench.session() as session:
        publication.roll_back(session, bench.shelving, 1, actor="operator")
    assert looker.found == {}
