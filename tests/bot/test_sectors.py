"""The sector of a story is that of what happened; the trade stands in for it only where nothing else does."""

import pytest

from bot.sectors import sectors


@pytest.mark.parametrize(
    ("story", "found"),
    [
        ("我开小面馆，调料过期了", {"food"}),
        ("店外摆摊占了人行道", {"city_appearance"}),
        ("你好", set()),
        ("我开小吃店的，门口多摆了两张桌子占了人行道", {"city_appearance"}),
        ("我是卖烧烤的，店招没有报批", {"city_appearance"}),
        ("药店的灭火器过期了", {"fire"}),
        ("奶茶店没有明码标价", {"price"}),
        ("饭店营业执照换了法定代表人没有变更登记", {"licence"}),
        ("My noodle shop put a table on the sidewalk", {"city_appearance"}),
    ],
)
def test_what_happened_tells_the_sector_and_not_the_trade(story, found):
    assert set(sectors(story)) == found


@pytest.mark.parametrize(
    "story",
    [
        "我开小吃店，第一次被查会罚吗",
        "小吃店无证经营",
        "面馆的面里吃出了虫子",
        "食品店的散装食品没有标签，店门口还堆了纸箱",
        "A restaurant was inspected",
    ],
)
def test_food_stays_where_food_is_told_or_nothing_else_is(story):
    assert "food" in sectors(story)
