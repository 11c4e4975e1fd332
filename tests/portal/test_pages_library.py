"""The library for any browser: filters, permanent addresses, history, what is law and what is not."""

import json
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup

from knowledge.exemption import ListOutcome
from portal.library.addresses import section_anchor

from .stage import make_list, make_notice, make_repealed, set_stage


@pytest.fixture
def stage(tmp_path, monkeypatch):
    newer = make_notice(
        digest=False,
        in_force_from=date(2022, 1, 1),
        clauses=tuple(
            c if c.section != "二/（三）/1" else type(c)(c.section, "当事人可以撤回、变更申请。")
            for c in make_notice().clauses
        ),
    )
    return set_stage(tmp_path, monkeypatch, editions=[make_notice(), newer, make_list(12), make_repealed()])


def page_of(stage, address, status=200):
    response = stage.app.test_client().get(address, headers={"Accept": "text/html"})
    assert response.status_code == status
    return BeautifulSoup(response.get_data(as_text=True), "lxml")


def titles(page):
    return [a.text for a in page.select(".card h3 a")]


def test_the_library_lists_documents_and_lists_with_their_state(stage):
    page = page_of(stage, "/library")
    assert set(titles(page)) == {"湛河区全面推行柔性执法工作实施意见", "已废止的意见", "税务“首违不罚”清单"}
    repealed = next(c for c in page.select(".card") if "已废止的意见" in c.text)
    assert repealed.select_one(".badge.ended").text == "已废止"


def test_filters_narrow_by_kind_and_field(stage):
    assert titles(page_of(stage, "/library?kind=list")) == ["税务“首违不罚”清单"]
    assert titles(page_of(stage, "/library?field=税务")) == ["税务“首违不罚”清单"]


def test_words_find_clauses_and_items(stage):
    page = page_of(stage, "/library?q=撤回")
    assert page.select_one("#results")
    assert page.select_one(".hits a")["href"].startswith("/library/zhanhe/%E4%BA%8C/")
    assert page_of(stage, "/library?q=未按期").select_one("#items")


def test_words_that_nothing_says_are_told_so(stage):
    assert "没有找到提到“红烧肉”的条款" in page_of(stage, "/library?q=红烧肉").text


def test_filters_that_make_no_sense_are_named_and_left_out(stage):
    page = page_of(stage, "/library?region=天宫&on=昨天")
    assert len(page.select("[role=alert]")) == 2
    assert titles(page)


def test_every_clause_has_its_anchor_and_its_own_page(stage):
    page = page_of(stage, "/library/zhanhe")
    for clause in make_notice().clauses:
        row = page.find(id=section_anchor(clause.section))
        assert row is not None
        assert page_of(stage, row.select_one(".where a")["href"]).select_one("h1")


def test_a_clause_page_shows_its_plain_words_its_slip_and_what_stands_below(stage):
    page = page_of(stage, "/library/zhanhe/二/（三）?on=2021-12-01")
    assert "走程序不折腾人" in page.text
    assert "原文此处多一个字" in page.text
    assert page.select_one("a.choice")["href"].startswith("/?document=zhanhe&section=")


def test_english_readers_get_the_plain_words_in_english_and_the_clause_in_chinese(stage):
    page = page_of(stage, "/library/zhanhe/二/（三）?on=2021-12-01&lang=en")
    assert page.select_one(".plain-words").text.endswith("Keep it simple.")
    assert page.select_one(".clause-body [lang=zh-CN]")


def test_the_history_of_a_clause_tells_when_its_words_changed(stage):
    history = page_of(stage, "/library/zhanhe/二/（三）/1").select_one(".history")
    assert len(history.select("li")) == 2
    assert "文字有变化" in history.text
    assert "正在看的版本" in history.select_one("li").text
    same = page_of(stage, "/library/zhanhe/前言").select_one(".history")
    assert "文字与较新版本相同" in same.text


def test_a_day_in_the_past_shows_the_edition_of_that_day(stage):
    assert "变更申请" in page_of(stage, "/library/zhanhe").text
    old = page_of(stage, "/library/zhanhe?on=2021-12-01")
    assert "变更申请" not in old.text
    assert old.select_one(".banner")


def test_an_older_version_can_be_opened_from_the_history(stage):
    page = page_of(stage, "/library/zhanhe")
    address = next(a["href"] for a in page.select(".history a"))
    assert "变更申请" not in page_of(stage, address).select_one(".law").text


def test_a_repealed_text_stays_readable_and_says_so(stage):
    assert page_of(stage, "/library/old").select_one(".banner.ended")


