"""An officer takes a whole case out, and anyone can read and prove what came."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from portal.bundles.proof import prove
from portal.workbench import Workbench
from tests.portal.applications.cases import make_application

from .conftest import PHONE, WIDE
from .test_cases import AGENCY, Shown, desk, does  # noqa: F401  a fixture among them
from .test_everyone import violations


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_file_of_a_case_is_taken_out_read_and_proved(
    desk,  # noqa: F811
    browser: Browser,
    bench: Workbench,
    tmp_path: Path,
    size: dict[str, int],
):
    officer = desk(viewport=size, bypass_csp=True)
    with bench.session() as session:
        number = make_application(session, agency=AGENCY).number
    page = officer.page
    does(page, number, "受理")
    shown = Shown(True)
    shown(officer, "the case")
    with page.expect_download() as taken:
        page.click("text=导出整个案卷")
    zipped = tmp_path / taken.value.suggested_filename
    taken.value.save_as(zipped)
    assert prove(zipped).number == number

    folder = tmp_path / "read"
    ZipFile(BytesIO(zipped.read_bytes())).extractall(folder)
    reader = browser.new_context(viewport=size).new_page()
    for name in ("catalogue", "case"):
        reader.goto((folder / f"{name}.html").as_uri())
        assert violations(reader) == []
        assert reader.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    reader.goto((folder / "catalogue.html").as_uri())
    reader.click("text=case.html")
    expect(reader.locator("h1")).to_contain_text(number)
    reader.context.close()
    page.goto(f"/staff/cases/{number}")
    expect(page.locator(".bundle")).to_contain_text("上次导出")
    assert shown.found == {}
