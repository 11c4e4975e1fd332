from __future__ import annotations

import importlib.util
import json
from typing import Any

import pytest

from portal.chat.golden import judge
from portal.golden.question import GoldenQuestion
from tests import shared_folder


def make_question(**changes: Any) -> GoldenQuestion:
    details = {"id": "g", "question": "q", "region": None, "kind": "fact", "expect": "answer", **changes}
    return GoldenQuestion(**details)


def make_body(answer: str = "可以撤回。", **changes: Any) -> dict[str, Any]:
    return {
        "status": "answered",
        "answer": answer,
        "citations": [{"document": "zhanhe", "section": "二/（三）/1"}],
        "questions_back": [],
        "verdict": None,
        **changes,
    }


@pytest.mark.parametrize(
    ("gold", "cited"),
    [
        ((("zhanhe", "二/（三）/1"),), True),
        ((("zhanhe", "二/（三）"),), True),
        ((("zhanhe", "二/(三)/1"),), True),
        ((("zhanhe", "二/（三）/1/（1）"),), False),
        ((("zhanhe", "二/（三）/10"),), False),
        ((("panjin", "二/（三）/1"),), False),
        ((("panjin", "二"), ("zhanhe", "二")), True),
        ((), None),
    ],
)
def test_a_citation_inside_a_gold_clause_counts(gold: Any, cited: bool | None):
    assert judge(make_question(gold=gold), make_body()).cited is cited


def test_a_comparison_needs_a_clause_of_each_document():
    question = make_question(kind="compare", gold=(("zhanhe", "二"), ("panjin", "二")))
    assert judge(question, make_body()).cited is False
    both = [{"document": "zhanhe", "section": "二/1"}, {"document": "panjin", "section": "二"}]
    assert judge(question, make_body(citations=both)).cited is True


def test_what_must_be_said_may_be_said_in_any_of_the_ways_and_widths():
    question = make_question(must_say=(("13号", "十三号"), ("撤回",)))
    assert judge(question, make_body("文号是（１３号），可以撤 回。")).passed
    assert judge(question, make_body("文号是14号，可以撤回。")).missing == (("13号", "十三号"),)


def test_what_is_asked_back_counts_as_said():
    back = [{"fact": "corrected", "text": "您改正了吗？", "choices": []}]
    assert judge(make_question(must_say=(("改正",),)), make_body(questions_back=back)).passed


def test_what_must_not_be_said_may_be_denied():
    question = make_question(must_not_say=("保证不罚",))
    assert judge(question, make_body("我们不能保证不罚。")).passed
    assert not judge(question, make_body("我们保证不罚。")).passed
    assert not judge(question, make_body("不能保证不罚，但我保证不罚。")).passed


@pytest.mark.parametrize(
    ("expect", "status", "passed"),
    [
        ("answer", "answered", True),
        ("answer", "smalltalk", True),
        ("answer", "abstained", False),
        ("abstain", "abstained", True),
        ("refuse", "refused", True),
        ("refuse", "answered", False),
        ("clarify", "clarification", True),
        ("clarify", "answered", False),
    ],
)
def test_the_status_is_as_expected(expect: str, status: str, passed: bool):
    assert judge(make_question(expect=expect), make_body(status=status)).passed is passed


def test_judging_what_can_be_judged_and_asking_the_rest_counts_as_clarifying():
    back = [{"fact": "corrected", "text": "改正了吗？", "choices": []}]
    body = make_body(verdict={"outcome": "needs_facts"}, questions_back=back)
    assert judge(make_question(expect="clarify"), body).passed
    assert not judge(make_question(expect="clarify"), make_body(verdict={"outcome": "needs_facts"})).passed


@pytest.mark.skipif(shared_folder() is None, reason="the scoring script stands beside the checkout")
def test_we_judge_as_the_scoring_script_does():
    folder = shared_folder()
    assert folder is not None
    spec = importlib.util.spec_from_file_location("score", folder / "questions" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    raw = [
        json.loads(line) for line in (folder / "questions" / "practice.jsonl").read_text("utf-8").splitlines()
    ]
    for question in raw:
        gold = tuple((g["doc"], g["section"]) for g in question["gold"])
        ours = make_question(
            kind=question["kind"],
            expect=question["expect"],
            gold=gold,
            must_say=tuple(map(tuple, question["must_say"])),
            must_not_say=tuple(question["must_not_say"]),
        )
        for body in _bodies(question):
            assert judge(ours, body).passed == score.judge(question, body)["ok"], question["id"]


def _bodies(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Replies that are right, silent, and wrong for a question."""
    said = "。".join(group[0] for group in question["must_say"])
    cited = [{"document": g["doc"], "section": g["section"]} for g in question["gold"]]
    bad = "".join(question["must_not_say"])
    return [
        make_body(text, status=status, citations=citations, questions_back=back, verdict=verdict)
        for status in ("answered", "abstained", "refused", "clarification")
        for citations in (cited, [])
        for text in (said, said + bad, "不" + bad)
        for verdict, back in ((None, []), ({"outcome": "needs_facts"}, [{"text": said, "choices": []}]))
    ]
