"""Laying a story beside list items: what is measured, the order, and silence where none fits."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from knowledge.embed import load_embedder, pieces
from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.item_ranking import FILE, ITEM_LINES, SIGNS, ItemRanking, shares, signs
from knowledge.matching import MATCHES, match
from knowledge.matter import ACTS, CONDUCTS, Matter, Told, spoken
from knowledge.query import Reader

READER = Reader.load(load_embedder())


def item(matter: str, *conditions: str, **more: str) -> ListItem:
    held = tuple(Condition(text) for text in conditions)
    return ListItem("list", matter, matter, ListOutcome.SHALL_BE_EXEMPT, held, **more)


def measured(story: str, *items: ListItem, placed: bool = True) -> dict[str, list[float]]:
    told = Told.read(story, READER.read(spoken(story, READER)), READER, placed)
    lines = match(told, [Matter.of(i, READER) for i in items], READER)
    return {name: lines[:, n].tolist() for n, name in enumerate(MATCHES)}


HYDRANT = item("埋压、圈占、遮挡消火栓", "当场改正", department="消防救援大队", field="消防")
DOORS = item("常闭式防火门处于开启状态", department="消防救援大队", field="消防")
STALL = item("流动摊贩", department="城市管理局", field="城市管理", region="湖南省/岳阳市")


def test_everyday_words_count_as_the_terms_they_mean():
    lines = measured("门口的消防栓被货挡住了", HYDRANT, DOORS)
    assert lines["matter_meant"][0] > lines["matter_told"][0]
    assert lines["matter_meant"][0] > lines["matter_meant"][1]
    assert lines["lexicon_in_matter"][0] > lines["lexicon_in_matter"][1]


def test_an_english_story_is_read_as_the_legal_terms_it_means():
    story = "Boxes were blocking the hydrant behind our shop"
    assert "消火栓" in spoken(story, READER)
    lines = measured(story, HYDRANT, DOORS)
    assert lines["matter_told"][0] > lines["matter_told"][1]


def test_a_chinese_story_is_searched_as_it_was_told():
    assert spoken("消防栓被挡住了，KTV门口", READER) == "消防栓被挡住了，KTV门口"


def test_another_kind_of_act_is_told_apart():
    lines = measured("没有许可证就开张了", item("未取得许可从事经营"), item("未悬挂许可证"))
    assert lines["act_shared"] == [1.0, 0.0]
    assert lines["act_other"] == [0.0, 1.0]


def test_a_regions_own_item_counts_as_unplaced_until_the_place_is_known():
    story = "在路边摆摊"
    assert measured(story, STALL, HYDRANT, placed=False)["unplaced"] == [1.0, 0.0]
    assert measured(story, STALL, placed=True)["unplaced"] == [0.0]
    assert measured(f"岳阳，{story}", STALL, placed=False)["unplaced"] == [0.0]


def test_the_field_of_business_is_compared():
    lines = measured("城管说我的摊子占道", STALL, HYDRANT)
    assert lines["sector"] == [1.0, 0.0]
    assert lines["sector_other"] == [0.0, 1.0]


def test_nothing_told_matches_nothing():
    lines = measured("。。", HYDRANT)
    for name in ("matter_told", "matter_meant", "story_in_text", "matter_pieces", "story_pieces"):
        assert lines[name] == [0.0]


def test_without_an_embedding_a_text_has_no_pieces():
    vectors, weights = pieces(None, "消火栓")
    assert not len(vectors)
    assert not len(weights)


def ranking(**more: object) -> ItemRanking:
    """One that goes by ``lexical`` alone; any item fits whose line is above 0.5."""
    weights = np.zeros(len(ITEM_LINES), np.float32)
    weights[0] = 10
    own = np.zeros(len(SIGNS), np.float32)
    own[SIGNS.index("lexical")] = 20
    return ItemRanking(20, weights, own, -10.0, 0.5, 0.2, **more)  # type: ignore[arg-type]


def lines_of(*lexical: float) -> np.ndarray:
    lines = np.zeros((len(lexical), len(ITEM_LINES)), np.float32)
    lines[:, 0] = lexical
    return lines


def test_the_best_item_comes_first_and_only_near_ones_beside_it():
    offered = ranking().offered(lines_of(0.1, 0.9, 0.85), "一件事")
    assert [row for row, _ in offered] == [1, 2]
    chances = [chance for _, chance in offered]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1


def test_no_item_is_offered_below_the_bar():
    assert ranking().offered(lines_of(0.4, 0.3), "一件事") == []
    assert ranking().offered(lines_of(), "一件事") == []


def test_shares_add_up_to_one_however_large_the_scores_are():
    assert shares(np.array([900.0, 899.0, 0.0], np.float32)).sum() == pytest.approx(1)


def test_signs_do_not_depend_on_the_order_of_the_items():
    lines = lines_of(0.1, 0.9, 0.5)
    there, back = signs(lines, lines[:, 0], "一"), signs(lines[::-1], lines[::-1, 0], "一")
    assert np.allclose(there, back)


def test_the_weights_that_ship_name_known_lines_and_signs():
    content = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(content["weights"]) <= set(ITEM_LINES)
    assert set(content["signs"]) <= set(SIGNS)
    assert 0 < content["offered_from"] < 1
    assert 0 < content["beside_from"] < 1


def test_no_word_of_the_lexicon_is_empty_and_every_act_has_words():
    for part in json.loads(CONDUCTS.read_text(encoding="utf-8")).values():
        assert all(term and words and all(words) for term, words in part.items())
    for act in json.loads(ACTS.read_text(encoding="utf-8")).values():
        assert act["told"]
        assert all(word == word.lower() for word in act["told"])


def test_an_item_with_ways_of_asking_that_were_only_carried_over_counts_as_unasked():
    carried = replace(STALL, carried=("路边摆摊被城管说了",))
    lines = measured("路边摆摊被城管说了", STALL, carried, replace(STALL, asked_as=carried.carried))
    assert lines["unasked"] == [1.0, 1.0, 0.0]
    assert lines["story_in_asked"][1] > lines["story_in_asked"][0]