def test_what_a_newer_edition_no_longer_has_stays_readable_at_its_address_and_says_so(tmp_path, monkeypatch):
    notice, listed = make_notice(), make_list(2)
    newer = replace(notice, digest=False, in_force_from=date(2022, 1, 1), clauses=notice.clauses[:2])
    shorter = replace(listed, in_force_from=date(2023, 1, 1), items=listed.items[:1])
    stage = set_stage(tmp_path, monkeypatch, editions=[notice, newer, listed, shorter])
    for address, words in (("zhanhe/二/（三）/1", "当事人可以撤回申请"), ("tax-cn-2021-06/2", "第 2 项")):
        page = page_of(stage, f"/library/{address}")
        assert words in page.select_one("main").text
        assert "已经没有了" in page.select_one(".banner.ended").text
        assert len(page.select(".history li")) == 1
        assert "就这一条提问" not in page.select_one("main").text, "a question would find it no more"
        data = stage.app.test_client().get(f"/library/{address}?format=json").get_json()
        assert data["document"]["in_force"] is False
    assert not page_of(stage, "/library/tax-cn-2021-06/1").select(".banner.ended")
    page_of(stage, "/library/zhanhe/九", status=404)


def test_what_only_a_later_edition_has_says_from_which_day(tmp_path, monkeypatch):
    listed = make_list(2)
    longer = replace(listed, in_force_from=date(2099, 1, 1))
    now = replace(listed, items=listed.items[:1])
    stage = set_stage(tmp_path, monkeypatch, editions=[now, longer])
    banner = page_of(stage, "/library/tax-cn-2021-06/2").select_one(".banner.ended").text
    assert banner.startswith("此版本自 2099")


def test_the_history_of_an_item_tells_of_everything_that_decides_whom_it_helps(tmp_path, monkeypatch):
    listed = make_list(2)
    first = replace(listed.items[0], outcome=ListOutcome.LIGHTER, measures="当面辅导")
    older = replace(listed, in_force_from=date(2020, 1, 1), items=(first, listed.items[1]))
    stage = set_stage(tmp_path, monkeypatch, editions=[older, listed])
    history = page_of(stage, "/library/tax-cn-2021-06/1").select_one(".history")
    assert "文字有变化" in history.text
    assert "从轻处罚" in history.text
    assert "当面辅导" in history.text
    same = page_of(stage, "/library/tax-cn-2021-06/2").select_one(".history")
    assert "文字与较新版本相同" in same.text


def test_a_list_is_a_table_with_headers_and_its_rows_have_anchors(stage):
    page = page_of(stage, "/library/tax-cn-2021-06")
    assert page.select_one("table caption")
    assert len(page.select("tbody th[scope=row]")) == 12
    assert page.find(id=section_anchor("3"))
    assert "不在清单上，不等于一定会罚" in page.text


def test_a_list_can_be_searched_in(stage):
    page = page_of(stage, "/library/tax-cn-2021-06?q=第 11 项")
    assert len(page.select("tbody tr")) == 1
    assert "显示 1 项，共 12 项" in page.text


def test_an_item_page_says_that_may_is_not_must(stage):
    page = page_of(stage, "/library/tax-cn-2021-06/1")
    assert "不是一定不罚" in page.text
    assert len(page.select(".condition-list li")) == 3
    assert "来源未载明" in page.text


def test_an_item_of_a_list_that_says_shall_not_says_so(tmp_path, monkeypatch):
    listed = make_list()
    items = (replace(listed.items[0], mandatory=True, source="https://example.org/list"),)
    stage = set_stage(tmp_path, monkeypatch, editions=[replace(listed, items=items)])
    page = page_of(stage, "/library/tax-cn-2021-06/1")
    assert "执法机关不应当处罚" in page.text
    assert page.select_one('dd a[rel~=noopener][href="https://example.org/list"]')


def test_an_item_shows_its_benchmark_where_it_has_one(tmp_path, monkeypatch):
    listed = make_list()
    items = (replace(listed.items[0], benchmark="一般：处二百元罚款"), listed.items[1])
    stage = set_stage(tmp_path, monkeypatch, editions=[replace(listed, items=items)])
    assert "裁量基准" in page_of(stage, "/library/tax-cn-2021-06/1").text
    assert "裁量基准" not in page_of(stage, "/library/tax-cn-2021-06/2").text


def test_an_item_that_names_no_department_shows_that_of_its_list(tmp_path, monkeypatch):
    listed = make_list()
    items = (replace(listed.items[0], department=""), *listed.items[1:])
    stage = set_stage(tmp_path, monkeypatch, editions=[replace(listed, department="城市管理局", items=items)])
    rows = page_of(stage, "/library/tax-cn-2021-06/1").select("#basis + dl > div")
    told = {row.select_one("dt").text: row.select_one("dd").text for row in rows}
    assert told["部门"] == "城市管理局"


def test_clauses_and_items_can_be_had_as_data(stage):
    client = stage.app.test_client()
    clause = json.loads(client.get("/library/zhanhe/二/（三）?format=json").data)
    assert clause["section"] == "二/（三）"
    assert "撤回" in clause["text"]
    assert clause["document"]["id"] == "zhanhe"
    item = json.loads(client.get("/library/tax-cn-2021-06/2?format=json").data)
    assert item["number"] == "2"


@pytest.mark.parametrize("address", ["/library/nope", "/library/zhanhe/九", "/library/tax-cn-2021-06/99"])
def test_what_is_not_published_is_not_found_and_leads_on(stage, address):
    page = page_of(stage, address, 404)
    assert page.select_one("h1").text == "没有找到"
    assert page.select_one('a[href="/help"]')
