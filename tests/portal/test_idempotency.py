from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.chat.models import Question
from portal.database import now
from portal.idempotency import IdempotencyKey

from .small import ScriptedAssistant

URL = "/api/v1/questions"


def ask(client: FlaskClient, key: str, question: str = "能撤回吗？", **headers: str) -> Any:
    return client.post(URL, json={"question": question}, headers={"Idempotency-Key": key, **headers})


def test_the_same_key_and_body_get_the_same_reply_and_are_answered_once(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    first, second = ask(client, "key-1"), ask(client, "key-1")
    assert first.status_code == second.status_code == 200
    assert first.get_json() == second.get_json()
    assert len(assistant.asked) == 1
    assert len(session.scalars(select(Question)).all()) == 1


def test_the_order_of_fields_does_not_make_another_body(client: FlaskClient, assistant: ScriptedAssistant):
    for data in ('{"question": "q", "region": null}', '{"region": null, "question": "q"}'):
        headers = {"Idempotency-Key": "key-1"}
        assert (
            client.post(URL, data=data, content_type="application/json", headers=headers).status_code == 200
        )
    assert len(assistant.asked) == 1


def test_the_same_key_with_another_body_is_refused(client: FlaskClient, assistant: ScriptedAssistant):
    ask(client, "key-1")
    response = ask(client, "key-1", "另一个问题")
    assert response.status_code == 422
    assert response.get_json()["type"] == "urn:rouwen:problem:key-reused"


def test_a_repeated_stream_gets_the_same_reply(client: FlaskClient, assistant: ScriptedAssistant):
    first = ask(client, "key-1").get_json()
    second = ask(client, "key-1", Accept="text/event-stream")
    assert first["id"] in second.text
    assert len(assistant.asked) == 1


def test_a_failed_request_may_be_tried_again_with_its_key(client: FlaskClient, assistant: ScriptedAssistant):
    assistant.failure = ValueError("down")
    assert ask(client, "key-1").status_code == 500
    assistant.failure = None
    assert ask(client, "key-1").status_code == 200


def test_a_refused_request_may_be_corrected_under_its_key(client: FlaskClient, assistant: ScriptedAssistant):
    body = {"question": "问", "region": "火星市"}
    headers = {"Idempotency-Key": "key-1"}
    assert client.post(URL, json=body, headers=headers).status_code == 422
    assert ask(client, "key-1").status_code == 200


def test_a_request_still_under_way_is_a_conflict_until_it_counts_as_lost(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    ask(client, "key-1")
    session.execute(update(IdempotencyKey).values(status=None, reply=None))
    session.commit()
    waiting = ask(client, "key-1")
    assert waiting.status_code == 409
    assert int(waiting.headers["Retry-After"]) > 0
    session.execute(update(IdempotencyKey).values(made_at=now() - timedelta(minutes=2)))
    session.commit()
    assert ask(client, "key-1").status_code == 200


def test_a_key_is_forgotten_after_a_day(client: FlaskClient, assistant: ScriptedAssistant, session: Session):
    ask(client, "key-1")
    session.execute(update(IdempotencyKey).values(made_at=now() - timedelta(hours=25)))
    session.commit()
    assert ask(client, "key-1", "另一个问题").status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 65, "带汉字".encode().decode("latin-1"), "two words"])
def test_an_unusable_key_is_named(client: FlaskClient, assistant: ScriptedAssistant, key: str):
    response = ask(client, key)
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] == "Idempotency-Key"


def test_of_many_at_once_one_is_answered(app: Flask, assistant: ScriptedAssistant, session: Session):
    results: list[Any] = []
    barrier = threading.Barrier(8)

    def send() -> None:
        barrier.wait()
        results.append(ask(app.test_client(), "key-1"))

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert {r.status_code for r in results} <= {200, 409}
    replies = {r.get_json()["id"] for r in results if r.status_code == 200}
    assert len(replies) == 1
    assert len(assistant.asked) == 1
