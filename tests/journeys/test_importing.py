"""An editor brings a list in: drops the file, corrects what was read, leaves a row out, saves the draft."""

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from tests.portal.imports import NOTICE, ROWS, workbook
from tests.portal.test_import_originals import notice_pdf

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
    puts_a_row_right(page, looker, editor)
    page.click("button:has-text('存为草稿') >> nth=0", timeout=SLOW)
    page.wait_for_selector("text=已存为草稿")
    expect(page.locator(".desk-part")).to_have_count(2)
    page.goto(f"/staff/knowledge/documents/zhanhe-cg-{look}/item?number=2")
    assert page.input_value("#c-1-days") == "7"
    assert page.input_value("#c-2-unit") == "平方米"
    looker.at(editor, "draft")

    page.goto("/staff/knowledge")
    expect(page.locator(f".waits a:has-text('{title}')")).to_have_count(1)
    page.goto("/staff/knowledge/import")
    expect(page.locator(".pending tbody tr")).to_have_count(0)
    assert looker.found == {}


def folder_of_an_agency(place):
    """A notice, a list one folder down, and two files that nobody can bring in."""
    deeper = place / "2025" / "清单"
    deeper.mkdir(parents=True)
    (place / "办法.txt").write_text(NOTICE, encoding="utf-8")
    (deeper / "清单.xlsx").write_bytes(workbook())
    (deeper / "照片.png").write_bytes(b"\x89PNG")
    (place / ".DS_Store").write_bytes(b"x")
    return place


def drops(page, folder):
    """Drops a folder as a hand does, so that the browser itself reads what is in it."""
    box = page.locator("[data-drop]").bounding_box()
    hand = page.context.new_cdp_session(page)
    held = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for what in ("dragEnter", "dragOver", "drop"):
        hand.send(
            "Input.dispatchDragEvent", {"type": what, "x": box["x"] + 20, "y": box["y"] + 20, "data": held}
        )


@pytest.mark.parametrize("look", LOOKS)
def test_a_folder_is_dropped_or_chosen_and_what_is_left_out_is_told(visit, bench, tmp_path, look):
    looker = Looker()
    editor = visit(bypass_csp=True, viewport=LOOKS[look])
    page = comes_in(editor, bench, Role.EDITOR, f"folder-importer-{look}")
    page.goto("/staff/knowledge/import")
    folder = folder_of_an_agency(tmp_path / "文件")
    drops(page, folder)
    expect(page.locator("[data-chosen] li")).to_have_text(["办法.txt", "清单.xlsx"])
    expect(page.locator("[data-left-out]")).to_have_text("没有选上：不能导入的格式 2 个。")
    looker.at(editor, "dropped folder")
    page.reload()
    page.set_input_files("#folder", folder)
    expect(page.locator("[data-chosen] li")).to_have_text(["办法.txt", "清单.xlsx"])
    page.click("text=读取并核对")
    expect(page.locator(".pending tbody tr")).to_have_count(2)
    assert looker.found == {}


def test_of_a_folder_no_more_is_chosen_than_one_form_may_bring_in(visit, bench):
    editor = visit()
    page = comes_in(editor, bench, Role.EDITOR, "folder-limits")
    page.goto("/staff/knowledge/import")
    said = page.evaluate("""async () => {
      const { fitting, leftOut } = await import("/static/js/folder.js");
      const words = document.querySelector("[data-drop]").dataset;
      const limits = { ...words, files: 2, mib: 1, total: 1 };
      const file = (name, size) => new File([new Uint8Array(size)], name);
      const small = ["甲.txt", "乙.PDF", "丙.csv", "x.exe"].map((name) => file(name, 9));
      const many = [...small, file("大.txt", 2_000_000)];
      const sifted = fitting({ files: many, unread: 1, cut: true }, limits);
      const none = fitting({ files: [] }, limits);
      return [sifted.kept.map((kept) => kept.name), leftOut(sifted, words), leftOut(none, words)];
    }""")
    assert len(said[0]) == 2
    assert said[1] == (
        "没有选上：不能导入的格式 1 个，超过 20 MB 的 1 个，超出一次 100 个、合计 80 MB 的 1 个，"
        "读不到的 1 个，文件夹太大，只看了前 2000 个。"
    )
    assert said[2] == "文件夹里没有文件。"


