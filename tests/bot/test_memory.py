"""What a conversation remembers survives the trip through JSON."""

from __future__ import annotations

import json

from bot.memory import Memory, merge
from knowledge.clause import ClauseRef
from knowledge.situation import Correction, Harm, Mitigation, Quantity, Situation
from knowledge.told_day import ToldDay

FULL = Situation(
    first_offence=False,
    harm=Harm.SLIGHT,
    corrected=Correction.IN_TIME,
    amount_yuan=300.0,
    acted_on=ToldDay(2024, 1, 5),
    corrected_on=ToldDay(2025, 6),
    quantity=(Quantity(2, "袋"),),
    mitigations=frozenset({Mitigation.CONFESSED}),
    sectors=("food",),
    told=(("已取得批准文号", True),),
)


def test_memory_comes_back_from_json_as_it_was():
    memory = Memory(
        "问",
        "河南省/平顶山市/湛河区",
        ("withdrawal",),
        (ClauseRef("a", "一"),),
        True,
        "经过",
        FULL,
        ("harm", "first_offence"),
        ("high_risk",),
        None,
        2,
    )
    assert Memory.from_json(json.loads(json.dumps(memory.to_json()))) == memory


def test_an_empty_or_older_memory_takes_defaults():
    assert Memory.from_json({}) == Memory()
    assert Memory.from_json({"question": "问", "situation": {"gone": 1}}).question == "问"
    assert Memory.from_json({"question": "问", "asked": "harm"}).asked == ("harm",)
    assert Memory.from_json({"question": "问", "asked": ""}).asked == ()


def test_what_is_told_now_corrects_what_was_told_before():
    merged = merge(FULL, Situation(corrected=Correction.NOT_YET, sectors=("market",)))
    assert merged.corrected is Correction.NOT_YET
    assert merged.harm is Harm.SLIGHT
    assert merged.sectors == ("market", "food")


def test_telling_nothing_changes_nothing():
    assert merge(FULL, Situation()) == FULL
