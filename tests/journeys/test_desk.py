"""A city's notice comes in: an editor confirms and corrects, another reviews, a third publishes, and back."""

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role

from .conftest import PHONE, WIDE
from .desk import brings_in, comes_in
from .test_everyone import violations

SLOW = 60_000  # measuring proposals and publishing take seconds, and more on a busy machine
LOOKS = {"wide": WIDE, "phone": PHONE}
CITIES = {"wide": ("shanqian", "浙江省/宁波市"), "phone": ("houshan", "浙江省/温州市")}
ASKED = "谈话的时候能拉个熟人一起去吗"
TALK = "[id='s-二-（二）']"
START = "[id='s-二-（一）']"


class Looker:
    """Looks at every page on the way: axe finds nothing, and nothing is wider than the window."""

    def __init__(self) -> None:
        self.found = {}

    def at(self, visitor, name):
        if bad := violations(visitor.page):
            self.found[name] = bad
        if visitor.overflows() > 0:
            self.found[f"{name} overflows"] = visitor.overflows()


def presses(page, selector):
    page.locator(selector).first.click()


@pytest.mark.parametrize("look", LOOKS)
def test_an_imported_notice_is_confirmed_reviewed_published_asked_about_and_taken_back(
    visit, bench, tmp_path, look
):
    instrument, region = CITIES[look]
    looker = Looker()

    def someone(role, name):
        visitor = visit(bypass_csp=True, viewport=LOOKS[look], expected="422")  # a topic that is not known
        page = comes_in(visitor, bench, role, f"{name}-{look}")
        page.goto("/staff/knowledge")
        looker.at(visitor, f"{name} at the desk")
        return visitor, page

    brings_in(bench, tmp_path, instrument, region)
    editor, page = someone(Role.EDITOR, "editor")
    page.click(f".documents a[href$='/{instrument}']")
    page.click("button:has-text('打开草稿')", timeout=SLOW)
    looker.at(editor, "document")
    edits(page, instrument)
    looker.at(editor, "clause")
    page.click(".crumbs a >> nth=1")
    page.click("button:has-text('送审')")
    page.wait_for_selector("text=已送审")

    reviewer, page = someone(Role.REVIEWER, "reviewer")
    page.click(".waits a")
    looker.at(reviewer, "difference")
    expect(page.locator("main")).to_contain_text(ASKED)
    page.click("button:has-text('审核通过')")
    page.wait_for_selector("text=已审核通过")

    owner = visit(bypass_csp=True, viewport=LOOKS[look])
    owner.opens("/")
    owner.asks(ASKED, region.rpartition("/")[2])
    expect(owner.page.locator("#a1")).not_to_contain_text("联络员")

    publisher, page = someone(Role.PUBLISHER, "publisher")
    page.click(".waits a")
    before = page.inner_text(".releases .current strong").split()[1]
    looker.at(publisher, "releases")
    page.click("button:has-text('发布选中的内容')")
    page.wait_for_selector("text=已发布，公众现在看到的是新内容", timeout=SLOW)
    looker.at(publisher, "published")

    owner.opens("/")
    owner.asks(ASKED, region.rpartition("/")[2])
    expect(owner.page.locator("#a1")).to_contain_text("联络员")
    topic = owner.opens("/library/topics/voluntary")
    voice = topic.locator(f".voice:has-text('{region.rpartition('/')[2]}')")
    expect(voice).to_have_count(1)
    expect(voice.locator("text=归类待确认")).to_have_count(0)

    page.click(f"text=退回到第 {before} 次的内容")
    page.fill(f"#reason-{before}", "先核对再发布")
    page.click("details[open] button")
    page.wait_for_selector("text=已退回，公众现在看到的是原来的内容", timeout=SLOW)
    expect(page.locator(".releases .current")).to_contain_text("先核对再发布")
    owner.opens("/library/topics/voluntary")
    expect(owner.page.locator(f".voice:has-text('{region.rpartition('/')[2]}')")).to_have_count(0)
    assert looker.found == {}


def edits(page, instrument):
    """Confirms the clause on how it starts, turns the topics of another down, and writes how people ask."""
    presses(page, f"{START} button:has-text('全部采用')")
    page.wait_for_selector(f"{START} .state-word.settled")
    assert page.url.endswith(instrument), "with scripts the page stays where it is"
    while page.locator(f"{TALK} .chip.open").count():
        waiting = page.locator(f"{TALK} .chip.open").count()
        presses(page, f"{TALK} .chip.open button:has-text('不用')")
        page.wait_for_function(
            "([part, count]) => document.querySelectorAll(`${part} .chip.open`).length < count",
            arg=[TALK, waiting],
        )
    presses(page, f"{TALK} .foot a")
    page.fill("#topic", "没有这个话题")
    page.click("form:has(#topic) button")
    expect(page.locator("#topic-wrong")).to_have_count(1)
    page.fill("#topic", "行政约谈")
    page.click("form:has(#topic) button")
    page.wait_for_selector("text=已保存")
    page.fill("#askings", f"{ASKED}\n商会的人能陪我去吗")
    page.click("form:has(#askings) button")
    page.wait_for_selector(f".askings >> text={ASKED}")
    page.fill("#plain", "去约谈时可以带一位商会联络员陪着，但话要自己说。")
    page.click("form:has(#plain) button")
    page.wait_for_selector("text=已保存")


def test_the_desk_works_without_scripts_and_by_keyboard(visit, bench, tmp_path):
    brings_in(bench, tmp_path, "dongshan", "浙江省/嘉兴市")
    plain = visit(java_script_enabled=False)
    page = comes_in(plain, bench, Role.EDITOR, "editor-without-scripts")
    page.goto("/staff/knowledge/documents/dongshan")
    page.click("button:has-text('打开草稿')", timeout=SLOW)
    presses(page, f"{START} .chip button:has-text('采用')")
    assert "#s-" in page.url
    expect(page.locator(f"{START} .chip.settled").first).to_be_visible()

    scripted = visit()
    page = comes_in(scripted, bench, Role.EDITOR, "editor-by-keyboard")
    page.goto("/staff/knowledge/documents/dongshan?show=open")
    first = page.locator(".desk-part").first
    waiting = page.locator(".desk-part").count()
    first.locator("button:has-text('全部采用')").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("count => document.querySelectorAll('.desk-part').length < count", arg=waiting)
    assert page.evaluate("document.activeElement !== document.body")
    page.goto("/staff/knowledge/documents/dongshan")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("button:has-text('放弃草稿')")
    page.wait_for_selector("text=已放弃")
