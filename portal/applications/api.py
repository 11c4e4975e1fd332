"""``/api/v1/applications``: apply, follow, change and withdraw, with number and access code."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal.bodies import query_text, read_json, read_json_or_nothing
from portal.database import current_session
from portal.idempotency import claim
from portal.language import caller_language
from portal.library.holder import current_knowledge
from portal.library.regions import resolve_region
from portal.metrics import current_metrics
from portal.permissions import public
from portal.throttle import limit_questions
from portal.wording import Language

from .access import HEADER, application_here
from .acts import change, submit_new, withdraw
from .choice import Notice, notice
from .models import Application
from .numbers import AccessCode
from .presentation import application_json, changed_json, events_json, receipt_json
from .problems import NoticeChanged
from .schemas import CHANGE, SUBMISSION, WITHDRAWAL
from .statement import FIELDS

api = Blueprint("applications_api", __name__, url_prefix="/api/v1/applications")
ROUTE = "/api/v1/applications"


@api.get("/choice-notice")
@public
def get_choice_notice() -> dict[str, Any]:
    """The notice of the right to choose, in the terms of a region; to be read before applying."""
    typed = query_text("region")
    given = bool(request.args.get("region"))  # blanks alone are no region's name, and not the same as none
    region = resolve_region(current_knowledge(), typed) if given else None
    told = notice(region, caller_language())
    return {
        "region": told.region,
        "version": told.version,
        "text": told.text,
        "language": told.language.value,
    }


@api.post("")
@public
@limit_questions
def post_application() -> tuple[Response, int]:
    """Submits one application, once for each Idempotency-Key."""
    body = read_json(SUBMISSION)
    session, key = current_session(), request.headers.get("Idempotency-Key")
    with claim(session, key, f"POST {ROUTE}", body) as taken:
        if taken.reply is not None:
            return jsonify(taken.reply), 201
        told = _told(body)
        code = AccessCode.make()
        application = submit_new(
            session,
            told,
            body,
            code=code,
            keep=lambda made: taken.keep(receipt_json(made, code.text)),
        )
    current_metrics().applications.labels("submit").inc()
    return jsonify(receipt_json(application, code.text)), 201


@api.get("/<number>")
@public
def get_application(number: str) -> dict[str, Any]:
    return application_json(_application(number), caller_language())


@api.post("/<number>/changes")
@public
def post_change(number: str) -> dict[str, Any]:
    """Replaces the fields that are given; a new revision where the application was submitted."""
    application = _application(number)
    body = read_json(CHANGE)
    session, language = current_session(), caller_language()
    route = f"POST {ROUTE}/{application.number}/changes"
    with claim(session, request.headers.get("Idempotency-Key"), route, body) as taken:
        if taken.reply is not None:
            return taken.reply
        replies: list[dict[str, Any]] = []

        def keep(changed: Application) -> None:
            replies.append(changed_json(changed, max(1, changed.current.number - 1), language))
            taken.keep(replies[0])

        values = {field: value for field, value in body.items() if field in FIELDS}
        change(session, application.id, values, revision=body.get("revision"), keep=keep)
    current_metrics().applications.labels("change").inc()
    return replies[0]


@api.post("/<number>/withdrawal")
@public
def post_withdrawal(number: str) -> dict[str, Any]:
    """Withdraws at once; no reason is asked."""
    application = _application(number)
    body = read_json_or_nothing(WITHDRAWAL)
    session, language = current_session(), caller_language()
    route = f"POST {ROUTE}/{application.number}/withdrawal"
    with claim(session, request.headers.get("Idempotency-Key"), route, body) as taken:
        if taken.reply is not None:
            return taken.reply
        withdrawn = withdraw(
            session, application.id, keep=lambda done: taken.keep(application_json(done, language))
        )
    current_metrics().applications.labels("withdraw").inc()
    return application_json(withdrawn, language)


@api.get("/<number>/events")
@public
def get_events(number: str) -> dict[str, Any]:
    return events_json(current_session(), _application(number), caller_language())


def _application(number: str) -> Application:
    return application_here(number, request.headers.get(HEADER, ""))


def _told(body: dict[str, Any]) -> Notice:
    """The notice that this submission accepts; NoticeChanged where it is no longer the current one."""
    region = resolve_region(current_knowledge(), body["region"])
    told = notice(region, caller_language())
    read = body.get("notice_version")
    if read is not None and read not in {notice(region, language).version for language in Language}:
        raise NoticeChanged
    return told
