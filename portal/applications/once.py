"""A form of the staff area that is sent twice is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from portal.errors import InProgress
from portal.idempotency import FORM, claim


def done_once(session: Session, what: str, content: Mapping[str, Any], act: Callable[[], object]) -> None:
    """Does ``act`` unless this very form, with this very content, was sent before or is being done now.

    The form carries a token of its own in ``once``; the same form sent again with other content, as after
    going back in the browser, is another act.
    """
    token = request.form.get("once", "")
    key = token if FORM.fullmatch(token) else None
    text = json.dumps(content, sort_keys=True, default=str)
    route = f"POST {what} {hashlib.sha256(text.encode()).hexdigest()}"
    try:
        with claim(session, key, route, {}) as taken:
            if taken.reply is None:
                act()
                taken.settle({"done": what})
    except InProgress:  # the first click is at it
        session.rollback()
