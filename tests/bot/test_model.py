"""The optional model, over real HTTP, also when it misbehaves: the composed reply goes out instead."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest

from bot.model import Model, ModelUnavailableError, open_model
from bot.reply import CitedClause, Reply, ReplyStatus
from bot.rewording import reword
from knowledge.clause import ClauseRef
from knowledge.exemption import Ground, Outcome, Verdict

from .model_double import Double, chat_server

CLAUSE = "3. 撤回。行政相对人要求撤回或者变更申请的，应当准许，三十日内办结。"
COMPOSED = Reply(
    ReplyStatus.ANSWERED,
    "可以撤回，应当准许。[1]",
    citations=(CitedClause(1, ClauseRef("a", "二/3"), "某意见", "甲〔2021〕1号", CLAUSE, False, True),),
)
GOOD = {"outcome": "none", "sentences": [{"text": "您要求撤回或者变更申请的，应当准许。", "clauses": ["c1"]}]}


def _model(double: Double, limit: float = 5.0) -> Model:
    return open_model("openai:double", url=double.url, key="k", limit_seconds=limit)


def _reworded(say: object, *, reply: Reply = COMPOSED, mode: str = "good", limit: float = 5.0) -> Reply:
    text = say if isinstance(say, str) else json.dumps(say, ensure_ascii=False)
    with chat_server(Double(text, mode)) as double:
        turn = SimpleNamespace(model=_model(double, limit), text="能撤回吗")
        return reword(turn, reply)  # type: ignore[arg-type]


def test_a_sound_wording_is_used_with_its_marks_and_its_author_named():
    reply = _reworded(GOOD)
    assert reply.written_by == "model:double"
    assert reply.answer.startswith("您要求撤回或者变更申请的，应当准许。[1]")
    assert "某意见" in reply.answer


def test_the_model_sees_clause_tokens_and_the_question_but_no_marks_to_invent():
    with chat_server(Double(json.dumps(GOOD))) as double:
        _model(double).word("能撤回吗", COMPOSED)
    human = json.loads(double.requests[0]["messages"][1]["content"])  # type: ignore[index]
    assert human["clauses"] == {"c1": {"title": "某意见", "text": CLAUSE}}
    assert human["question"] == "能撤回吗"


@pytest.mark.parametrize("mode", ["error", "drop"])
def test_a_model_that_fails_leaves_the_composed_reply(mode: str):
    reply = _reworded(GOOD, mode=mode)
    assert (reply.answer, reply.written_by) == (COMPOSED.answer, "rules")
    assert reply.reason.startswith("model unavailable")


@pytest.mark.parametrize("mode", ["hang", "trickle"])
def test_a_slow_model_is_cut_off_at_its_limit(mode: str):
    started = time.monotonic()
    reply = _reworded(json.dumps(GOOD) + " " * 4000, mode=mode, limit=0.6)
    assert reply.written_by == "rules"
    assert time.monotonic() - started < 5


def test_a_server_that_is_down_is_no_error_for_the_asker():
    model = open_model("openai:double", url="http://127.0.0.1:9/v1", key="k", limit_seconds=1)
    with pytest.raises(ModelUnavailableError):
        model.word("能撤回吗", COMPOSED)


@pytest.mark.parametrize(
    "garbage", ["", "抱歉", "{", '{"sentences": 3}', '{"outcome": "none", "sentences": [{}]}', "[1, 2]"]
)
def test_garbage_is_not_shown(garbage: str):
    assert _reworded(garbage).answer == COMPOSED.answer


def _one(text: str, clauses: list[str] | None = None, outcome: str = "none") -> dict[str, object]:
    return {
        "outcome": outcome,
        "sentences": [{"text": text, "clauses": ["c1"] if clauses is None else clauses}],
    }


@pytest.mark.parametrize(
    ("wording", "fault"),
    [
        (_one("应当准许撤回。", ["c2"]), "cites a clause"),
        (_one("应当准许撤回。", []), "cites a clause"),
        (_one("文件写明“撤回须经局长批准”。"), "quotes words"),
        (_one("应当准许撤回，七日内办结。另有5日。"), "says what its clauses do not"),
        (_one("食品安全问题一律移送公安机关追究刑事责任处理。"), "says what its clauses do not"),
        (_one("应当准许撤回申请[9]。"), "adds marks"),
        (_one("应当准许撤回，签署承诺书就免罚。"), "never be said"),
        (_one("应当准许撤回。", outcome="shall_be_exempt"), "another outcome"),
        ({"outcome": "none", "sentences": []}, "number of sentences"),
    ],
)
def test_an_unsound_wording_is_withheld(wording: object, fault: str):
    reply = _reworded(wording)
    assert reply.answer == COMPOSED.answer
    assert fault in reply.reason


def test_a_wording_that_contradicts_the_verdict_is_withheld():
    text = "第三十三条 初次违法且危害后果轻微并及时改正的，可以不予行政处罚。"
    verdict = Verdict(Outcome.MAY_BE_EXEMPT, Ground.ARTICLE_33_1_FIRST)
    reply = Reply(
        ReplyStatus.ANSWERED,
        "可以不予行政处罚，由执法机关决定。[1]",
        verdict=verdict,
        citations=(CitedClause(1, ClauseRef("apl2021", "第三十三条"), "行政处罚法", "", text, False, True),),
    )
    withheld = _reworded(_one("您这种情况应当不予行政处罚。", outcome="may_be_exempt"), reply=reply)
    assert withheld.reason == "model withheld: contradicts the rules"
    used = _reworded(
        _one("初次违法且危害后果轻微并及时改正的，可以不予行政处罚。", outcome="may_be_exempt"), reply=reply
    )
    assert used.written_by == "model:double"


def test_an_unknown_provider_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="provider"):
        open_model("nosuch:model")
