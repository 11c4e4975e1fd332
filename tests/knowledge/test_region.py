"""Regions: every way to write one leads to its path, and everyday words are not mistaken for places."""

import csv
import json
import time
from importlib import resources

import pytest

from knowledge.region import (
    AmbiguousRegion,
    UnknownRegion,
    ancestors,
    display,
    known,
    mentioned,
    region,
    resolve,
    unclear,
)
from knowledge.region.gazetteer import gazetteer
from knowledge.region.hearing import _reading
from tests import shared_folder

COVERED = (
    "全国",
    "河南省/平顶山市/湛河区",
    "浙江省/舟山市",
    "重庆市/黔江区",
    "辽宁省/盘锦市",
    "安徽省/六安市",
    "上海市",
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("全国", "全国"),
        ("湛河", "河南省/平顶山市/湛河区"),
        ("湛河区", "河南省/平顶山市/湛河区"),
        ("河南省/平顶山市/湛河区", "河南省/平顶山市/湛河区"),
        ("全国/河南省/平顶山市/湛河区", "河南省/平顶山市/湛河区"),
        (" 平顶山 湛河 ", "河南省/平顶山市/湛河区"),
        ("舟山", "浙江省/舟山市"),
        ("黔江区", "重庆市/黔江区"),
        ("巴音郭楞", "新疆维吾尔自治区/巴音郭楞蒙古自治州"),
        ("麻阳县", "湖南省/怀化市/麻阳苗族自治县"),
        ("湖南省临湘市", "湖南省/岳阳市/临湘市"),
        ("河北省保定市莲池区", "河北省/保定市/莲池区"),
        ("宁夏石嘴山市", "宁夏回族自治区/石嘴山市"),
        ("济源", "河南省/济源市"),
        ("岳阳", "湖南省/岳阳市"),
        ("河南", "河南省"),
        ("北京朝阳", "北京市/朝阳区"),
    ],
)
def test_any_clear_part_of_a_name_leads_to_the_path(text, path):
    assert resolve(text) == path


def test_several_regions_are_told_apart():
    assert resolve("四川省成都、德阳") == "四川省/成都市、四川省/德阳市"
    assert resolve("上海、江苏、宁波") == "上海市、江苏省、浙江省/宁波市"


def test_a_later_region_is_looked_for_beside_the_first():
    assert resolve("江苏省徐州、鼓楼区") == "江苏省/徐州市、江苏省/徐州市/鼓楼区"
    assert resolve("北京海淀、朝阳区") == "北京市/海淀区、北京市/朝阳区"


def test_a_shared_name_is_refused_with_all_that_have_it():
    with pytest.raises(AmbiguousRegion) as refused:
        resolve("朝阳区")
    assert refused.value.candidates == ("北京市/朝阳区", "吉林省/长春市/朝阳区")


def test_a_shared_name_means_the_region_with_knowledge():
    assert resolve("普陀区", covered=("浙江省/舟山市/普陀区",)) == "浙江省/舟山市/普陀区"


@pytest.mark.parametrize("text", ["", "，", "某某市", "湛河区区", "（发布机关待核）", "/", "河南省/舟山市"])
def test_an_unknown_name_is_refused(text):
    with pytest.raises(UnknownRegion):
        resolve(text)


def test_an_unknown_name_comes_with_similar_ones():
    with pytest.raises(UnknownRegion) as refused:
        resolve("占河", covered=COVERED)
    assert "河南省/平顶山市/湛河区" in refused.value.candidates


def test_remarks_in_brackets_count_only_when_asked():
    assert resolve("湖南省岳阳市（所辖县市区）", notes=True) == "湖南省/岳阳市"
    with pytest.raises(UnknownRegion):
        resolve("湖南省岳阳市（所辖县市区）")
    with pytest.raises(UnknownRegion):
        resolve("（发布机关待核）", notes=True)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("我在湛河区开店", ["河南省/平顶山市/湛河区"]),
        ("河南平顶山的湛河区", ["河南省/平顶山市/湛河区"]),
        ("舟山跟六安有什么不一样", ["浙江省/舟山市", "安徽省/六安市"]),
        ("普陀的民宿", ["浙江省/舟山市/普陀区"]),
        ("盘紧大洼区", ["辽宁省/盘锦市/大洼区"]),
        ("盘锦大洼做电商", ["辽宁省/盘锦市/大洼区"]),
        ("苏州工业园区的目录", ["江苏省/苏州市"]),
        ("大连中山区", ["辽宁省/大连市/中山区"]),
        ("在中山开店", ["广东省/中山市"]),
        ("郑州的清单", ["河南省/郑州市"]),
    ],
)
def test_regions_are_found_in_free_questions(text, paths):
    assert list(mentioned(text, COVERED)) == paths


