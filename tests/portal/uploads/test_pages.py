"""Handing in files over HTTP: in the steps, in a change, by whom, how large, and cut off in the middle."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from portal.applications.acts import events
from portal.applications.models import Application
from portal.settings import Settings
from portal.uploads import reception
from portal.uploads.models import Upload
from portal.uploads.store import Store

from ..applications.cases import apply, make_values
from ..applications.test_pages import WHO, choose, page_of, receipt
from . import samples

STEP = "/apply/step/evidence"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def form(*files: tuple[bytes, str], **more: object) -> dict[str, Any]:
    return {"files": [(BytesIO(content), name) for content, name in files], **more}


def send(client: FlaskClient, *files: tuple[bytes, str], address: str = STEP, **more: object) -> Any:
    return client.post(address, data=form(*files, **more), content_type="multipart/form-data")


def begin(client: FlaskClient) -> None:
    choose(client)
    values = make_values()
    client.post("/apply/step/who", data={name: values[name] for name in WHO})
    client.post("/apply/step/matter", data={"matter": values["matter"]})
    client.post("/apply/step/correction", data={"correction": values["correction"]})


def files_left(settings: Settings) -> list[str]:
    return sorted(p.parent.name for p in (settings.data / "uploads").rglob("*") if p.is_file())


def open_submitted(client: FlaskClient) -> str:
    """The address of an application that was handed in and is open in this browser."""
    url, header = apply(client)
    number = url.rpartition("/")[2]
    client.post("/applications", data={"number": number, "code": header["X-Access-Code"]})
    return f"/applications/{number}"


def test_files_are_handed_in_shown_and_taken_back(client: FlaskClient, settings: Settings):
    begin(client)
    page = page_of(client.get(STEP))
    assert page.select_one("h1").text.startswith("证据材料")
    assert page.select_one("input[type=file]").has_attr("multiple")
    assert send(client, (samples.png(), "照片.PNG"), (samples.pdf(), "单据.pdf"), stay="yes").location == STEP
    page = page_of(client.get(STEP))
    assert [a.text for a in page.select(".files a")] == ["照片.png", "单据.pdf"]
    token = page.select_one(".files input[name=token]")["value"]
    client.post(f"{STEP}/remove", data={"token": token})
    assert [a.text for a in page_of(client.get(STEP)).select(".files a")] == ["单据.pdf"]
    assert files_left(settings) == ["kept"]


def test_the_step_may_be_passed_over(client: FlaskClient):
    begin(client)
    assert send(client, next="yes").location == "/apply/step/wishes"
    assert send(client, next="yes", then="check").location == "/apply/check"


def test_what_was_handed_in_stands_in_the_check_the_application_and_the_receipt(client: FlaskClient):
    begin(client)
    send(client, (samples.jpg(), "改好了.jpg"), next="yes")
    assert "改好了.jpg" in page_of(client.get("/apply/check")).text
    client.post("/apply/submit")
    number, _ = receipt(client)
    status = page_of(client.get(f"/applications/{number}"))
    assert "上传证据材料" in status.select_one(".timeline").text
    link = status.select_one(".files a")
    got = client.get(link["href"])
    assert got.data == samples.jpg()
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "%E6%94%B9%E5%A5%BD%E4%BA%86.jpg" in got.headers["Content-Disposition"]
    assert (got.headers["X-Content-Type-Options"], got.mimetype) == ("nosniff", "image/jpeg")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert "改好了.jpg" in page_of(client.get(f"/applications/{number}/receipt")).text


def test_a_file_that_cannot_be_kept_is_named_and_the_others_stay(client: FlaskClient, settings: Settings):
    begin(client)
    response = send(client, (samples.png(), "好.png"), (b"MZ", "坏.jpg"), (samples.bomb(), "弹.docx"))
    page = page_of(response)
    assert response.status_code == 422
    said = [line.text for line in page.select("#trouble li")]
    assert said[0].startswith("坏：不是能收的类型。可以传 jpg、png、pdf、docx、mp4、mp3")
    assert said[1].startswith("弹：这个文档解开后过大")
    assert [a.text for a in page.select(".files a")] == ["好.png"]
    assert page.select_one("#files")["aria-invalid"] == "true"
    assert files_left(settings) == ["kept"]


def test_a_change_brings_files_and_keeps_what_was_typed(client: FlaskClient, session: Session):
    address = open_submitted(client)
    values = {**make_values(place="店门口"), "revision": "1"}
    response = send(
        client, (b"MZ", "坏.jpg"), (samples.png(), "好.png"), address=f"{address}/change", **values
    )
    page = page_of(response)
    assert response.status_code == 422
    assert page.select_one("#place")["value"] == "店门口"
    assert [a.text for a in page.select(".files a")] == ["好.png"]
    assert send(client, address=f"{address}/change", **values).location.startswith(address)
    application = session.scalars(select(Application)).one()
    assert application.current.statement["place"] == "店门口"


def test_files_alone_are_enough_for_a_supplement(client: FlaskClient, session: Session):
    address = open_submitted(client)
    session.execute(update(Application).values(state="supplement_requested"))
    session.commit()
    values = {**make_values(), "revision": "1"}
    assert send(client, address=f"{address}/change", **values).status_code == 422
    response = send(client, (samples.png(), "照片.png"), address=f"{address}/change", **values)
    assert response.location == f"{address}?done=supplement"
    session.expire_all()
    application = session.scalars(select(Application)).one()
    assert (application.state, application.current.number) == ("submitted", 2)
    acts = [event.act.removeprefix("application.") for event in events(session, application)]
    assert acts == ["submit", "evidence", "supplement"]


def test_files_alone_with_a_change_are_taken_without_a_new_revision(client: FlaskClient, session: Session):
    address = open_submitted(client)
    values = {**make_values(), "revision": "1"}
    response = send(client, (samples.png(), "照片.png"), address=f"{address}/change", **values)
    assert response.location == f"{address}?done=evidence"
    assert "材料已收到" in page_of(client.get(response.location)).text
    assert session.scalars(select(Application)).one().current.number == 1


def test_a_file_is_only_there_for_its_own_party(app: Flask, client: FlaskClient, session: Session):
    begin(client)
    send(client, (samples.png(), "照片.png"), stay="yes")
    upload = session.scalars(select(Upload)).one()
    number = session.get_one(Application, upload.application_id).number
    stranger = app.test_client()
    assert stranger.get(f"/applications/{number}/evidence/{upload.token}").status_code == 404
    other = open_submitted(stranger)
    assert stranger.get(f"{other}/evidence/{upload.token}").status_code == 404
    assert client.get(f"/applications/{number}/evidence/..%2Fkeys").status_code == 404
    assert client.get(f"/applications/{number}/evidence/{upload.token}").status_code == 200


def test_without_an_application_there_is_no_larger_body(app: Flask, settings: Settings):
    client, big = app.test_client(), (b"x" * 70_000, "a.jpg")
    assert send(client, big).status_code == 413
    assert send(client, big, address="/applications/RW2026-000001/change").status_code == 413
    assert files_left(settings) == []


def test_a_body_beyond_every_limit_is_refused_and_nothing_stays(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    begin(client)
    monkeypatch.setattr(reception, "MIB", 10)
    response = send(client, (samples.pdf(b"x" * 5000), "a.pdf"))
    assert response.status_code == 413
    assert files_left(settings) == []


def test_a_form_with_files_needs_its_token(app: Flask, session: Session, settings: Settings):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    app.config["WTF_CSRF_ENABLED"] = False
    begin(client)
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, (samples.png(), "照片.png")).status_code == 400
    assert session.scalars(select(Upload)).all() == []
    token = page_of(client.get(STEP)).select_one("input[name=csrf_token]")["value"]
    assert send(client, (samples.png(), "照片.png"), csrf_token=token, stay="yes").status_code == 303
    assert files_left(settings) == ["kept"]


@pytest.fixture
def server(app: Flask) -> Iterator[tuple[str, int]]:
    app.config["WTF_CSRF_ENABLED"] = False
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    thread.join()


def test_a_connection_lost_in_the_middle_leaves_nothing(
    server: tuple[str, int],
    client: FlaskClient,
    session: Session,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
):
    begin(client)
    seen, let_go = threading.Event(), threading.Event()
    receive = Store.receive

    def receiving(store: Store, most: int) -> Any:
        incoming = receive(store, most)
        close = incoming.close

        def closing() -> None:
            close()
            let_go.set()

        incoming.close = closing  # type: ignore[method-assign]
        seen.set()
        return incoming

    monkeypatch.setattr(Store, "receive", receiving)
    cookie = client.get_cookie("rouwen")
    assert cookie is not None
    part = (
        b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + samples.pdf(b"x" * 200_000)
    )
    head = (
        f"POST {STEP} HTTP/1.1\r\nHost: localhost\r\nCookie: rouwen={cookie.value}\r\n"
        f"Content-Type: multipart/form-data; boundary=xx\r\nContent-Length: {len(part) * 2}\r\n\r\n"
    )
    with socket.create_connection(server) as caller:
        caller.sendall(head.encode() + part)
        assert seen.wait(20)
    assert let_go.wait(20)
    assert files_left(settings) == []
    assert session.scalars(select(Upload)).all() == []


def test_nothing_of_a_file_lies_open_on_the_disk(client: FlaskClient, settings: Settings):
    begin(client)
    secret = "藏青色的梯子".encode() * 50_000
    send(client, (samples.pdf(secret), "说明.pdf"), stay="yes")
    assert files_left(settings) == ["kept"]
    for path in Path(settings.data).rglob("*"):
        assert not path.is_file() or "藏青色".encode() not in path.read_bytes(), path
