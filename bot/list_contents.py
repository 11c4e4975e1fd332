"""Questions for the contents of an exemption list: 清单里有哪些, 有没有占道这一条, 逐条念."""

from __future__ import annotations

import re

from .phrases import table


def asks_list_contents(text: str) -> bool:
    """True when the text asks which items a list holds, or whether it holds a certain one."""
    patterns = table("list_contents")["patterns"]
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
