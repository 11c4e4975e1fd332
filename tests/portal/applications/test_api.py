"""The API of the contract: apply, follow, change, withdraw; and who gets a 404."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import create_app
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.database import Database
from portal.library.holder import knowledge_holder
from portal.settings import Settings

from ..small import ZHANHE, TinyEmbedder, everything_stored, small_settings
from .cases import CODE, NAME, PHONE, STORY, URL, apply, make_body


def problem(response: Any) -> str:
    assert response.content_type == "application/problem+json"
    return str(response.get_json()["type"]).removeprefix("urn:rouwen:problem:")


def test_an_application_is_submitted_and_followed_with_number_and_code(client: FlaskClient):
    response = client.post(URL, json=make_body())
    assert response.status_code == 201
    receipt = response.get_json()
    assert set(receipt) == {"number", "access_code", "state", "url"}
    assert receipt["state"] == "submitted"
    headers = {"X-Access-Code": receipt["access_code"].lower().replace("-", " ")}
    found = client.get(f"{URL}/{receipt['number']}", headers=headers).get_json()
    assert (found["region"], found["revision"], found["open"]) == (ZHANHE, 1, True)
    assert found["statement"]["party_name"] == NAME
    assert found["next"]["deadline"] is None
    assert "本地未规定" in found["next"]["deadline_note"]
    assert {"change", "withdraw"} <= set(found["acts"])


def test_a_change_says_what_it_replaced_and_a_withdrawal_ends_it(client: FlaskClient):
    address, code = apply(client)
    changed = client.post(f"{address}/changes", json={"place": "店门口"}, headers=code)
    assert changed.status_code == 200
    assert changed.get_json()["changed"] == [{"field": "place", "before": "", "after": "店门口"}]
    withdrawn = client.post(f"{address}/withdrawal", headers=code)
    assert (withdrawn.status_code, withdrawn.get_json()["state"]) == (200, "withdrawn")
    events = client.get(f"{address}/events", headers=code).get_json()["events"]
    assert [event["act"] for event in events] == ["submit", "change", "withdraw"]
    assert [event["label"] for event in events] == ["提交申请", "变更申请", "撤回申请"]
    for what, body in (("changes", {"place": "x"}), ("withdrawal", {})):
        late = client.post(f"{address}/{what}", json=body, headers=code)
        assert (late.status_code, problem(late), late.get_json()["state"]) == (
            409,
            "wrong-state",
            "withdrawn",
        )
        assert "这件申请现在是“已撤回”" in late.get_json()["detail"]


def test_a_change_from_an_older_revision_is_a_conflict_that_names_what_changed(client: FlaskClient):
    address, code = apply(client)
    client.post(f"{address}/changes", json={"place": "店门口"}, headers=code)
    late = client.post(f"{address}/changes", json={"revision": 1, "matter": "另一件"}, headers=code)
    assert (late.status_code, problem(late)) == (409, "edit-conflict")
    assert (late.get_json()["revision"], late.get_json()["changed"]) == (2, ["place"])


def test_a_wrong_code_a_missing_code_and_an_unknown_number_are_the_same_404(client: FlaskClient):
    address, code = apply(client)
    _, other_code = apply(client)
    unknown = f"{URL}/RW2026-999999"
    asked = [(address, {}), (address, other_code), (unknown, code), (f"{URL}/张三", code), (unknown, {})]
    bodies = set()
    for at, headers in asked:
        for method, path, body in (
            ("GET", at, None),
            ("GET", f"{at}/events", None),
            ("POST", f"{at}/withdrawal", {}),
            ("POST", f"{at}/changes", {"place": "x"}),
            ("POST", f"{at}/changes", {"no": "such"}),
        ):
            response = client.open(path, method=method, json=body, headers=headers)
            bodies.add((response.status_code, response.text))
    assert len(bodies) == 1
    assert next(iter(bodies))[0] == 404


def test_guessing_is_stopped_without_telling_and_counted(settings: Settings, client: FlaskClient):
    address, code = apply(client)
    wrong = {"X-Access-Code": "2222-2222-2222"}
    first = client.get(address, headers=wrong)
    for _ in range(9):
        client.get(address, headers=wrong)
    barred = client.get(address, headers=code)
    assert (barred.status_code, barred.text) == (404, first.text)
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(address, headers=code, environ_base=elsewhere).status_code == 200
    assert "rouwen_code_guesses_total 11.0" in client.get("/metrics").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": "91350100M000100Y44"}, "credit_code"),
        ({"credit_code": "9135"}, "credit_code"),
        ({"phone": "12345"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"matter": " "}, "matter"),
        ({"matter": "长" * 2001}, "matter"),
        ({"party_kind": "robot"}, "party_kind"),
        ({"wishes": ["gift"]}, "wishes/0"),
        ({"region": "天宫区"}, "region"),
        ({"choice": "decline"}, "choice"),
        ({"on_behalf": True}, "representative_name"),
        ({"party_nam": "x"}, "party_nam"),
        ({"on_behalf": "yes"}, "on_behalf"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_kept(
    client: FlaskClient, session: Session, changes: dict[str, object], field: str
):
    response = client.post(URL, json=make_body(**changes))
    assert response.status_code == 422, response.text
    assert field in [error["field"] for error in response.get_json()["errors"]]
    assert session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_business_needs_its_code_and_a_person_none(client: FlaskClient):
    body = make_body()
    del body["credit_code"]
    refused = client.post(URL, json=body).get_json()
    assert [error["field"] for error in refused["errors"]] == ["credit_code"]
    assert client.post(URL, json={**body, "party_kind": "person"}).status_code == 201


def test_every_post_may_be_repeated_with_its_key(client: FlaskClient, session: Session):
    key = {"Idempotency-Key": "key-1"}
    first, again = (client.post(URL, json=make_body(), headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert session.scalar(select(func.count()).select_from(Application)) == 1
    assert problem(client.post(URL, json=make_body(place="别处"), headers=key)) == "key-reused"

    code = {"X-Access-Code": first.get_json()["access_code"], **key}
    address = f"{URL}/{first.get_json()['number']}"
    for path, body in (("changes", {"place": "店门口"}), ("withdrawal", {})):
        one, two = (client.post(f"{address}/{path}", json=body, headers=code) for _ in range(2))
        assert (one.status_code, one.get_json()) == (200, two.get_json())
    assert len(client.get(f"{address}/events", headers=code).get_json()["events"]) == 3


def test_another_partys_key_opens_nothing(client: FlaskClient):
    address, code = apply(client)
    key = {"Idempotency-Key": "key-1"}
    client.post(f"{address}/withdrawal", json={}, headers={**code, **key})
    assert client.post(f"{address}/withdrawal", json={}, headers=key).status_code == 404


def test_the_notice_is_told_in_the_regions_terms_and_an_old_version_is_a_conflict(client: FlaskClient):
    told = client.get(f"{URL}/choice-notice?region=湛河").get_json()
    assert (told["region"], "湛河区的通知" in told["text"]) == (ZHANHE, True)
    assert client.post(URL, json=make_body(notice_version=told["version"])).status_code == 201
    late = client.post(URL, json=make_body(notice_version="0" * 12))
    assert (late.status_code, problem(late)) == (409, "notice-changed")


def test_a_failure_in_the_middle_leaves_nothing_and_may_be_tried_again(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError

    key = {"Idempotency-Key": "key-1"}
    client = app.test_client()
    app.testing = False
    with monkeypatch.context() as broken:
        broken.setattr("portal.applications.acts.case.journal.append", fail)
        assert client.post(URL, json=make_body(), headers=key).status_code == 500
    assert session.scalar(select(func.count()).select_from(Application)) == 0
    made = client.post(URL, json=make_body(), headers=key).get_json()
    assert made["number"].endswith("-000001")


def test_nothing_personal_is_readable_in_the_database_or_the_logs(
    client: FlaskClient, database: Database, session: Session, settings: Settings
):
    planted = (NAME, PHONE, CODE, STORY, "欧阳代理", "委托书原文", "私下留言", "别处摆放")
    with structlog.testing.capture_logs() as logs:
        address, code = apply(
            client, on_behalf=True, representative_name=planted[4], authority=planted[5], wish_text=planted[6]
        )
        client.post(f"{address}/changes", json={"matter": planted[7]}, headers=code)
        client.post(f"{address}/changes", json={"phone": f"{PHONE}9"}, headers=code)
        client.get(f"{URL}/{NAME}", headers={"X-Access-Code": PHONE})
        client.post(f"{address}/withdrawal", json={}, headers={**code, "Idempotency-Key": "k"})
    stored = everything_stored(session)
    database.engine.dispose()
    files = b"".join(path.read_bytes() for path in Path(settings.data).glob("rouwen.db*"))
    secret = code["X-Access-Code"]
    for word in (*planted, secret, secret.replace("-", "")):
        assert word not in stored
        assert word.encode() not in files
        assert word not in repr(logs)
    assert "application.withdraw" in stored


def test_the_keys_that_seal_an_application_can_rotate(settings: Settings, client: FlaskClient):
    address, code = apply(client)
    from cryptography.fernet import Fernet

    old = (settings.data / "keys" / "encryption").read_text("ascii").strip()
    fresh = Fernet.generate_key().decode()
    rotated = create_app(small_settings(settings.data, ROUWEN_ENCRYPTION_KEYS=f"{fresh},{old}"))
    knowledge_holder(rotated).shelving.embedder = TinyEmbedder()
    found = rotated.test_client().get(address, headers=code)
    assert found.get_json()["statement"]["party_name"] == NAME
    rotated.extensions["rouwen.database"].engine.dispose()


@pytest.mark.parametrize("blank", ["%20", "%1E", "%E3%80%80"])
def test_blanks_are_no_name_of_a_region(client: FlaskClient, blank: str):
    assert client.get(f"{URL}/choice-notice?region={blank}").status_code == 422
    assert client.get(f"/api/v1/library/documents?region={blank}").status_code == 422
    assert client.get(f"{URL}/choice-notice?region=").status_code == 200


def test_a_code_says_nothing_of_itself():
    code = AccessCode.make()
    assert code.text not in repr(code)
    assert len({AccessCode.make().text for _ in range(100)}) == 100