def test_without_scripts_several_files_are_chosen_and_no_folder_is_offered(visit, bench):
    editor = visit(java_script_enabled=False)
    page = comes_in(editor, bench, Role.EDITOR, "folder-importer-plain")
    page.goto("/staff/knowledge/import")
    assert page.locator("#folder").is_hidden()
    texts = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": NOTICE.encode()} for n in "甲乙"]
    page.set_input_files("#files", texts)
    page.click("text=读取并核对")
    expect(page.locator(".pending tbody tr")).to_have_count(2)


def puts_a_row_right(page, looker, editor):
    """Opens the second row of the preview, corrects two conditions, reloads on the way, and comes back."""
    page.click("tr:has-text('乱贴广告') button")
    page.wait_for_selector("#c-2-words")
    looker.at(editor, "row")
    page.fill("#c-2-words", "占用面积不超过5平方米")
    page.click("button[value='read:c-2']")
    expect(page.locator("#c-2-value")).to_have_value("5")
    page.fill("#c-1-days", "很快")
    expect(page.locator("[data-told]")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("#c-1-days")).to_have_value("很快")
    expect(page.locator("#c-2-unit")).to_have_value("平方米")
    expect(page.locator("#c-1-days-wrong")).to_be_visible()
    looker.at(editor, "wrong row")
    page.fill("#c-1-days", "7")
    page.click("button:has-text('保存，回到预览')")
    expect(page.locator("tr:has-text('乱贴广告') .badge")).to_have_text("已改过")
    expect(page.locator("tr:has-text('乱贴广告')")).to_contain_text("7 日内改正")
    assert "#row-2" in page.url
    looker.at(editor, "preview with a corrected row")


@pytest.mark.parametrize("look", LOOKS)
def test_a_clause_of_a_pdf_leads_to_the_picture_of_its_page(visit, bench, look):
    looker = Looker()
    editor = visit(bypass_csp=True, viewport=LOOKS[look], expected="422")  # of the page that is not drawn
    page = comes_in(editor, bench, Role.EDITOR, f"pdf-importer-{look}")
    page.goto("/staff/knowledge/import")
    page.route("**/pages/3.png", lambda route: route.fulfill(status=422))
    held = {"name": "办法.pdf", "mimeType": "application/pdf", "buffer": notice_pdf()}
    page.set_input_files("#files", [held])
    page.click("text=读取并核对")
    page.click("[aria-label='二、（二）'] a")
    assert page.url.endswith("#page-2")
    page.wait_for_function("document.querySelector('#page-2 img').naturalWidth > 0")
    page.click("#page-2 summary")
    expect(page.locator("#page-2 details")).to_contain_text("撤回自己的申请")
    page.locator("#page-3").scroll_into_view_if_needed()
    expect(page.locator("#page-3 [data-undrawn]")).to_be_visible()
    looker.at(editor, "pages")
    assert looker.found == {}


def test_a_row_is_put_right_without_scripts(visit, bench):
    editor = visit(java_script_enabled=False)
    page = comes_in(editor, bench, Role.EDITOR, "row-importer-plain")
    page.goto("/staff/knowledge/import")
    page.set_input_files(
        "#files", [{"name": "清单.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}]
    )
    page.click("text=读取并核对")
    page.fill("#title", "没有脚本的清单")
    page.click("tr:has-text('占道') button")
    page.click("button:has-text('添一条条件')")
    page.fill("#c-2-words", "没有造成危害后果")
    page.click("button[value='read:c-2']")
    assert page.input_value("#c-2-kind") == "HarmIs"
    page.click("button:has-text('保存，改下一项')")
    page.click(".crumbs a:has-text('没有脚本的清单')")
    expect(page.locator("tr:has-text('占道'):has-text('没有造成危害后果')")).to_have_count(1)


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
