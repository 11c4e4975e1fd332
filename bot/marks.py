"""The [n] marks of an answer."""

from __future__ import annotations

import re

from .reply import Reply

MARK = re.compile(r"\[(\d{1,2})\]")


def unknown_marks(reply: Reply) -> tuple[int, ...]:
    """Marks in the answer that no citation of the reply carries."""
    known = {c.number for c in reply.citations}
    return tuple(dict.fromkeys(n for n in map(int, MARK.findall(reply.answer)) if n not in known))
