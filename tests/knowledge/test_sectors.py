"""Everyday words point to the field, and a list's field to the same."""

import json

import pytest

from knowledge.sector import load_sectors, sectors_in, sectors_of_field
from tests import shared_folder


def test_sectors_have_names_in_both_languages_and_words_to_find_them():
    for sector in load_sectors().values():
        assert sector.name
        assert sector.name_en
        assert len(sector.words) >= 8
        assert sector.words_en


@pytest.mark.parametrize(
    ("story", "sector"),
    [
        ("我开小面馆，翻出两袋过期三天的调料", "food"),
        ("药房冷藏药柜的温度本漏记了一天", "drugs"),
        ("水果摊两筐橘子搁到人行道上，城管看见了", "city_appearance"),
        ("燃气灶具安装作业不规范", "work_safety"),
        ("月报晚报了一天，统计局打电话来", "statistics"),
        ("发票没按规定缴销", "tax"),
        ("灭火器过期没换", "fire"),
        ("We forgot to file our VAT return", "tax"),
        ("The fire exit was blocked by boxes", "fire"),
    ],
)
def test_a_story_points_to_its_field(story: str, sector: str):
    assert sector in sectors_in(story)


def test_latin_words_match_only_as_whole_words():
    assert "tax" not in sectors_in("a private matter")
    assert sectors_in("my question is elevated") == ()


@pytest.mark.parametrize(
    ("field", "sectors"),
    [
        ("税务", {"tax"}),
        ("市场监管（价格）", {"price"}),
        ("市场监管（登记）", {"licence"}),
        ("农业农村（畜牧兽医）", {"agriculture"}),
        ("消防", {"fire"}),
        ("通用（优化营商环境）", set()),
    ],
)
def test_a_lists_field_points_to_sectors_the_bracketed_part_being_narrower(field: str, sectors: set[str]):
    assert sectors_of_field(field) == sectors


def test_market_supervision_covers_its_several_fields():
    assert {"market", "food", "price", "advertising"} <= sectors_of_field("市场监督管理局（市场监管）")


def test_the_notices_phrases_for_barred_fields_belong_to_sectors():
    phrases = {phrase for sector in load_sectors().values() for phrase in sector.notice_phrases}
    assert {"食品药品安全", "公共安全", "安全生产", "生态环境", "人身健康", "劳动保障", "城乡规划"} <= phrases


def test_words_find_the_fields_of_told_stories_often_enough():
    folder = shared_folder()
    if folder is None:
        pytest.skip("the stories beside the checkout are absent")
    lines = (folder / "training" / "utterances.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["sectors"]]
    assert {s for row in rows for s in row["sectors"]} <= set(load_sectors())
    found = sum(bool(set(sectors_in(row["text"])) & set(row["sectors"])) for row in rows)
    assert found / len(rows) >= 0.8
