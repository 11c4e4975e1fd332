"""The topic pages in a browser: accessible, and no wider than a phone."""

import pytest
from playwright.sync_api import expect

from .test_everyone import LOOKS, violations

PAGES = ("/library/topics", "/library/topics/procedure", "/library/topics/withdrawal")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_a_topic_page(visit, look):
    reader = visit(bypass_csp=True, **LOOKS[look])
    found = {address: violations(reader.opens(address)) for address in PAGES}
    assert {address: bad for address, bad in found.items() if bad} == {}


@pytest.mark.parametrize("address", PAGES)
def test_a_topic_page_fits_320_pixels_also_with_large_text(visit, address):
    reader = visit(viewport={"width": 320, "height": 640})
    reader.opens(address)
    assert reader.overflows() <= 0
    reader.context.add_cookies([{"name": "text", "value": "large", "url": reader.site}])
    reader.opens(address)
    assert reader.overflows() <= 0


def test_without_scripts_one_walks_from_the_library_to_a_regions_clause_and_asks(visit):
    reader = visit(java_script_enabled=False)
    page = reader.opens("/library")
    page.click(".to-topics a")
    page.click("a[href='/library/topics/procedure']")
    page.click(".branches a[href='/library/topics/withdrawal']")
    expect(page.locator(".voice").nth(1)).to_be_visible()
    page.locator(".ask-examples a").first.click()
    assert page.locator("#question").input_value()
