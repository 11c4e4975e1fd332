"""Everyone can use it: without scripts, by keyboard, on a narrow screen, with large text, in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import PHONE
from .test_asking import STORY, WITHDRAW

PAGES = (
    "/",
    "/?document=zhanhe&section=二/（三）/1",
    "/library",
    "/library?q=撤回&region=河南省/平顶山市/湛河区",
    "/library/zhanhe",
    "/library/zhanhe/二/（三）/1",
    "/library/apl2021",
    "/library/tax-cn-2021-06",
    "/library/tax-cn-2021-06/1",
    "/about",
    "/privacy",
    "/accessibility",
    "/help",
    "/apply",
    "/apply?region=湛河区",
    "/applications",
    "/no-such-page",
)
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": PHONE},
}


def violations(page):
    """What axe finds in the page once all of it is there: a click returns with its first bytes."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page(visit, look):
    owner = visit(bypass_csp=True, expected="404", **LOOKS[look])
    found = {address: violations(owner.opens(address)) for address in PAGES}
    assert {address: bad for address, bad in found.items() if bad} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_a_conversation(visit, look):
    owner = visit(bypass_csp=True, **LOOKS[look])
    page = owner.opens("/")
    owner.asks(STORY)
    owner.asks(WITHDRAW)
    page.locator("#a2 .answer-text .mark").first.click()
    page.click("#a2 .feedback summary")
    page.click("#region-choice summary")
    assert violations(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_needs_sideways_scrolling_at_320_pixels_or_with_large_text(visit, address):
    owner = visit(viewport={"width": 320, "height": 640}, expected="404")
    owner.opens(address)
    assert owner.overflows() <= 0
    owner.context.add_cookies([{"name": "text", "value": "large", "url": owner.site}])
    owner.opens(address)
    assert owner.overflows() <= 0


def test_text_at_twice_the_size_still_fits(visit):
    owner = visit(viewport={"width": 640, "height": 800})
    page = owner.opens("/")
    owner.asks(STORY)
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert owner.overflows() <= 0


def test_without_scripts_the_whole_way_can_be_walked(visit):
    owner = visit(java_script_enabled=False)
    page = owner.opens("/")
    page.fill("#question", STORY)
    page.click("#ask .button")
    page.wait_for_selector("#a1")
    page.locator("#a1 .back .choice").first.click()
    page.wait_for_selector("#a2")
    mark = page.locator("#a2 .answer-text .mark").first
    target = mark.get_attribute("href")
    mark.click()
    assert page.url.endswith(target)
    expect(page.locator(f"{target} .clause-text")).to_be_visible()
    page.click("#a2 .feedback summary")
    page.check("#a2 input[value=wrong]")
    page.click("#a2 .feedback-more .choice")
    page.wait_for_selector("#a2 .thanks")
    page.fill("#question", WITHDRAW)
    page.click("#ask .button")
    page.wait_for_selector("#a3")


def test_without_scripts_a_library_item_can_be_found_and_asked_about(visit):
    owner = visit(java_script_enabled=False)
    page = owner.opens("/library")
    page.fill("#q", "撤回")
    page.click(".find .button")
    page.locator(".hits a").first.click()
    page.click("text=就这一条提问")
    expect(page.locator(".about-item")).to_be_visible()
    page.click("#ask .button")
    page.wait_for_selector("#a1")


def test_by_keyboard_alone_one_asks_and_opens_a_clause(visit):
    owner = visit()
    page = owner.opens("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    owner.waits_for_focus("main")
    page.keyboard.press("Tab")
    owner.waits_for_focus("question")
    page.keyboard.type(WITHDRAW)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#a1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "mark"
    page.keyboard.press("Enter")
    owner.waits_for_focus("panel")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "mark"


@pytest.mark.parametrize(
    ("button", "attribute", "value"), [("长辈版", "data-text", "large"), ("深色", "data-theme", "dark")]
)
def test_a_look_is_one_click_and_holds_on_every_page(visit, button, attribute, value):
    owner = visit()
    page = owner.opens("/library/zhanhe")
    page.click(f".look button:has-text('{button}')")
    page.wait_for_selector(f"html[{attribute}={value}]")
    assert page.url.endswith("/library/zhanhe")
    owner.opens("/")
    assert page.locator("html").get_attribute(attribute) == value


def test_large_text_is_large(visit):
    owner = visit()
    page = owner.opens("/")
    size = "parseFloat(getComputedStyle(document.querySelector('.lead')).fontSize)"
    before = page.evaluate(size)
    page.click(".look button:has-text('长辈版')")
    page.wait_for_selector("html[data-text=large]")
    page.wait_for_function(f"{size} >= {before * 1.25}")


def test_the_dark_of_the_device_is_followed_and_can_be_overruled(visit):
    owner = visit(color_scheme="dark")
    page = owner.opens("/")
    shade = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(shade)
    page.click(".look button:has-text('浅色')")
    page.wait_for_selector("html[data-theme=light]")
    assert page.evaluate(shade) != dark


def test_the_language_is_one_click_away_on_the_same_page(visit):
    owner = visit()
    page = owner.opens("/library/zhanhe")
    page.click(".look button:has-text('English')")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/library/zhanhe")


def test_everything_one_presses_is_large_enough(visit):
    owner = visit(viewport=PHONE)
    page = owner.opens("/")
    owner.asks(STORY)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, .mark, .choice, .nav a, .bottom-links a')]
            .filter((e) => e.checkVisibility())
            .map((e) => [e.textContent.trim().slice(0, 12), Math.round(e.getBoundingClientRect().height)])
            .filter(([, height]) => height < 24)"""
    )
    assert small == []


def test_on_paper_the_controls_are_gone_and_the_notice_stays(visit):
    owner = visit()
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    page.emulate_media(media="print")
    expect(page.locator(".nav")).to_be_hidden()
    expect(page.locator("#ask")).to_be_hidden()
    expect(page.locator("#a1 .notice")).to_be_visible()
    expect(page.locator("#a1 .clause-text").first).to_be_visible()
