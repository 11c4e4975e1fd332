"""How many hours putting it right took, and how many the authority gave: 两个小时就改好了, 限24小时."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .measures import DEADLINE, Span, is_frame, put_right_after, unit_values
from .numerals import NUMBER, number


def correction_hours(text: str) -> float | None:
    """The hours that putting it right took, where they are told in hours or minutes."""
    told = (s for s in _spans(text) if not is_frame(s) and put_right_after(s))
    return next((span.days * 24 for span in told), None)


def deadline_hours(text: str) -> float | None:
    """The hours the authority gave, where they are told."""
    return next((span.days * 24 for span in _spans(text) if DEADLINE.search(span.before)), None)


def _spans(text: str) -> Iterator[Span]:
    for found in _pattern().finditer(text):
        value, half = number(found[1]), 0.5 if found[2] else 0.0
        if value is not None:
            before, after = text[max(0, found.start() - 14) : found.start()], text[found.end() :][:14]
            yield Span((value + half) * unit_values("hour_units")[found[3]] / 24, before, after)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    units = "|".join(sorted(unit_values("hour_units"), key=len, reverse=True))
    return re.compile(rf"({NUMBER})\s?[个来多]?(?:(半)个?)?\s?({units})")