@pytest.mark.parametrize(
    "text",
    [
        "道路安全检查和记录安全",
        "规定安排行政和解",
        "公安的规定会同合作社新建资源共享通道",
        "中山路的店、南京路步行街",
        "水利说占河道",
        "不同安全标准完成都一样",
        "各县和市都有",
        "城区和矿区怎么管",
        "复合肥的养分",
        "家里三门亲戚，长子在港口上班，平安无事，大方得体",
        "东城罚一百、西城罚五百",
        "和平区的店",
        "强奸的、信誉不好的、站和场",
        "拆迁安置，弘扬中华美德，沿海城市",
        "平房区的管理",
    ],
)
def test_everyday_words_and_shared_names_are_no_places(text):
    assert mentioned(text, COVERED) == ()


def test_a_shared_name_in_a_question_is_reported_as_unclear():
    assert unclear("朝阳区的店") == (("朝阳区", ("北京市/朝阳区", "吉林省/长春市/朝阳区")),)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("前江统计局说的", "重庆市/黔江区"),
        ("赞河的规定", "河南省/平顶山市/湛河区"),
        ("周山跟别处", "浙江省/舟山市"),
        ("盘紧的文件", "辽宁省/盘锦市"),
        ("六按城管", "安徽省/六安市"),
    ],
)
def test_names_of_covered_regions_are_understood_by_ear(text, path):
    assert path in mentioned(text, COVERED)
    assert path not in mentioned(text)


def test_a_real_name_is_never_taken_for_one_that_sounds_like_it():
    assert mentioned("潜江的规定", COVERED) == ("湖北省/潜江市",)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("What does Zhanhe say?", ["河南省/平顶山市/湛河区"]),
        ("a hotel in Liu'an or Lu'an", ["安徽省/六安市"]),
        ("Zhoushan and Qianjiang", ["浙江省/舟山市", "重庆市/黔江区"]),
        ("a stall in Chengdu", ["四川省/成都市"]),
        ("Shaanxi, not Shanxi", ["陕西省", "山西省"]),
        ("Can an officer fine a first offender?", []),
    ],
)
def test_latin_names_are_understood(text, paths):
    assert list(mentioned(text, COVERED)) == paths


def test_ancestors_lead_from_the_nation_down():
    path = "河南省/平顶山市/湛河区"
    assert ancestors(path) == ("全国", "河南省", "河南省/平顶山市", path)
    assert ancestors("全国") == ("全国",)
    assert display(path) == "河南省平顶山市湛河区"
    assert region(path).parent == "河南省/平顶山市"
    assert region(path).short == "湛河"
    assert known(path)
    assert known("全国")
    assert not known("河南省/湛河区")


def test_the_gazetteer_holds_the_nation_and_resolves_its_own_paths():
    paths = gazetteer().by_path
    assert len([path for path in paths if "/" not in path]) == 34
    assert 3000 < len(paths) < 3500
    assert all(resolve(path) == path for path in paths)
    assert all(resolve(display(path)) == path for path in paths)


def test_the_word_lists_name_regions_only():
    words = json.loads(resources.files("knowledge").joinpath("sources/region_words.json").read_text("utf-8"))
    names = gazetteer().by_name
    ordinary, wary = words["ordinary"].split(), words["wary"].split()
    assert [name for name in (*ordinary, *wary) if name not in names] == []
    assert not set(ordinary) & set(wary)


def test_every_region_can_be_spelled():
    from pypinyin import lazy_pinyin

    readings = {r.short: "".join(_reading(r.short)) for r in gazetteer().by_path.values()}
    assert [
        name for name, spelling in readings.items() if not (spelling.isascii() and spelling.isalpha())
    ] == []
    usual = sum(spelling == "".join(lazy_pinyin(name)) for name, spelling in readings.items())
    assert usual > 0.98 * len(readings)


def test_finding_regions_takes_less_than_a_millisecond():
    text = (
        "我在河南省平顶山市湛河区开了个小饭馆，昨天城管说占道经营要罚款，这是第一次，已经改了，能不能免罚？"
    )
    mentioned(text, COVERED)
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        mentioned(text, COVERED)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.001


@pytest.mark.skipif(shared_folder() is None, reason="needs the material beside the checkout")
def test_the_regions_of_real_lists_resolve_unless_their_source_leaves_them_open():
    unknown = set()
    for file in sorted((shared_folder() / "lists").glob("*.csv")):
        for row in csv.DictReader(file.read_text("utf-8-sig").splitlines()):
            try:
                assert all(known(path) for path in resolve(row["region"], notes=True).split("、"))
            except UnknownRegion:
                unknown.add(row["region"])
    assert unknown
    assert all("待核" in text for text in unknown)
