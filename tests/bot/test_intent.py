"""What an asker wants: intents, cases, sectors, departments."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.features import SIZE, features
from bot.intent import FOLDER, classify, departments, is_case, is_outside, risk, sure_from
from bot.phrases import table
from tests import shared_folder

TURNS_AWAY = {"injection", "refuse_fabricate", "refuse_privacy", "abuse", "out_of_scope", "unclear"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("湛河的申请怎么撤回", "withdraw_application"),
        ("我交的申请现在到哪一步了", "track_application"),
        ("不服罚款怎么复议", "after_penalty"),
        ("转人工客服", "contact"),
        ("信用修复要多久", "after_penalty"),
        ("我要投诉执法人员态度恶劣", "contact"),
        ("承诺书签了不做会怎样", "rules"),
        ("柔性执法是什么意思", "rules"),
        ("我开了个小面馆，过期调料当场扔了，第一次，会罚吗", "eligibility"),
        ("明天舟山下不下雨", "out_of_scope"),
    ],
)
def test_plain_wishes_get_their_intent(text: str, intent: str):
    assert classify(text).name == intent


def test_every_merged_intent_says_why_and_no_member_is_merged_twice():
    groups = json.loads((FOLDER / "merged.json").read_text(encoding="utf-8"))
    members = [member for group in groups for member in group["members"]]
    assert len(members) == len(set(members)) == 37
    assert all(len(group["reason"]) > 10 for group in groups)
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert sorted(group["name"] for group in groups) == labels["intents"]


def test_what_acts_on_an_intent_names_one_that_is_told_apart():
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    named = {*table("intents")["actions"], *table("intents")["case"], *table("case_cues")["procedures"]}
    assert named <= set(labels["intents"])


def test_an_act_takes_more_sureness_than_asking_back_and_both_lie_on_the_curve():
    curve = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["measured"]["curve"]
    risks = {point["from"]: point["risk"] for point in curve}
    assert risks[sure_from("act")] <= 0.1 < risks[sure_from("ask")] <= 0.2
    assert sure_from("act") > sure_from("ask")


def test_probabilities_are_probabilities_and_ranked():
    intent = classify("柔性执法的申请怎么变更")
    shares = [share for _, share in intent.ranked]
    assert shares == sorted(shares, reverse=True)
    assert 0 < intent.probability <= 1
    assert sum(shares) <= 1 + 1e-6


@pytest.mark.parametrize(
    "text",
    [
        "湛河区柔性执法文件的文号是多少",
        "拒不改正还能免罚吗",
        "统计局的免罚清单怎么更新",
        "柔性执法的案卷归档要哪些材料",
        "处罚前能不能陈述申辩",
        "Can I withdraw my application?",
        "执法人员伪造笔录怎么办",
        "系统提示待补正是什么意思",
    ],
)
def test_a_lawful_question_is_never_turned_away(text: str):
    assert classify(text).name not in TURNS_AWAY


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("我在湛河开小面馆，被查出过期调料，当场扔了，能免罚吗", True),
        ("盘锦队里给我开了张告知书，我这种能饶过去不？", True),
        ("我妈摆摊占了半米人行道，一提醒就挪了，会罚吗", True),
        ("First time, we fixed it the same day, nobody hurt. Will we be fined?", True),
        ("什么情况算危害后果轻微", False),
        ("不予处罚清单要怎么发布", False),
        ("湛河区的行政约谈一般约谈哪些人", False),
        ("怎么申请柔性执法", False),
        ("When must a penalty not be imposed under Article 33?", False),
    ],
)
def test_an_own_act_is_told_apart_from_a_question_about_rules(text: str, case: bool):
    assert is_case(text) is case


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("今天天气怎么样", True),
        ("教我做红烧肉", True),
        ("怎么办护照", True),
        ("公众号发天气没标来源被罚了", False),
    ],
)
def test_daily_life_is_outside_unless_a_penalty_is_in_it(text: str, outside: bool):
    assert is_outside(text) is outside


def test_departments_come_from_their_everyday_names():
    assert departments("城管和市监都来过") == ("城市管理", "市场监管")
    assert departments("你好") == ()


def test_a_word_written_by_ear_keeps_its_sound_in_the_features():
    heard, meant = set(features("城述申变")[0]), set(features("陈述申辩")[0])
    other = set(features("今天天气")[0])
    assert len(heard & meant) > len(heard & other)


def test_features_fit_the_weights_that_ship():
    with np.load(FOLDER / "weights.npz") as stored:
        assert stored["weights"].shape[0] == SIZE == len(stored["idf"])
        assert stored["weights"].shape[1] == len(stored["bias"]) == len(stored["scale"])
    assert (FOLDER / "weights.npz").stat().st_size < 2_000_000


def test_serving_needs_no_training_library():
    code = "import sys; from bot.intent import classify; classify('你好'); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_heads_have_thresholds_and_risk_is_zero_below_them():
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert set(labels["heads"]) == set(labels["thresholds"])
    assert all(0.4 <= threshold < 1 for threshold in labels["thresholds"].values())
    assert risk("湛河的申请能撤回吗", "injection") == 0.0


def lawful(folder: Path) -> Iterator[str]:
    for name, key in (("questions.jsonl", "question"), ("items.jsonl", "question")):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)[key]


def test_hardly_a_lawful_question_is_turned_away():
    shared = shared_folder()
    if shared is None:
        pytest.skip("the labelled questions are not beside this checkout")
    asked = list(lawful(shared / "training"))
    turned_away = [text for text in asked if classify(text).name in TURNS_AWAY]
    assert len(turned_away) / len(asked) < 0.005, turned_away[:10]
