"""An editor brings a list in: drops the file, corrects what was read, leaves a row out, saves the draft."""

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from tests.portal.imports import NOTICE, ROWS, workbook

from .conftest import PHONE, WIDE
from .desk import comes_in
from .test_desk import SLOW, Looker

LOOKS = {"wide": WIDE, "phone": PHONE}
DROP = """([zone, name, bytes]) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], name));
  const place = document.querySelector(zone);
  for (const what of ["dragenter", "dragover", "drop"])
    place.dispatchEvent(new DragEvent(what, { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("look", LOOKS)
def test_a_list_is_dropped_corrected_and_becomes_a_draft_on_the_desk(visit, bench, look):
    looker = Looker()
    title = f"湛河区城管免罚清单（{look}）"
    editor = visit(bypass_csp=True, viewport=LOOKS[look], expected="422")
    page = comes_in(editor, bench, Role.EDITOR, f"importer-{look}")
    page.goto("/staff/knowledge")
    page.click("text=导入文件")
    looker.at(editor, "import")

    page.set_input_files(
        "#files", [{"name": "坏.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}]
    )
    page.click("text=读取并核对")
    page.wait_for_selector("#trouble >> text=已损坏")
    looker.at(editor, "refused")

    rows = [(f"湛河区城市管理局免罚清单{look}",), *ROWS[1:]]
    page.evaluate(DROP, ["[data-drop]", "清单.xlsx", list(workbook(rows))])
    assert page.evaluate("document.querySelector('#files').files.length") == 1
    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_selector(".import-items")
    expect(page.locator(".import-items")).to_contain_text("认作：已及时改正")
    looker.at(editor, "preview")

    page.fill("#title", title)
    page.fill("#region", "火星市")
    page.wait_for_selector("[data-told]:has-text('已保存')")
    page.reload()
    assert page.input_value("#title") == title
    assert page.input_value("#region") == "火星市"
    expect(page.locator("#region-wrong")).to_contain_text("没有找到地区")
    looker.at(editor, "wrong region")
    page.fill("#region", "湛河")
    page.fill("#instrument", f"zhanhe-cg-{look}")
    page.check("tr:has-text('这一行不该有') input")
    page.click("button:has-text('更新预览') >> nth=0")
    page.wait_for_selector("tr.gone")
    expect(page.locator("#region-wrong")).to_have_count(0)
    looker.at(editor, "corrected")
    page.click("button:has-text('存为草稿') >> nth=0", timeout=SLOW)
    page.wait_for_selector("text=已存为草稿")
    expect(page.locator(".desk-part")).to_have_count(2)
    looker.at(editor, "draft")

    page.goto("/staff/knowledge")
    expect(page.locator(f".waits a:has-text('{title}')")).to_have_count(1)
    page.goto("/staff/knowledge/import")
    expect(page.locator(".pending tbody tr")).to_have_count(0)
    assert looker.found == {}


def test_a_pasted_notice_comes_in_without_scripts(visit, bench):
    editor = visit(java_script_enabled=False)
    page = comes_in(editor, bench, Role.EDITOR, "importer-plain")
    page.goto("/staff/knowledge/import")
    page.fill("#title", "宜居区柔性执法实施办法")
    page.fill("#text", NOTICE)
    page.click("text=读取并核对")
    assert page.input_value("#title") == "宜居区柔性执法实施办法"
    page.fill("#instrument", "pasted-notice")
    page.click("[aria-label='二、（二）'] a")
    assert "#line-9" in page.url
    page.click("button:has-text('存为草稿') >> nth=0", timeout=SLOW)
    assert page.url.endswith("/documents/pasted-notice")
    expect(page.locator("main")).to_contain_text("当事人可以撤回自己的申请")
