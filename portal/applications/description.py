"""The applications API in OpenAPI, written with the schemas that check it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import schemas

Problems = Callable[..., dict[str, Any]]

NAMED = {
    "Receipt": schemas.RECEIPT,
    "Application": schemas.APPLICATION,
    "ChangedApplication": schemas.CHANGED,
    "ApplicationEvents": schemas.EVENTS,
    "ApplicationChange": schemas.CHANGE,
    "Withdrawal": schemas.WITHDRAWAL,
    "ChoiceNotice": schemas.CHOICE_NOTICE,
}

_NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "example": "RW2026-000001",
}
_CODE = {
    "name": "X-Access-Code",
    "in": "header",
    "required": True,
    "description": "The access code of the receipt. A wrong or missing code and an unknown number are the"
    " same 404, and so is a right code after too many wrong ones.",
    "schema": {"type": "string"},
}
_KEY = (
    " Idempotency-Key (1 to 64 visible ASCII characters) makes it safe to repeat: the same key with the same"
    " body gets the same reply and is done once; with another body it is a 422. Keys are kept for a day."
)


def submission(region: dict[str, Any]) -> dict[str, Any]:
    """The body of a submission, with the region as the whole description names it."""
    named = {k: v for k, v in region.items() if k != "enum"}
    if "enum" in region:
        named["enum"] = [name for name in region["enum"] if name]
    return {**schemas.SUBMISSION, "properties": {**schemas.SUBMISSION["properties"], "region": named}}


def paths(region: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """The paths of the API; ``problems`` describes the errors of the statuses that it is given."""
    return {
        "/api/v1/applications": {
            "post": {
                "operationId": "apply",
                "summary": "Apply for soft enforcement",
                "description": "Submitting stops no time limit and no penalty procedure." + _KEY,
                "requestBody": _body("Submission"),
                "responses": {
                    "201": _reply("Receipt", "Submitted; the access code is said this once"),
                    **problems(400, 405, 409, 413, 415, 422, 429, 503),
                },
            }
        },
        "/api/v1/applications/choice-notice": {
            "get": {
                "operationId": "getChoiceNotice",
                "summary": "The notice of the right to choose, to be read before applying",
                "parameters": [{"name": "region", "in": "query", "schema": region}],
                "responses": {"200": _reply("ChoiceNotice"), **problems(405, 422, 503)},
            }
        },
        "/api/v1/applications/{number}": {
            "get": _of_one(
                "getApplication", "What was applied for and how it stands", "Application", problems
            )
        },
        "/api/v1/applications/{number}/changes": {
            "post": {
                **_of_one("change", "Change an open application", "ChangedApplication", problems, True),
                "description": "Fields that are left out stay as they were." + _KEY,
                "requestBody": _body("ApplicationChange"),
            }
        },
        "/api/v1/applications/{number}/withdrawal": {
            "post": {
                **_of_one("withdraw", "Withdraw an open application, at once", "Application", problems, True),
                "description": "No reason is asked and nobody's consent is needed." + _KEY,
                "requestBody": {**_body("Withdrawal"), "required": False},
            }
        },
        "/api/v1/applications/{number}/events": {
            "get": _of_one("getEvents", "What happened to an application", "ApplicationEvents", problems)
        },
    }


def _of_one(
    operation: str, summary: str, name: str, problems: Problems, changes: bool = False
) -> dict[str, Any]:
    statuses = (400, 404, 405, 409, 413, 415, 422, 503) if changes else (404, 405, 503)
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [_NUMBER, _CODE],
        "responses": {"200": _reply(name), **problems(*statuses)},
    }


def _body(name: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _reply(name: str, words: str = "OK") -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ref(name)}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
