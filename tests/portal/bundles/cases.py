"""Cases with everything a bundle may hold, and zips taken apart and put together again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications import acts
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.settings import Settings
from portal.uploads.acts import Received, hand_in
from portal.uploads.store import Store

from ..applications.desk import Desk, bring_to, content
from ..uploads import samples

INTERNAL = "对门店印象不好，只供内部"
REMARK = "请走南门"
EVIDENCE = samples.png(8)


def store_of(settings: Settings) -> Store:
    return Store(settings.data / "uploads")


def hand_in_file(
    session: Session, settings: Settings, application: Application, name: str, body: bytes
) -> None:
    store = store_of(settings)
    with store.receive(len(body)) as file:
        file.write(body)
        file.seek(0)
        assert not hand_in(session, store, application.id, [Received(name, file)]).refused


def full_case(session: Session, settings: Settings, desk: Desk, name: str = "照片.png") -> Application:
    """Evidence, a change, a message, notes of both sorts, documents, a line in the ledger, and concluded."""
    application = bring_to(session, State.SUBMITTED, desk.officer)
    hand_in_file(session, settings, application, name, EVIDENCE)
    statement = {**application.current.statement, "matter": "门口摆了三把梯子，占了人行道"}
    acts.change(session, application.id, statement, revision=1)
    acts.send_message(session, application.id, "什么时候来看？")
    acts.accept(session, application.id, content("accept"), desk.officer)
    acts.note(session, application.id, content("note", text=INTERNAL), desk.officer)
    acts.note(session, application.id, content("note", text=REMARK, public="yes"), desk.officer)
    acts.issue_opinion(session, application.id, content("issue_opinion"), desk.officer)
    found = content("conclude", violation="yes", found_on="2026-11-20", matter="占道经营", outcome="guided")
    return acts.conclude(session, application.id, found, desk.officer)


def files_in(zipped: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(zipped)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def told(zipped: bytes, name: str) -> Any:
    return json.loads(files_in(zipped)[name])


def rewritten(zipped: bytes, change: Callable[[dict[str, bytes]], None], *, listed: bool) -> bytes:
    """The zip after someone changed it, with its list of files made to fit (``listed``) or as it was."""
    files = files_in(zipped)
    change(files)
    if listed:
        manifest = json.loads(files.pop("manifest.json"))
        manifest["files"] = [
            {"path": path, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for path, body in files.items()
        ]
        files["manifest.json"] = json.dumps(manifest).encode()
    out = BytesIO()
    with ZipFile(out, "w") as bundle:
        for path, body in files.items():
            bundle.writestr(path, body)
    return out.getvalue()


def kept(folder: Path, zipped: bytes, name: str = "case.zip") -> Path:
    path = folder / name
    path.write_bytes(zipped)
    return path


def taken(desk: Desk, application: Application) -> bytes:
    """The full file as the officer gets it."""
    response = desk.client.post(f"/staff/cases/{application.number}/bundle")
    assert (response.status_code, response.mimetype) == (200, "application/zip"), response.text
    return response.data


def without_tokens(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    return app
