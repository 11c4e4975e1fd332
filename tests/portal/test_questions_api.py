from __future__ import annotations

import io
import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.reply import ReplyStatus
from portal import create_app, schemas
from portal.calendar import today
from portal.chat.models import Answer, AnswerSource, Question, WorkItem
from portal.permissions import public

from .small import (
    WITHDRAW,
    ZHANHE,
    ZHOUSHAN,
    ScriptedAssistant,
    everything_stored,
    make_reply,
    small_settings,
)

URL = "/api/v1/questions"


def ask(client: FlaskClient, question: str = "申请以后还能撤回吗？", **more: Any) -> Any:
    return client.post(URL, json={"question": question, **more})


def test_an_answer_has_the_shape_of_the_contract(client: FlaskClient, assistant: ScriptedAssistant):
    response = ask(client, region="湛河")
    body = response.get_json()
    assert response.status_code == 200
    assert list(Draft202012Validator(schemas.REPLY).iter_errors(body)) == []
    assert body["citations"] == [
        {
            "number": 1,
            "document": "zhanhe",
            "title": "湛河区柔性执法办法",
            "document_number": "试政发〔2021〕1号",
            "section": "二/3",
            "text": WITHDRAW,
            "digest": True,
            "url": "/library/zhanhe#s-%E4%BA%8C-3",
            "release": 1,
            "in_force": True,
        }
    ]
    assert (body["release"], body["written_by"], body["status"]) == (1, "rules", "answered")


def test_the_assistant_is_told_the_path_of_the_region_and_the_day(
    client: FlaskClient, assistant: ScriptedAssistant
):
    ask(client, region="湛河", on="2024-02-29")
    ask(client, region=ZHOUSHAN)
    ask(client)
    assert [(q.region, q.on) for q in assistant.asked] == [
        (ZHANHE, date(2024, 2, 29)),
        (ZHOUSHAN, today()),
        (None, today()),
    ]


def test_a_follow_up_brings_what_the_turn_before_remembered(
    client: FlaskClient, assistant: ScriptedAssistant
):
    assistant.replies = [make_reply(memory={"turns": 1}), make_reply(memory={"turns": 2}), make_reply()]
    conversation = ask(client).get_json()["conversation"]
    again = ask(client, "那变更呢？", conversation=conversation).get_json()
    ask(client, "还有呢？", conversation=conversation)
    assert again["conversation"] == conversation
    assert [dict(q.memory) for q in assistant.asked] == [{}, {"turns": 1}, {"turns": 2}]


