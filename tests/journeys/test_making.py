"""A list of a district is made, with its steps on record, published, and filed in time."""

import pytest
from playwright.sync_api import expect

from portal.accounts.models import Role
from portal.library.commands import knowledge

from .conftest import PHONE, WIDE
from .desk import comes_in
from .test_desk import Looker

LOOKS = {"wide": WIDE, "phone": PHONE}
LIST = """序号,违法行为,处罚依据,适用条件,处理结果
1,未按规定设置垃圾收集容器,试验条例第一条,初次违法；危害后果轻微；及时改正,不予处罚
2,在树木上晾晒物品,试验条例第二条,初次违法；及时改正,不予处罚
"""


def brings_in_list(bench, folder, instrument):
    file = folder / f"{instrument}.csv"
    file.write_text(LIST, encoding="utf-8")
    told = ["--id", instrument, "--region", "浙江省/舟山市/岱山县", "--title", "岱山县城市管理轻微违法清单"]
    more = ["--number", f"岱试〔2026〕{instrument}号", "--issued", "2026-10-01", "--department", "城市管理"]
    knowledge.main(["import-list", str(file), *told, *more], obj=bench, standalone_mode=False)


@pytest.mark.parametrize("look", LOOKS)
def test_a_list_is_made_on_record_published_and_filed(visit, bench, tmp_path, look):
    instrument = f"daishan-{look}"
    looker = Looker()
    brings_in_list(bench, tmp_path, instrument)

    editor = visit(bypass_csp=True, viewport=LOOKS[look])
    page = comes_in(editor, bench, Role.EDITOR, f"maker-{look}")
    page.goto(f"/staff/knowledge/documents/{instrument}")
    page.click("text=制定过程、意见和责任单位")
    expect(page.locator("main .banner")).to_contain_text("调研论证、意见征询、合法性审核")
    page.check("[name=kind][value=study]")
    page.fill("#held_on", "2026-05-06")
    page.fill("#step_words", "走访二十家经营者，逐项核对。")
    page.click("button:has-text('登记')")
    page.wait_for_selector("text=已登记")
    page.fill("#owner_unit", "岱山县综合行政执法局法制科")
    page.fill("#review_due", "2026-12-01")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=最近保存")
    page.select_option("#section", "1")
    page.fill("#words", "时限按几日算？")
    page.click("button:has-text('写上')")
    page.wait_for_selector("text=意见已写上")
    looker.at(editor, "making")

    with bench.session() as session:
        from portal.library.publication import publish

        publish(session, bench.shelving, actor="operator")
    publisher = visit(bypass_csp=True, viewport=LOOKS[look])
    page = comes_in(publisher, bench, Role.PUBLISHER, f"filer-{look}")
    page.goto("/staff/knowledge")
    looker.at(publisher, "due")
    page.click("[aria-labelledby=due] li:has-text('备案') a")
    page.fill(
        "[name=filed_on]", page.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
    )
    page.fill("[name=receipt]", "舟备〔2026〕3号")
    looker.at(publisher, "filings")
    page.click("button:has-text('登记')")
    page.wait_for_selector("text=已登记备案")
    expect(page.locator("main")).to_contain_text("舟备〔2026〕3号")
    assert looker.found == {}
