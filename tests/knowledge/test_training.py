"""The recipe of the embedding, piece by piece; torch runs in a process of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import numpy as np
import pytest

from knowledge.lexical import codes
from knowledge.ranking import LINES, Ranking
from knowledge.training.material import Article, Material, fold_of, read_material
from knowledge.training.pairs import make_pairs, sentence_and_rest
from knowledge.training.sounds import merged
from knowledge.training.terms import inverse_frequencies
from tests import shared_folder


def material(*texts: str) -> Material:
    articles = tuple(Article("港湾条例", "第五章法律责任", "第一条", text) for text in texts)
    return Material(articles, (), (), ())


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "擅自占用城市道路摆摊的，由城市管理部门责令改正。",
            ("罚", "归谁管", "后果", "违法", "怎么", "处理", "处罚"),
        ),
        ("经营者应当在显著位置公示收费标准。", ("吗", "义务", "责任", "要不要", "行不行", "怎么", "一定")),
        ("当事人可以委托代理人参加听证。", ("能不能", "可不可以", "行吗", "可以吗", "有没有权", "权利")),
        ("任何单位不得截留、挪用罚款。", ("吗", "犯不犯法", "不让", "怎么办", "能不能")),
    ],
)
def test_a_sentence_of_the_law_is_asked_as_people_would(sentence, words):
    made = [make_pairs(material(sentence), {}, random.Random(seed))["asked"] for seed in range(20)]
    questions = [question for pairs in made for question, _ in pairs]
    assert len(questions) == 20
    assert all(any(word in q for word in words) for q in questions)


def test_legal_words_give_way_to_everyday_ones_about_half_the_time():
    sentence = "经营者应当在收到通知后改正违法行为。"
    asked = [
        q
        for seed in range(200)
        for q, _ in make_pairs(material(sentence), {"改正": ["改过来"]}, random.Random(seed))["asked"]
        if "改" in q
    ]
    everyday = sum("改过来" in q for q in asked)
    assert 0.3 < everyday / len(asked) < 0.7


def test_a_sentence_is_paired_with_the_rest_and_never_with_itself():
    text = "第一句话说的是申请。第二句话说的是撤回。第三句话说的是终止。"
    for seed in range(10):
        for sentence, rest in sentence_and_rest(text, "", random.Random(seed)):
            assert sentence not in rest
            assert len(sentence) + len(rest) == len(text)


def test_a_term_is_as_telling_as_where_it_is_commoner():
    articles = [codes(t) for t in ["规定办法"] * 9 + ["规定"]]
    questions = [codes(t) for t in ["怎么办"] * 5 + ["规定怎么办"]]
    known, idf, rarest = inverse_frequencies(articles, questions)
    weight = dict(zip(known.tolist(), idf.tolist(), strict=True))
    assert weight[ord("规")] == pytest.approx(0)
    assert weight[ord("怎")] == pytest.approx(0)
    assert rarest > max(weight.values())


def test_sounds_that_many_do_not_tell_apart_are_one():
    assert merged("zheng") == merged("zen") == "zen"
    assert merged("shang") == merged("san") == "san"
    assert merged("bing") == merged("bin")
    assert merged("fa") == "fa"


def test_a_question_falls_into_the_same_fold_in_every_run():
    assert (fold_of("能撤吗"), fold_of("找谁")) == (3, 0)
    assert len({fold_of(str(n)) for n in range(50)}) == 5


def test_weights_are_fitted_to_the_line_that_tells_right_from_wrong():
    """The right card leads on one line, another line is noise: the fit must find which."""
    script = """
import json
import numpy as np
from knowledge.clause import ClauseRef
from knowledge.ranking import LINES
from knowledge.training.ballot import Ballot, by_the_others, figures, fit, gained, scaled
chance = np.random.default_rng(1)
ballots = []
for n in range(80):
    lines = chance.random((6, len(LINES))).astype(np.float32) * 0.5
    lines[2, LINES.index("asked")] += 0.6
    right = np.arange(6) == 2
    ballots.append(Ballot(tuple(ClauseRef("d", str(i)) for i in range(6)), lines, right))
weights = fit(ballots, LINES)
few = fit(ballots, ("lexical",))
print(json.dumps({
    "best": LINES[int(weights.argmax())],
    "only": [line for line, w in zip(LINES, few) if w > 0],
    "mrr": figures(ballots, weights)["MRR"],
    "median": float(np.median([(b.lines @ scaled(weights, ballots))[2] for b in ballots])),
    "others": [(held, others) for held, others in by_the_others("abc", list)],
    "gain": gained(np.array([1.0, 1, 2, 1] * 20), np.array([1.0, 2, 2, 4] * 20)),
    "no gain": gained(np.array([1.0, np.inf]), np.array([1.0, np.inf])),
}))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["best"] == "asked"
    assert found["only"] == ["lexical"]
    assert found["mrr"] > 0.95
    assert found["median"] == pytest.approx(0.45)
    assert found["others"] == [["a", ["b", "c"]], ["b", ["a", "c"]], ["c", ["a", "b"]]]
    gain, low, high = found["gain"]["recall@1"]
    assert gain == 0.5
    assert 0.3 < low < 0.5 < high < 0.7
    assert found["gain"]["recall@3"][0] == 0.25
    assert found["no gain"]["MRR"] == [0, 0, 0]


def test_the_weights_that_ship_cover_every_line_and_none_is_negative():
    ranking = Ranking.load()
    for weights in (ranking.clauses, ranking.items):
        assert set(weights.by_line) == set(LINES)
        assert np.all(weights.vector >= 0)
        assert weights.by_line["asked"] > 0
    assert ranking.clauses.by_line["local"] > 0
    assert 0 <= ranking.parent_margin < 0.5


@pytest.mark.skipif(shared_folder() is None, reason="the training material is not beside the checkout")
def test_the_material_is_read_in_the_same_order_every_time():
    folder = shared_folder() / "training"
    one, other = read_material(folder, 50), read_material(folder, 50)
    assert one == other
    assert len(one.articles) == 50
    assert len(one.questions) > 5000