def test_every_conversation_has_an_id_of_its_own(client: FlaskClient, assistant: ScriptedAssistant):
    ids = {ask(client).get_json()["conversation"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(i) >= 22 for i in ids)


def test_an_answer_is_kept_with_what_it_cited(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    body = ask(client).get_json()
    answer = session.get_one(Answer, body["id"])
    source = session.scalars(select(AnswerSource)).one()
    assert answer.reply == body
    assert (answer.release, answer.written_by, answer.timings) == (1, "rules", {"screen": 0.1})
    assert (source.document, source.section, source.text) == ("zhanhe", "二/3", WITHDRAW)
    assert len(source.digest) == 64


def test_personal_data_is_masked_before_a_question_is_stored_and_nothing_is_in_clear(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    ask(client, "我的电话是13812345678，能撤回申请吗？")
    stored = session.scalars(select(Question)).one()
    assert "13812345678" not in stored.text
    assert "撤回申请" in stored.text
    kept = everything_stored(session)
    assert "撤回申请" not in kept
    assert "[1]。机关应当准许。" not in kept


def test_a_question_is_stored_before_the_assistant_is_asked(
    app: Flask, client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    assistant.failure = ValueError("broken inside")
    assert ask(client).status_code == 500
    assert len(session.scalars(select(Question)).all()) == 1
    assert session.scalars(select(Answer)).all() == []


def test_an_abstention_becomes_work_for_the_editors(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    assistant.replies = [make_reply(ReplyStatus.ABSTAINED, citations=()), make_reply()]
    missing = ask(client, region="湛河").get_json()
    ask(client)
    item = session.scalars(select(WorkItem)).one()
    assert (item.answer_id, item.kind, item.region, item.open) == (missing["id"], "unanswered", ZHANHE, True)


def test_a_question_of_exactly_a_thousand_characters_is_taken(
    client: FlaskClient, assistant: ScriptedAssistant
):
    assert ask(client, "问" * 1000).status_code == 200
    over = ask(client, "问" * 1001)
    assert over.status_code == 422
    assert over.get_json()["errors"][0]["field"] == "question"
    assert "1001" in over.get_json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "question"),
        ({"question": ""}, 422, "question"),
        ({"question": " \n\t　"}, 422, "question"),
        ({"question": None}, 422, "question"),
        ({"question": 12}, 422, "question"),
        ({"question": ["a"]}, 422, "question"),
        ({"question": "问", "region": "火星市"}, 422, "region"),
        ({"question": "问", "region": 5}, 422, "region"),
        ({"question": "问", "region": "湛河区、舟山市"}, 422, "region"),
        ({"question": "问", "on": "22.11.2026"}, 422, "on"),
        ({"question": "问", "on": "2026-02-30"}, 422, "on"),
        ({"question": "问", "on": "20261122"}, 422, "on"),
        ({"question": "问", "on": 20261122}, 422, "on"),
        ({"question": "问", "conversation": 7}, 422, "conversation"),
        ({"question": "问", "conversation": "unknown"}, 404, None),
        ({"question": "问", "conversation": "x" * 22}, 404, None),
        ({"question": "问", "conversation": ""}, 404, None),
        ({"question": "问", "conversation": "\x00'; DROP TABLE questions"}, 404, None),
    ],
)
def test_wrong_fields_are_named(
    client: FlaskClient, assistant: ScriptedAssistant, body: dict[str, Any], status: int, field: str | None
):
    response = client.post(URL, json=body)
    problem = response.get_json()
    assert response.status_code == problem["status"] == status
    assert response.content_type == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert [e["field"] for e in problem.get("errors", [])] == ([field] if field else [])
    assert assistant.asked == []


def test_an_unknown_region_names_the_candidates(client: FlaskClient, assistant: ScriptedAssistant):
    error = ask(client, region="湛何区").get_json()["errors"][0]
    assert ZHANHE in error["candidates"]
    assert ZHANHE in error["detail"]


def test_an_ambiguous_region_names_the_candidates(client: FlaskClient, assistant: ScriptedAssistant):
    error = ask(client, region="鼓楼区").get_json()["errors"][0]
    assert len(error["candidates"]) > 1


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"question"', "application/json", 400),
        (b'{"question": NaN}', "application/json", 400),
        ('{"question": "能撤回吗"}'.encode("gbk"), "application/json", 400),
        ('{"question": "能撤回吗"}'.encode("utf-16"), "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"question": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"question": "q"}', "text/plain", 415),
        (b'{"question": "q"}', "application/x-www-form-urlencoded", 415),
        (b'{"question": "q"}', "application/json; charset=gbk", 415),
        (b'{"question": "q"}', "", 415),
        (b'{"question": "' + b"q" * 70_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_told_apart(
    client: FlaskClient, assistant: ScriptedAssistant, data: bytes, content_type: str, status: int
):
    response = client.post(URL, data=data, content_type=content_type)
    assert response.status_code == response.get_json()["status"] == status
    assert assistant.asked == []


@pytest.mark.parametrize(("size", "status"), [(100, 200), (70_000, 413)])
def test_a_body_in_chunks_is_held_to_the_same_limit(
    client: FlaskClient, assistant: ScriptedAssistant, size: int, status: int
):
    body = '{"question": "能撤回吗"}'.encode() + b" " * size
    response = client.post(
        URL,
        input_stream=io.BytesIO(body),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert response.status_code == status


def test_a_byte_order_mark_does_no_harm(client: FlaskClient, assistant: ScriptedAssistant):
    data = '{"question": "能撤回吗"}'.encode("utf-8-sig")
    assert client.post(URL, data=data, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    "question",
    ["\\ud83d 能撤回吗", "能\\u0000撤回", "\\u202e撤回\\u2066", "<script>alert(1)</script>", "😀" * 100],
)
def test_odd_characters_are_stored_and_given_back_without_harm(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session, question: str
):
    data = f'{{"question": "{question}"}}'.encode()
    response = client.post(URL, data=data, content_type="application/json")
    assert response.status_code == 200
    session.scalars(select(Question)).one().text.encode("utf-8")


def test_problems_are_told_in_english_to_those_who_prefer_it(client: FlaskClient):
    response = client.post(URL, json={}, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert response.get_json()["title"] == "Something needs correcting"
    assert response.headers["Content-Language"] == "en"
    assert client.post(URL, json={}).get_json()["title"] == "有内容需要更正"


def test_without_a_release_the_service_says_that_it_is_not_ready(client: FlaskClient, session: Session):
    session.execute(text("UPDATE release_pointer SET release = NULL"))
    session.commit()
    response = ask(client)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_another_method_is_refused_with_the_one_that_works(client: FlaskClient):
    response = client.get(URL)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.content_type == "application/problem+json"


def test_an_error_inside_shows_no_trace_and_a_reference(client: FlaskClient, assistant: ScriptedAssistant):
    assistant.failure = ValueError("secret words of the asker")
    response = ask(client)
    assert response.status_code == 500
    assert "secret words" not in response.text
    assert "Traceback" not in response.text


def test_a_database_that_is_away_is_a_503(tmp_path: Path):
    away = small_settings(tmp_path, ROUWEN_DATABASE_URL="postgresql://rouwen@127.0.0.1:1/nothing")
    client = create_app(away).test_client()
    assert ask(client).status_code == 503
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_route_that_someone_forgot_to_declare_stops_the_start(app: Flask):
    from portal.permissions import UndeclaredRouteError, check_routes

    app.view_functions["forgotten"] = lambda: "open to all"
    app.url_map.add(app.url_rule_class("/forgotten", endpoint="forgotten"))
    with pytest.raises(UndeclaredRouteError, match="/forgotten"):
        check_routes(app)
    public(app.view_functions["forgotten"])
    check_routes(app)


def events(response: Any) -> list[tuple[str, Any]]:
    found = []
    for block in response.text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def ask_streaming(client: FlaskClient, question: str = "能撤回吗？", **more: Any) -> Any:
    return client.post(URL, json={"question": question, **more}, headers={"Accept": "text/event-stream"})


def test_a_stream_brings_status_citations_pieces_and_the_whole_reply(
    client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    response = ask_streaming(client)
    assert response.mimetype == "text/event-stream"
    got = events(response)
    names = [name for name, _ in got]
    assert names[0] == "status"
    assert names[-1] == "done"
    assert names.index("citation") < names.index("delta") < names.index("done")
    reply = got[-1][1]
    assert "".join(data["text"] for name, data in got if name == "delta") == reply["answer"]
    assert [data for name, data in got if name == "citation"] == reply["citations"]
    assert session.get_one(Answer, reply["id"]).reply == reply


def test_a_long_answer_with_line_breaks_comes_out_of_its_pieces_unchanged(
    client: FlaskClient, assistant: ScriptedAssistant
):
    answer = "第一句。\n\n第二句很长" + "很长" * 40 + "，还没完；\nThird, in English: yes!\r\n" + "x" * 100
    assistant.replies = [make_reply(answer=answer)]
    got = events(ask_streaming(client))
    pieces = [data["text"] for name, data in got if name == "delta"]
    assert "".join(pieces) == answer
    assert len(pieces) > 5


@pytest.mark.parametrize(
    ("more", "status"),
    [({"question": ""}, 422), ({"region": "火星市"}, 422), ({"conversation": "x" * 22}, 404)],
)
def test_a_stream_that_cannot_begin_is_an_ordinary_problem(
    client: FlaskClient, assistant: ScriptedAssistant, more: dict[str, Any], status: int
):
    response = ask_streaming(client, **more)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


def test_a_failure_under_way_ends_the_stream_with_a_problem(
    client: FlaskClient, assistant: ScriptedAssistant
):
    assistant.failure = ValueError("secret words")
    got = events(ask_streaming(client))
    assert got[-1][0] == "error"
    assert got[-1][1]["status"] == 500
    assert "secret words" not in str(got)


def test_too_many_streams_at_once_are_put_off_and_room_comes_back(
    client: FlaskClient, assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
):
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr("portal.chat.stream._places", places)
    with places:
        put_off = ask_streaming(client)
        assert put_off.status_code == 503
        assert int(put_off.headers["Retry-After"]) > 0
        assert ask(client).status_code == 200
    for _ in range(3):
        with ask_streaming(client) as response:
            assert response.status_code == 200
