"""``POST /api/v1/questions``: the assistant over JSON or server-sent events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from portal.bodies import read_day, read_json
from portal.database import current_session
from portal.idempotency import claim
from portal.permissions import public
from portal.schemas import QUESTION
from portal.throttle import limit_questions

from .assistant import answer_here, open_here
from .stream import stream_reply

api = Blueprint("chat_api", __name__, url_prefix="/api/v1")
ROUTE = "POST /api/v1/questions"


@api.post("/questions")
@public
@limit_questions
def post_question() -> Response | dict[str, Any]:
    """Answers one question, once for each Idempotency-Key."""
    body = read_json(QUESTION)
    on = read_day(body.get("on"))
    taken = claim(current_session(), request.headers.get("Idempotency-Key"), ROUTE, body)
    if taken.reply is not None:
        known = taken.reply
        return _sent(lambda: known)
    with taken:
        opened = open_here(
            body["question"], conversation=body.get("conversation"), region=body.get("region"), on=on
        )

        def answered() -> dict[str, Any]:
            with taken:  # a stream answers after this view has returned
                reply = answer_here(opened).reply
                taken.settle(reply)
                return reply

        return _sent(answered)


def _sent(answer: Callable[[], dict[str, Any]]) -> Response | dict[str, Any]:
    wanted = request.accept_mimetypes.best_match(
        ["application/json", "text/event-stream"], "application/json"
    )
    return stream_reply(answer) if wanted == "text/event-stream" else answer()
