"""Numbers as people write them: 30, 1.5万, 三十多, 两万三, 半, 十几.

Everything here is approximate where the writer was: 三十多 reads as 30.
"""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"万": 10_000, "w": 10_000, "亿": 100_000_000, "千": 1000, "百": 100, "k": 1000, "十": 10}

_ARABIC = r"\d[\d,，]*(?:\.\d+)?[余几多来]?[百千]?[万亿wk]?"
_CHINESE = (
    r"[零〇一二两俩仨三四五六七八九十百千][零〇一二两三四五六七八九十百千万亿几多来余把个]*"
    r"(?:点[零一二三四五六七八九]+)?"
)
NUMBER = rf"(?:{_ARABIC}|{_CHINESE}|半|几[十百千万]+)"

_LEADING = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿wk]*)")
_BETWEEN = "一二|一两|[二两]三|三[四五]|四五|五六|六七|七八|八九"
"""八九个月 lies between eight and nine."""

_VAGUE = re.compile(r"[几多来余把个,，]")


def number(text: str) -> float | None:
    """The value of ``text``, or None where it holds no number."""
    text = text.strip().lower().replace(",", "").replace("，", "")
    if text == "半":
        return 0.5
    if text.startswith("几"):
        text = "一" + text[1:]
    arabic = _LEADING.match(text)
    if arabic:
        return _scaled(float(arabic[1]), _VAGUE.sub("", text[arabic.end(1) :]))
    return _chinese(_VAGUE.sub("", text))


def _scaled(value: float, scales: str) -> float:
    for scale in scales:
        value *= SCALES.get(scale, 1)
    return value


def _chinese(text: str) -> float | None:
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None:
        return None
    if fraction and all(c in DIGITS for c in fraction):
        value += float("0." + "".join(str(DIGITS[c]) for c in fraction))
    return value


def _whole(text: str) -> float | None:
    if re.fullmatch(_BETWEEN, text):
        return (DIGITS[text[0]] + DIGITS[text[1]]) / 2
    if text and all(c in DIGITS for c in text) and len(text) > 1:
        return float("".join(str(DIGITS[c]) for c in text))
    for scale, times in (("亿", 100_000_000), ("万", 10_000)):
        head, found, tail = text.partition(scale)
        if found:
            return _with_tail(_below_wan(head or "一"), tail, times)
    return _below_wan(text)


def _with_tail(head: float | None, tail: str, times: int) -> float | None:
    """两万三 is 23,000: a lone digit after a scale counts tenths of it."""
    if head is None:
        return None
    if len(tail) == 1 and tail in DIGITS:
        return head * times + DIGITS[tail] * times / 10
    return head * times + (_whole(tail) or 0.0)


def _below_wan(text: str) -> float | None:
    if not text:
        return None
    total, pending, last = 0.0, None, 1
    for char in text:
        if char in DIGITS:
            pending = DIGITS[char] if pending in (None, 0) else pending * 10 + DIGITS[char]
        elif char in UNITS:
            last = UNITS[char]
            total += (1 if pending is None else pending) * last
            pending = None
        else:
            return None
    if pending is not None:
        spoken_short = last > 10 and "零" not in text and pending < 10
        total += pending * last / 10 if spoken_short else pending
    return total
