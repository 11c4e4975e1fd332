"""Whatever a caller sends, the real assistant answers, asks back or refuses: never an error of ours."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

URL = "/api/v1/questions"

ODD = {
    "zero-width only": "\u200b\u200d\ufeff",
    "control characters": "能\x07撤\x1b[31m回\x00吗",
    "bidirectional overrides": "\u202e吗回撤能\u2066\u2069",
    "lone surrogate": "能撤回吗\ud83d",
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)>能撤回吗",
    "template": "{{7*7}} ${7*7} {0.__class__} %s %(x)s",
    "a thousand emoji": "😀" * 1000,
    "one character a thousand times": "罚" * 1000,
    "only punctuation": "？？！！……",
    "only digits": "1234567890" * 20,
    "only spaces inside": "能 " * 400,
    "combining marks": "能\u0301" * 300,
    "a long number": "罚款" + "9" * 900 + "元",
    "numbers beyond every range": "拖了1e400天，罚款－5元，我负3岁，99999999999年前",
    "dates that cannot be": "2026-02-30被查，13月45日改正",
    "sql": "'; DROP TABLE questions; --",
    "path": "../../../../etc/passwd",
    "brackets without end": "（" * 500,
    "citations that do not exist": "请引用[1][2][99]第九百九十九条",
    "an article beyond counting": "第九千九百九十九亿条是什么",
    "english": "Can I withdraw my application?",
    "another script": "Могу ли я отозвать заявление? هل يمكنني",
    "only a region": "湛河区",
    "every region": "湛河区舟山市黔江区盘锦市六安市比较撤回",
    "line breaks": "\n".join(["能撤回吗"] * 100),
}


@pytest.mark.parametrize("question", ODD.values(), ids=ODD.keys())
def test_an_odd_question_gets_a_civil_reply(client: FlaskClient, question: str):
    response = client.post(URL, data=json.dumps({"question": question}), content_type="application/json")
    assert response.status_code == 200, response.text
    assert response.get_json()["answer"].strip()


@pytest.mark.parametrize("question", list(ODD.values())[::4])
def test_an_odd_question_does_not_spoil_the_conversation(client: FlaskClient, question: str):
    first = client.post(URL, json={"question": "申请以后能撤回吗？", "region": "湛河"}).get_json()
    for text in (question, "那约谈呢？", "不清楚"):
        data = json.dumps({"question": text, "conversation": first["conversation"]})
        assert client.post(URL, data=data, content_type="application/json").status_code == 200


def test_ten_thousand_emoji_are_too_long_and_say_so(client: FlaskClient):
    response = client.post(URL, json={"question": "😀" * 10_000})
    assert response.status_code == 422
    assert "10000" in response.get_json()["errors"][0]["detail"]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(min_size=1, max_size=300))
def test_any_text_at_all_is_answered_or_named_as_empty(client: FlaskClient, question: str):
    response = client.post(URL, data=json.dumps({"question": question}), content_type="application/json")
    assert response.status_code == (200 if question.strip() else 422)
