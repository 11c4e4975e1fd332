"""A business owner hands in evidence, finds it again, and takes the receipt along."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document as WordFile
from playwright.sync_api import expect

from ..portal.uploads import samples
from .conftest import PHONE
from .test_applying import accepts, fills_who
from .test_everyone import LOOKS, violations


def photo(name: str = "收回之后.png", content: bytes | None = None) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": content or samples.png(20)}


def walks_to_the_evidence(page) -> None:
    accepts(page)
    fills_who(page)
    page.fill("#matter", "店门口摆了两把梯子，占了人行道。")
    page.click(".fields .button")
    page.check("#correction-done")
    page.click(".fields .button")
    page.wait_for_url("**/apply/step/evidence")


@pytest.mark.parametrize(
    "device", [{}, {"viewport": PHONE}, {"java_script_enabled": False}], ids=["wide", "phone", "no scripts"]
)
def test_evidence_is_handed_in_and_the_receipt_taken_along(visit, device):
    owner = visit(**device)
    owner.expected = "422"
    page = owner.page
    walks_to_the_evidence(page)

    page.set_input_files("#files", [photo(), photo("不是照片.png", b"MZ" + bytes(50))])
    page.click("text=上传 >> nth=-1")
    page.wait_for_selector("#trouble")
    expect(page.locator("#trouble")).to_contain_text("不是照片：不是能收的类型")
    expect(page.locator(".files a")).to_have_text(["收回之后.png"])
    if page.viewport_size == PHONE:
        assert owner.overflows() <= 0

    page.set_input_files("#files", [])
    page.click("button[name=next]")
    page.wait_for_url("**/apply/step/wishes")
    page.click(".fields .button")
    page.wait_for_url("**/apply/check")
    expect(page.locator("main")).to_contain_text("收回之后.png")
    page.click("main form .button")
    page.wait_for_url("**/apply/receipt")
    number = page.locator("#number").inner_text()

    page.click("text=提交回执")
    expect(page.locator(".paper h1")).to_have_text("提交回执")
    expect(page.locator(".paper")).to_contain_text("收回之后.png")
    with page.expect_download() as started:
        page.click(".paper-tools a[href$='.docx']")
    word = WordFile(BytesIO(started.value.path().read_bytes()))
    assert started.value.suggested_filename == f"提交回执 {number}.docx"
    assert number in "\n".join(paragraph.text for paragraph in word.paragraphs)

    page.click("text=回到申请")
    page.wait_for_load_state()  # a download that starts before would cut the page off
    with page.expect_download() as started:
        page.click(".files a")
    assert started.value.path().read_bytes() == samples.png(20)
    if page.viewport_size == PHONE:
        assert owner.overflows() <= 0


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_where_files_and_documents_are(visit, look):
    owner = visit(bypass_csp=True, **LOOKS[look])
    owner.expected = "422"
    page = owner.page
    walks_to_the_evidence(page)
    found = {"empty": violations(page)}
    page.set_input_files("#files", [photo(), photo("坏.png", b"MZ")])
    page.click("button[name=stay]")
    page.wait_for_selector("#trouble")
    found["refused"] = violations(page)
    page.click("button[name=next]")
    page.click(".fields .button")
    found["check"] = violations(page)
    page.click("main form .button")
    page.click("main a.button")
    found["status"] = violations(page)
    address = page.url
    page.click(".do >> text=变更内容")
    found["change"] = violations(page)
    page.goto(f"{address}/receipt")
    found["paper"] = violations(page)
    page.goto(f"{address}/delivery")
    page.click(".fields .button")
    page.wait_for_selector("#trouble")
    found["delivery"] = violations(page)
    assert {name: bad for name, bad in found.items() if bad} == {}
