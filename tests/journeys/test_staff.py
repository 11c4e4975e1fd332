"""Staff: an administrator finds in, adds an officer, and the officer finds in too."""

import pytest
from playwright.sync_api import expect

from portal.accounts.acts import FIRST_AGENCY, add_staff
from portal.accounts.models import Role
from tests.portal.staff import PASSWORD, code_now

from .conftest import PHONE, WIDE
from .test_everyone import violations

LOOKS = {"wide": WIDE, "phone": PHONE}


def sign_in(page, name, password):
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("main .button")


def find_in(owner, name, password, shown):
    """From a one-time password to the start page; every page on the way is looked at."""
    page = owner.page
    sign_in(page, name, password)
    page.wait_for_url("**/staff/new-password")
    shown(page, "new-password")
    page.fill("#new_password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main .button")
    page.wait_for_url("**/staff/second-factor")
    shown(page, "second-factor")
    secret = page.inner_text("#secret").replace(" ", "")
    page.fill("#code", code_now(secret))
    page.click("main .button")
    page.wait_for_selector(".codes")
    shown(page, "recovery-codes")
    expect(page.locator(".codes code")).to_have_count(10)
    page.click("main .button")
    page.wait_for_url("**/staff")
    shown(page, "home")
    return secret


@pytest.mark.parametrize("look", LOOKS)
def test_an_administrator_finds_in_and_adds_an_officer_who_finds_in(visit, bench, site, look):
    with bench.session() as session:
        made = add_staff(session, f"admin-{look}", Role.ADMINISTRATOR, FIRST_AGENCY)
    owner = visit(bypass_csp=True, viewport=LOOKS[look])
    found = {}

    def shown(page, name):
        if bad := violations(page):
            found[name] = bad
        if owner.overflows() > 0:
            found[f"{name} overflows"] = owner.overflows()

    page = owner.opens("/staff/accounts")
    shown(page, "sign-in")
    find_in_by = made.staff.name, made.password
    sign_in(page, *find_in_by)
    page.click("text=取消登录")
    page.wait_for_url("**/staff/sign-in")
    secret = find_in(owner, *find_in_by, shown)

    page.click("nav >> text=账号管理")
    page.wait_for_url("**/staff/accounts")
    shown(page, "accounts")
    page.click("summary")
    officer = f"officer-{look}"
    page.fill("#name", officer)
    page.fill("#agency", "湛河区城市管理局")
    page.check("[value=officer]")
    shown(page, "adding")
    page.click("details .button")
    one_time = page.inner_text("#one-time-password")
    shown(page, "one-time-password")
    page.click(f"main a >> text={officer}")
    page.wait_for_url("**/staff/accounts/*")
    shown(page, "person")
    page.click("main >> text=账号管理")
    page.wait_for_url("**/staff/accounts")
    page.fill("li:has-text('湛河区城市管理局') [name=region]", "湛河区")
    page.click("li:has-text('湛河区城市管理局') button")
    page.wait_for_selector("text=区域已保存")
    page.click("nav >> text=我的账号")
    page.wait_for_url("**/staff/account")
    shown(page, "account")
    page.click("text=退出")
    page.wait_for_url("**/staff/sign-in")

    find_in(owner, officer, one_time, shown)
    expect(page.locator("main")).to_contain_text("湛河区城市管理局")
    expect(page.locator("nav >> text=账号")).to_have_count(1)  # the own account, and nothing to administer
    page.click("text=退出")
    page.wait_for_url("**/staff/sign-in")

    sign_in(page, made.staff.name, PASSWORD)
    page.wait_for_url("**/staff/code")
    shown(page, "code")
    page.fill("#code", code_now(secret, 1))
    page.click("main .button")
    page.wait_for_url("**/staff")
    page.click("text=退出")
    page.wait_for_url("**/staff/sign-in")
    assert found == {}
