"""A reply as server-sent events: ``status``, ``citation``, ``delta``, ``done``."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, stream_with_context

from portal.errors import Busy, Problem, problem_of
from portal.language import caller_language

MAX_STREAMS = 8
"""Streams of one process at a time: a stream holds a thread, and half of them stay for short requests."""

_PIECE = re.compile(r".{1,24}?(?:[，。；：！？,.;:!?\n]|$)|.{1,24}", re.DOTALL)
_places = threading.BoundedSemaphore(MAX_STREAMS)


def stream_reply(answer: Callable[[], dict[str, Any]]) -> Response:
    """Sends what ``answer`` gives as events; raises Busy when too many streams are open."""
    if not _places.acquire(blocking=False):
        raise Busy(retry_after=2)
    language = caller_language()

    def events() -> Iterator[str]:
        yield event("status", {"state": "searching"})
        try:
            reply = answer()
        except Exception as error:  # the head of the response is sent: tell it as an event
            problem = error if isinstance(error, Problem) else problem_of(error)
            yield event("error", problem.to_json(language))
            return
        yield event("status", {"state": reply["status"]})
        for citation in reply["citations"]:
            yield event("citation", citation)
        for piece in _PIECE.findall(reply["answer"]):
            yield event("delta", {"text": piece})
        yield event("done", reply)

    response = Response(stream_with_context(events()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(_places.release)
    return response


def event(name: str, data: object) -> str:
    """One event; JSON has no raw line breaks, so one data line is enough."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
