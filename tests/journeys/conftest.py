"""A whole portal on loopback with the starter knowledge, and a headless Chromium to walk through it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from portal import create_app, schema
from portal.library.desk.jobs.joining import start_jobs
from portal.library.holder import warm_up
from portal.library.readiness import prepare
from portal.settings import Settings
from portal.workbench import Workbench

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 760}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.services)
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """What the operator of the portal works with."""
    data = tmp_path_factory.mktemp("site")
    return Workbench(Settings(data=data, database_url=f"sqlite:///{data / 'rouwen.db'}", rate=10_000))


@pytest.fixture(scope="session")
def site(bench: Workbench) -> Iterator[str]:
    """The address of a portal that holds the starter knowledge."""
    schema.upgrade(bench.database)
    with bench.session() as session:
        list(prepare(session, bench.shelving))
    app = create_app(bench.settings)
    assert warm_up(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    consuming = start_jobs(app)
    yield f"http://127.0.0.1:{server.server_port}"
    consuming.stop()
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        pytest.skip("no Chromium here: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """Someone at a browser. Whatever the page complains about fails the journey, unless it was expected.

    ``expected`` is a word of a complaint that belongs to the journey, such as the status 422.
    """

    def __init__(self, browser: Browser, site: str, expected: str = "", **options: object) -> None:
        self.site = site
        self.expected = expected
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(**{"locale": "zh-CN", "base_url": site, **options})  # type: ignore[arg-type]
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text)
        )
        self.page.on(
            "request", lambda r: r.url.startswith(site) or self.complaints.append(f"left the site: {r.url}")
        )

    def opens(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def asks(self, question: str, region: str = "") -> Page:
        """Puts a question in the box of the page and waits for the finished answer."""
        answers = self.page.locator(".answer[id]").count()
        self.page.fill("#question", question)
        if region:
            self.page.fill("#region", region)
        self.page.click("#ask .button")
        self.page.wait_for_selector(f"#a{answers + 1}")
        return self.page

    def waits_for_focus(self, place: str) -> None:
        """Returns once what has this id has the focus; fails where it does not get it."""
        self.page.wait_for_function("id => document.activeElement.id === id", arg=place)

    def overflows(self) -> int:
        """By how many pixels the page is wider than the window, once all of it is there."""
        self.page.wait_for_load_state()
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[object]:
    """Makes visitors; at the end none of their pages may have complained."""
    with ExitStack() as doors:
        visitors: list[Visitor] = []

        def make(**options: object) -> Visitor:
            visitor = Visitor(browser, site, **{"viewport": WIDE, **options})
            doors.callback(visitor.context.close)
            visitors.append(visitor)
            return visitor

        yield make
        complaints = [c for v in visitors for c in v.complaints if not v.expected or v.expected not in c]
        assert complaints == []
