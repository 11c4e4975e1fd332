"""What the public asks teaches the desk: grouped, tried, closed; and one region is stopped and resumed."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import undefer

from portal.accounts.models import Agency, Role
from portal.applications.models import AgencyTerms
from portal.library.desk.drafts import draft_of, open_draft, write_edition
from portal.library.models import EditionRow
from portal.library.record import edition_of
from portal.switch import stopped_regions, switch

from .conftest import PHONE, WIDE
from .desk import comes_in
from .test_desk import SLOW, Looker

LOOKS = {"wide": WIDE, "phone": PHONE}
PLACES = {
    "wide": ("盘锦市", "辽宁省/盘锦市", "panjin", "六安市"),
    "phone": ("六安市", "安徽省/六安市", "luan", "盘锦市"),
}
UNANSWERED = "申请以后还能撤回吗"
POOR = "行政约谈是怎么谈的"


@pytest.fixture(params=LOOKS)
def scene(request, site, bench):
    """A region whose agency has a telephone and a draft on the desk; answered for again at the end."""
    look = request.param
    name, region, instrument, _other = PLACES[look]
    with bench.session() as session:
        held = Agency(name=f"{name}柔性执法办公室", region=region)
        session.add(held)
        session.flush()
        session.add(AgencyTerms(agency_id=held.id, phone="0999-1234567", hours="工作日", address=""))
        session.commit()
        draft = open_draft(session, instrument, actor=f"editor-of-{instrument}")
        says_withdrawal(session, draft)
    yield look, *PLACES[look]
    with bench.session() as session:
        for stopped in stopped_regions(session):
            switch(session, answering=True, reason="", actor="journey", region=stopped)


def says_withdrawal(session, draft):
    """The draft answers the question: one of its clauses is on withdrawing now."""
    from dataclasses import replace

    row = session.get(EditionRow, draft.edition_id, options=[undefer(EditionRow.content)])
    edition = edition_of(row)
    place = next(n for n, clause in enumerate(edition.clauses) if clause.level > 1 and len(clause.text) > 20)
    clause = replace(
        edition.clauses[place],
        text="当事人提出申请以后可以随时撤回，机关应当准许。",
        plain="申请交上去以后可以随时撤回。",
        heading="撤回申请",
        topics=("withdrawal",),
        asked_as=(UNANSWERED,),
    )
    clauses = (*edition.clauses[:place], clause, *edition.clauses[place + 1 :])
    write_edition(draft_of(session, edition.instrument), replace(edition, clauses=clauses))
    session.commit()


def test_questions_teach_the_desk_and_one_region_is_stopped_and_resumed(visit, bench, scene):
    look, name, region, instrument, other = scene
    looker = Looker()

    def someone(role, who):
        visitor = visit(bypass_csp=True, viewport=LOOKS[look], expected="503")
        return visitor, comes_in(visitor, bench, role, f"{who}-questions-{look}")

    owner = visit(bypass_csp=True, viewport=LOOKS[look], expected="503")
    asks_and_complains(owner, name)

    editor, page = someone(Role.EDITOR, "editor")
    page.goto(f"/staff/knowledge/questions?region={region}")
    looker.at(editor, "list")
    groups = page.locator(".work-groups a", has_text="撤回申请")  # others may have asked of other regions
    group = groups.filter(has_text="没有答上来").first
    assert region.rpartition("/")[2] in group.inner_text()
    kinds = page.locator(".work-items .badge").all_inner_texts()
    assert {"没有答上来", "没有帮助"} <= set(kinds)
    page.click(f".work-items a:has-text('{POOR}')")
    expect(page.locator("main")).to_contain_text("看不明白")
    expect(page.locator("main")).to_contain_text("138****5678")
    looker.at(editor, "unhelpful")
    page.fill("#remark", "条款没有问题，等提问人再问")
    page.click("button:has-text('写明并办结')")
    page.wait_for_selector("text=已办结")
    looker.at(editor, "closed")

    page.goto(f"/staff/knowledge/questions?region={region}")
    expect(page.locator(f".work-items a:has-text('{POOR}')")).to_have_count(0)
    page.click(f".work-items a:has-text('{UNANSWERED}')")
    page.click("a:has-text('用草稿试问')")
    page.select_option("#against", instrument)
    looker.at(editor, "before trying")
    page.click(".try-form .button")
    page.wait_for_selector(".try-columns", timeout=SLOW)
    looker.at(editor, "tried")
    sides = page.locator(".try-columns > section").all_inner_texts()
    assert "没有答" in sides[0]
    assert "随时撤回" in sides[1]
    expect(page.locator(".try-columns ins").first).to_be_visible()
    stands_beside = page.evaluate(
        "() => { const [a, b] = document.querySelectorAll('.try-columns > section');"
        " return Math.abs(a.getBoundingClientRect().top - b.getBoundingClientRect().top) < 5 }"
    )
    assert stands_beside is (look == "wide")

    publisher, page = someone(Role.PUBLISHER, "publisher")
    page.goto("/staff/switch")
    page.fill("#region", name)
    page.fill("#reason", "撤回的规定正在核对")
    page.click("button:has-text('停止这个区域')")
    page.wait_for_selector("text=已停止回答")
    looker.at(publisher, "switch")

    owner.opens("/")
    expect(owner.page.locator(".paused")).to_contain_text("智能问答暂停")
    owner.page.fill("#question", UNANSWERED)
    owner.page.fill("#region", name)
    owner.page.click("#ask .button")
    owner.page.wait_for_url("**/ask")
    expect(owner.page.locator(".paused")).to_contain_text("智能问答暂停")
    expect(owner.page.locator(".paused")).to_contain_text("0999-1234567")
    assert owner.page.input_value("#question") == UNANSWERED
    looker.at(owner, "stopped")
    stranger = visit(viewport=LOOKS[look])
    stranger.opens("/")
    stranger.asks("行政约谈是怎么谈的", other)
    expect(stranger.page.locator("#a1 .answer-text")).to_have_count(1)

    page.on("dialog", lambda dialog: dialog.accept())
    page.click(f".progress-box:has-text('{name}') button:has-text('恢复回答')")
    page.wait_for_selector("text=已恢复回答")
    owner.opens("/")
    owner.asks("行政约谈是怎么谈的", name)
    expect(owner.page.locator(".paused")).to_have_count(0)
    assert looker.found == {}


def asks_and_complains(owner, name):
    """Asks what nothing answers, and marks another answer unhelpful."""
    owner.opens("/")
    page = owner.asks(UNANSWERED, name)
    expect(page.locator("#a1")).to_contain_text("没有")
    owner.opens("/")
    page = owner.asks(POOR, name)
    page.click("#a1 .feedback summary")
    page.check("#a1 .feedback input[value=unclear]")
    page.fill("#a1 .feedback textarea", "没看懂，打13812345678告诉我")
    page.click("#a1 .feedback button[value=no]")
    page.wait_for_selector("#a1 .thanks")


def test_the_list_and_the_switch_work_without_scripts(visit, bench):
    owner = visit(java_script_enabled=False)
    page = owner.opens("/")
    page.fill("#question", "湛河区停车一小时收多少钱")
    page.click("#ask .button")
    page.click("#a1 .feedback summary")
    page.check("#a1 .feedback input[value=other]")
    page.click("#a1 .feedback button[value=no]")
    editor = visit(java_script_enabled=False)
    page = comes_in(editor, bench, Role.EDITOR, "editor-of-questions-without-scripts")
    page.goto("/staff/knowledge/questions?kind=unhelpful")
    page.click(".work-items a:has-text('停车一小时')")
    page.fill("#remark", "不归这里管")
    page.click("button:has-text('写明并办结')")
    page.click("button:has-text('重新打开')")
    page.click("a:has-text('用草稿试问')")
    page.click(".try-form .button", timeout=SLOW)
    expect(page.locator(".try-columns")).to_have_count(1)

    publisher = visit(java_script_enabled=False, expected="503")
    page = comes_in(publisher, bench, Role.PUBLISHER, "publisher-of-switch-without-scripts")
    page.goto("/staff/switch")
    page.fill("#all_reason", "演练")
    page.click("button:has-text('停止全部')")
    try:
        owner.opens("/")
        expect(owner.page.locator(".paused")).to_have_count(1)
        expect(owner.page.locator("#question")).to_have_count(0)
    finally:
        page.click("button:has-text('恢复回答')")
    owner.opens("/")
    expect(owner.page.locator("#question")).to_have_count(1)
