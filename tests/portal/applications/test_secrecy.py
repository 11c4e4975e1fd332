"""What officer and party write is nowhere to be read: not in the database, its files or the logs."""

from __future__ import annotations

from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from portal.applications import acts
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.database import Database
from portal.settings import Settings

from ..small import everything_stored
from .cases import CODE, NAME, PHONE, STORY
from .desk import FORMS, bring_to, make_desk

WALK = {
    State.SUBMITTED: ("message", "note", "request_supplement"),
    State.ACCEPTED: ("measure", "expert_opinion", "issue_opinion", "deliver", "reinspection", "conclude"),
    State.CONCLUDED: ("follow_up", "archive"),
    State.SUPPLEMENT_REQUESTED: ("hand_over",),
}


def test_nothing_that_was_written_in_a_case_is_readable(
    app: Flask, session: Session, database: Database, settings: Settings
):
    app.config["WTF_CSRF_ENABLED"] = False
    desk = make_desk(app, session)
    planted = {NAME, PHONE, CODE, STORY, "等得太久了"}
    with structlog.testing.capture_logs() as logs:
        for state, forms in WALK.items():
            case = bring_to(session, state, desk.officer)
            acts.complain(session, case.id, {"text": "等得太久了"})
            for form in forms:
                texts = {n: f"密语{form}{n}" for n in FORMS[form] if n in ("text", "expert", "to")}
                if form == "issue_opinion":
                    texts = {n: f"密语{n}" for n in ("purpose", "content", "object")}
                    texts["officers"] = "密语甲 豫001\n密语乙 豫002"
                response = desk.does(case, form, **texts)
                assert response.status_code == 303, form
                planted |= {line for text in texts.values() for line in text.splitlines()}
                refused = desk.client.post(f"/staff/cases/{case.number}/message", data={"text": "密" * 1001})
                assert refused.status_code in (409, 422)
    stored = everything_stored(session)
    database.engine.dispose()
    app.extensions["rouwen.database"].engine.dispose()
    files = b"".join(path.read_bytes() for path in Path(settings.data).glob("rouwen.db*"))
    readable = [w for w in planted if w in stored or w.encode() in files or w in repr(logs)]
    assert readable == []
    assert len(planted) > 15
    assert session.get(Application, 1) is not None
