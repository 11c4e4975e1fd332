"""Numbers as Chinese lists print them: 5, 12.5, 三, 十二, 二百, 半."""

from __future__ import annotations

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}


def number(text: str, scale: str = "") -> float:
    """The value of a printed number; ``scale`` is 万 or 亿 where it follows. A ValueError if it is none."""
    value = float(text) if text[0].isascii() else 0.5 if text == "半" else _chinese(text)
    return value * _BIG.get(scale, 1)


def _chinese(text: str) -> float:
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            raise ValueError(f"not a number: {text}")
    return float(total + digit)
