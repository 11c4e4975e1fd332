"""A publication that takes long: its page tells how far it is, may be left and found again, and leads on."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from portal.library.commands import knowledge
from portal.library.desk.jobs import running
from portal.library.progress import Stage
from portal.library.record import current_release

from .conftest import PHONE, WIDE
from .desk import brings_in, comes_in
from .test_desk import SLOW, Looker

LOOKS = {"wide": WIDE, "phone": PHONE}
CITIES = {"wide": ("nanshan", "浙江省/台州市"), "phone": ("xiaoshan", "浙江省/湖州市")}


@pytest.fixture
def let_go(monkeypatch):
    """Rolling back stands still at its third shelf until this is set."""
    event, roll_back = threading.Event(), running.roll_back

    def slow(*given, progress, **more):
        progress(Stage.SHELVES, 3, 7)
        assert event.wait(120)
        return roll_back(*given, progress=progress, **more)

    monkeypatch.setattr(running, "roll_back", slow)
    yield event
    event.set()


@pytest.mark.parametrize("look", LOOKS)
def test_a_long_job_is_watched_left_found_again_and_leads_on(visit, bench, tmp_path, let_go, look):
    instrument, region = CITIES[look]
    looker = Looker()
    with bench.session() as session:
        before = current_release(session).number
    brings_in(bench, tmp_path, instrument, region)
    knowledge.main(["publish"], obj=bench, standalone_mode=False)

    visitor = visit(bypass_csp=True, viewport=LOOKS[look])
    page = comes_in(visitor, bench, Role.PUBLISHER, f"patient-{look}")
    page.goto("/staff/knowledge/releases")
    page.click(f"text=退回到第 {before} 次的内容")
    page.fill(f"#reason-{before}", "先核对再发布")
    page.click("details[open] button")
    expect(page.locator("h1")).to_have_text(f"退回到第 {before} 次发布的内容", timeout=SLOW)
    expect(page.locator("#job-stage")).to_have_text("正在建立检索索引", timeout=SLOW)
    expect(page.locator("#job-part")).to_contain_text("第 3 个，共 7 个", timeout=SLOW)
    looker.at(visitor, "under way")
    job = page.url

    page.goto("/staff/knowledge/releases")
    expect(page.locator(".job-notice")).to_contain_text("正在退回")
    looker.at(visitor, "releases meanwhile")
    plain = visit(viewport=LOOKS[look], java_script_enabled=False)
    other = comes_in(plain, bench, Role.EDITOR, f"curious-{look}")
    other.goto(job)
    expect(other.locator("#job-part")).to_contain_text("第 3 个，共 7 个")
    page.click(".job-notice a")
    expect(page.locator("#job-standing")).to_have_text("正在进行")

    let_go.set()
    expect(page.locator(".banner")).to_contain_text("已退回，公众现在看到的是原来的内容", timeout=SLOW)
    expect(page).to_have_url(f"{visitor.site}/staff/knowledge/releases")
    expect(page.locator(".job-notice")).to_have_count(0)
    expect(other.locator(".banner")).to_contain_text("已退回", timeout=SLOW)
    assert looker.found == {}


def test_a_job_that_came_to_nothing_says_so_and_is_pressed_again(visit, bench, tmp_path, monkeypatch):
    looker = Looker()
    with bench.session() as session:
        before = current_release(session).number
    brings_in(bench, tmp_path, "donglin", "浙江省/金华市")
    knowledge.main(["publish"], obj=bench, standalone_mode=False)

    def breaks(*_given, **_more):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(running, "roll_back", breaks)
        visitor = visit(bypass_csp=True)
        page = comes_in(visitor, bench, Role.PUBLISHER, "unlucky")
        page.goto("/staff/knowledge/releases")
        page.click(f"text=退回到第 {before} 次的内容")
        page.fill(f"#reason-{before}", "先核对再发布")
        page.click("details[open] button")
        expect(page.locator("#job-standing")).to_have_text("没有完成，内容没有变", timeout=SLOW)
    looker.at(visitor, "broken")
    page.click("button:has-text('再退回一次')")
    expect(page.locator(".banner")).to_contain_text("已退回，公众现在看到的是原来的内容", timeout=SLOW)
    expect(page.locator(".releases .current")).to_contain_text("先核对再发布")
    assert looker.found == {}
