"""An officer looks at the figures of the agency, chooses the year and takes the table along."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from portal import create_app
from portal.accounts.cookies import STAFF_AREA, STAFF_COOKIE
from portal.accounts.models import Role
from portal.applications.acts import Officer
from portal.applications.lifecycle import State
from portal.calendar import today
from tests.portal.applications.desk import bring_to
from tests.portal.small import ZHANHE
from tests.portal.staff import make_staff, sign_in_as

from .conftest import PHONE, WIDE
from .test_everyone import violations

LOOKS = {"wide": WIDE, "phone": PHONE}


@pytest.fixture(params=LOOKS)
def officer(request, visit, bench):
    """Signed in, at an agency of the journey's own with one case that is done and one that is not."""
    look = request.param
    visitor = visit(bypass_csp=True, viewport=LOOKS[look], accept_downloads=True)
    client: FlaskClient = create_app(bench.settings).test_client()
    with bench.session() as session:
        agency = f"湛河区统计试验局{look}"
        staff = make_staff(session, Role.OFFICER, agency=agency, region=ZHANHE)
        for state in (State.ACCEPTED, State.CONCLUDED):
            bring_to(session, state, Officer(staff.id, staff.name, staff.agency_id), agency=agency)
        sign_in_as(client, session, staff)
    cookie = client.get_cookie(STAFF_COOKIE, path=STAFF_AREA)
    visitor.context.add_cookies(
        [{"name": STAFF_COOKIE, "value": cookie.value, "url": visitor.site + STAFF_AREA}]
    )
    return visitor


def test_the_figures_of_a_year_are_looked_at_and_taken_along(officer):
    page = officer.opens("/staff/cases")
    page.click(".nav >> text=统计")
    expect(page.locator("h1")).to_have_text("柔性执法统计")
    expect(page.locator("h2").first).to_contain_text(f"{today().year}年{today().month}月")
    page.select_option("#month", "0")
    page.click(".filters button")
    expect(page.locator("h2").first).not_to_contain_text("月")
    row = page.locator(".figures tr", has=page.get_by_role("rowheader", name="依申请", exact=True))
    expect(row.locator("td").last).to_have_text("2")
    expect(page.locator("main [role=status]")).to_contain_text("没有办结的案件：1 件")
    assert violations(page) == []
    assert officer.overflows() <= 0
    with page.expect_download() as coming:
        page.click("text=下载表格")
    assert coming.value.suggested_filename == f"figures-{today().year}.csv"
    assert "办结" in Path(coming.value.path()).read_text("utf-8-sig")
