"""A party signs in at an identity service, and finds its applications again without a code."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from portal import create_app
from portal.library.holder import warm_up
from portal.settings import Oidc
from portal.workbench import Workbench
from tests.portal.parties.identity import CLIENT, NAME, SECRET, serving

from .conftest import Visitor
from .test_applying import accepts, fills_the_rest, fills_who
from .test_cases import DEVICES, Shown


@pytest.fixture(scope="module")
def signing_site(bench: Workbench, site: str) -> Iterator[str]:
    """The portal of the other journeys, told of an identity service at which everybody signs in at once."""
    with serving() as identity:
        app = create_app(dataclasses.replace(bench.settings, oidc=Oidc(identity.address, CLIENT, SECRET)))
        assert warm_up(app)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        app.extensions["rouwen.database"].engine.dispose()


@pytest.mark.parametrize("device", DEVICES)
def test_signed_in_the_name_is_filled_in_and_no_code_is_needed(
    browser: Browser, signing_site: str, device: str
):
    owner = Visitor(browser, signing_site, expected="left the site", **DEVICES[device])
    page, shown = owner.page, Shown(device != "no scripts")
    accepts(page)
    shown(owner, "who, not signed in")
    page.click("text=用统一身份认证登录")
    page.wait_for_url("**/apply/step/who")
    assert page.input_value("#party_name") == NAME
    shown(owner, "who, signed in")
    fills_who(page)
    fills_the_rest(page)
    page.click("main form .button")
    page.wait_for_url("**/apply/receipt")
    number = page.locator("#number").inner_text()

    elsewhere = Visitor(browser, signing_site, expected="left the site", **DEVICES[device])
    there = elsewhere.opens("/applications")
    shown(elsewhere, "number and code, or signing in")
    there.click("text=用统一身份认证登录")
    there.wait_for_url("**/me")
    shown(elsewhere, "my applications")
    there.click(f".mine >> text={number}")
    there.wait_for_url(f"**/applications/{number}")
    expect(there.locator("#state")).to_contain_text("等机关受理")
    shown(elsewhere, "the application")
    there.goto(f"/applications/{number}/data")
    with there.expect_download() as taken:
        there.click("text=全部打包下载")
    assert taken.value.suggested_filename == f"{number}.zip"

    there.goto("/me")
    there.click("text=退出登录")
    expect(there.locator("h1")).to_have_text("已退出")
    shown(elsewhere, "signed out")
    there.goto(f"/applications/{number}")
    expect(there.locator("#code")).to_have_count(1)
    for visitor in (owner, elsewhere):
        visitor.context.close()
        assert [c for c in visitor.complaints if visitor.expected not in c] == []
    assert shown.found == {}
