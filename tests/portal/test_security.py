from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask, session
from flask.testing import FlaskClient
from redis import Redis

from portal import create_app
from portal.errors import table
from portal.library.holder import knowledge_holder
from portal.permissions import Permission, declared, public
from portal.security import HEADERS
from portal.settings import Settings
from portal.throttle import FileStorage

from .small import ScriptedAssistant, TinyEmbedder, small_settings

URL = "/api/v1/questions"


def make_client(settings: Settings, **more: str) -> FlaskClient:
    app = create_app(small_settings(settings.data, **more))
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    return app.test_client()


def ask(client: FlaskClient, address: str = "203.0.113.7", **headers: str) -> Any:
    return client.post(
        URL, json={"question": "能撤回吗？"}, headers=headers, environ_base={"REMOTE_ADDR": address}
    )


def test_every_route_is_public_by_declaration_or_names_a_permission(app: Flask):
    by_route = {rule.rule: declared(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert None not in by_route.values()
    guarded = {route: mark for route, mark in by_route.items() if mark != "public"}
    assert guarded.pop("/metrics") == Permission.METRICS_READ
    assert all(route == "/staff" or route.startswith("/staff/") for route in guarded)


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/v1/openapi.json", "/api/v1/nowhere", "/static/nothing.css"]
)
def test_every_response_carries_the_protective_headers(client: FlaskClient, path: str):
    response = client.get(path)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_cookies_are_secure_where_the_public_address_is_https(settings: Settings):
    app = create_app(small_settings(settings.data, ROUWEN_PUBLIC_URL="https://rouwen.example"))

    @app.get("/probe")
    @public
    def probe() -> str:
        session["seen"] = True
        return "ok"

    response = app.test_client().get("/probe", base_url="https://rouwen.example")
    cookie = response.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert response.headers["Strict-Transport-Security"]


def test_a_form_without_its_token_is_refused_and_the_api_needs_none(app: Flask, assistant: ScriptedAssistant):
    @app.post("/probe")
    @public
    def probe() -> str:
        return "done"

    client = app.test_client()
    response = client.post("/probe", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert response.get_json()["type"] == "urn:rouwen:problem:form-expired"
    assert ask(client).status_code == 200


def test_the_hundred_and_twenty_first_question_of_a_minute_has_to_wait(
    settings: Settings, assistant: ScriptedAssistant
):
    client = make_client(settings, ROUWEN_RATE="3")
    assert [ask(client).status_code for _ in range(3)] == [200, 200, 200]
    response = ask(client)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.get_json()["type"] == "urn:rouwen:problem:too-many"
    assert ask(client, "203.0.113.8").status_code == 200


def test_two_workers_count_together(settings: Settings, assistant: ScriptedAssistant):
    one, other = make_client(settings, ROUWEN_RATE="3"), make_client(settings, ROUWEN_RATE="3")
    codes = [ask(client).status_code for client in (one, other, one, other)]
    assert codes == [200, 200, 200, 429]


def test_a_subscriber_cannot_escape_the_limit_within_its_ipv6_network(
    settings: Settings, assistant: ScriptedAssistant
):
    client = make_client(settings, ROUWEN_RATE="1")
    codes = [ask(client, a).status_code for a in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")]
    assert codes == [200, 429, 200]


def test_a_forged_forwarding_header_does_not_escape_the_limit(
    settings: Settings, assistant: ScriptedAssistant
):
    client = make_client(settings, ROUWEN_RATE="1")
    codes = [ask(client, **{"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(2)]
    assert codes == [200, 429]


def test_behind_a_declared_proxy_callers_are_told_apart(settings: Settings, assistant: ScriptedAssistant):
    client = make_client(settings, ROUWEN_RATE="1", ROUWEN_PROXIES="1")
    codes = [ask(client, **{"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in (1, 2, 1)]
    assert codes == [200, 200, 429]


def test_a_counter_starts_again_when_its_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    clock = [1000.0]
    monkeypatch.setattr("portal.throttle.time.time", lambda: clock[0])
    storage = FileStorage(tmp_path / "rate.db")
    assert [storage.incr("a", 60), storage.incr("a", 60), storage.get("a")] == [1, 2, 2]
    assert storage.get_expiry("a") == 1060.0
    clock[0] = 1060.0
    assert [storage.get("a"), storage.incr("a", 60)] == [0, 1]
    storage.clear("a")
    assert storage.get("a") == 0
    assert storage.check()
    assert storage.reset() == 0


def test_addresses_are_not_kept_in_clear(settings: Settings, assistant: ScriptedAssistant):
    ask(make_client(settings))
    kept = b"".join(path.read_bytes() for path in settings.data.glob("rate.db*"))
    if settings.redis_url:
        kept = b"".join(Redis.from_url(settings.redis_url).keys())
    assert kept
    assert b"203.0.113.7" not in kept


def test_measurements_are_for_this_machine_or_for_those_with_the_token(settings: Settings):
    token = "m" * 24
    client = make_client(settings, ROUWEN_METRICS_TOKEN=token)

    def code(address: str, **headers: str) -> int:
        return client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code

    assert code("127.0.0.1") == 200
    assert code("203.0.113.7") == 403
    assert code("203.0.113.7", Authorization=f"Bearer {token}") == 200
    assert code("203.0.113.7", Authorization="Bearer wrong") == 403
    assert code("127.0.0.1", **{"X-Forwarded-For": "203.0.113.7"}) == 403


def test_measurements_count_answers_and_name_no_question(client: FlaskClient, assistant: ScriptedAssistant):
    ask(client)
    text = client.get("/metrics").text
    assert 'rouwen_answers_total{status="answered",written_by="rules"} 1.0' in text
    assert 'rouwen_requests_total{method="POST",route="/api/v1/questions",status="200"} 1.0' in text
    assert "能撤回吗" not in text


def test_nothing_a_person_wrote_reaches_the_logs(client: FlaskClient, assistant: ScriptedAssistant):
    words = ("张三丰", "13812345678")
    question = {"question": f"我是{words[0]}，电话{words[1]}，第一次违法"}
    with structlog.testing.capture_logs() as logs:
        client.post(URL, json=question)
        assistant.failure = ValueError(f"cannot handle {words[0]}")
        client.post(URL, json=question)
        client.post(URL, json={**question, "region": words[0]})
        client.post(URL, data=json.dumps(question)[:-3], content_type="application/json")
        client.get(f"/api/v1/library/search?q={words[1]}")
        client.get(f"/nowhere/{words[1]}?q={words[0]}")
    kept = repr(logs)
    assert [word for word in words if word in kept] == []
    assert {entry["event"] for entry in logs} == {"request", "failure"}
    failure = next(entry for entry in logs if entry["event"] == "failure")
    assert failure["error"] == "ValueError"
    assert any("portal/chat/acts.py" in frame for frame in failure["frames"])
    assert failure["reference"]


def test_every_problem_has_its_words_in_both_languages():
    for group in ("problems", "fields"):
        for slug, row in table()[group].items():
            texts = [row["title"], row["detail"]] if group == "problems" else [row]
            for text in texts:
                assert set(text) >= {"zh", "en"}, slug
                holes = [sorted(re.findall(r"\{(\w+)\}", text[language])) for language in ("zh", "en")]
                assert holes[0] == holes[1], slug


def test_a_page_that_is_not_there_is_a_page_for_people_and_a_problem_for_programs(client: FlaskClient):
    page = client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    problem = client.get("/nowhere", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")
    assert (
        client.get("/api/v1/nowhere", headers={"Accept": "text/html"}).content_type
        == "application/problem+json"
    )


def test_readiness_names_the_release(client: FlaskClient):
    assert client.get("/readyz").get_json()["release"] == 1
