"""The statements the assistant must never make (data: ``wording/forbidden.json``)."""

from __future__ import annotations

import re
from functools import cache

from .phrases import table

_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|^(?:原文|内容摘要|In summary|It reads)[^\n]*", re.MULTILINE)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    rows = table("forbidden")["statements"]
    return tuple(
        (
            row["name"],
            re.compile("|".join(row["patterns"]), re.IGNORECASE),
            re.compile("|".join(row["unless"]), re.IGNORECASE) if row.get("unless") else None,
        )
        for row in rows
    )


def forbidden_statements(text: str) -> tuple[str, ...]:
    """Names of the forbidden statements that ``text`` makes in its own voice.

    What is quoted from a source is not a statement of ours. A sentence that denies the statement
    (``unless``) is fine.
    """
    own = _QUOTED.sub("", text)
    found = []
    for sentence in re.split(r"(?<=[。；！？\n!?])", own):
        for name, pattern, unless in _patterns():
            if pattern.search(sentence) and not (unless and unless.search(sentence)):
                found.append(name)
    return tuple(dict.fromkeys(found))
