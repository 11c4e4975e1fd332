"""Applications to test with, on the small library."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.applications.acts import save_draft, submit_new
from portal.applications.choice import notice
from portal.applications.models import Application, ChoiceNotice
from portal.applications.numbers import AccessCode
from portal.wording import Language

from ..small import ZHANHE

URL = "/api/v1/applications"
NAME, PHONE, CODE = "某某五金经营部", "13812345678", "91350100M000100Y43"
STORY = "店门口摆了两把梯子，占了人行道"


def make_values(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "agency": "湛河区城市管理局",
        "party_kind": "business",
        "party_name": NAME,
        "credit_code": CODE,
        "phone": PHONE,
        "matter": STORY,
        "correction": "done",
    }
    return {**values, **changes}


def make_body(**changes: object) -> dict[str, object]:
    return {"choice": "accept", "region": "湛河区", **make_values(), **changes}


def make_application(session: Session, code: AccessCode | None = None, **changes: object) -> Application:
    """One that is submitted."""
    told = notice(ZHANHE, Language.CHINESE)
    return submit_new(session, told, make_values(**changes), code=code or AccessCode.make())


def make_draft(session: Session, choice: ChoiceNotice, **values: object) -> Application:
    return save_draft(session, choice.id, values or make_values(), code=AccessCode.make())


def apply(client: FlaskClient, **changes: object) -> tuple[str, dict[str, str]]:
    """The address of a new application, and the header that opens it."""
    receipt: dict[str, Any] = client.post(URL, json=make_body(**changes)).get_json()
    return f"{URL}/{receipt['number']}", {"X-Access-Code": receipt["access_code"]}
