"""Hashed features of a short text: characters, sounds and words; the same in training and in service."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .sounds import syllable_codes
from .story import plain

BITS = 17
SIZE = 1 << BITS

Indices = NDArray[np.int64]

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_DIGITS = re.compile(r"\d+")
_SHAPES = (
    ("?", re.compile(r"[?？]")),
    ("!", re.compile(r"[!！]")),
    ("number", re.compile(r"\d")),
    ("id", re.compile(r"\d{11,}")),
    ("markup", re.compile(r"[<>{}#\\=|_$%&;]")),
    ("encoded", re.compile(r"[A-Za-z0-9+/=%]{24,}|\\u[0-9a-f]{4}")),
    ("quoted", re.compile(r"[“\"「『]")),
    ("emoji", re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf]")),
)
_FORMS = (
    ("whether", re.compile(r"(?:吗|么|不|嘛|没有?)[?？]?$|能不能|可不可以|是不是|能否|是否|要不要|会不会")),
    ("how", re.compile(r"怎么|咋|如何|怎样|\bhow\b")),
    ("how much", re.compile(r"多少|多久|多长|几[天个次日号]")),
    ("what", re.compile(r"什么|啥|哪|谁|\b(?:what|which|where|who)\b")),
    ("mine", re.compile(r"我|俺|咱|本(?:人|店|公司|单位)|\b(?:i|my|we|our)\b")),
    ("yours", re.compile(r"你|您|\byou\b")),
    ("another's", re.compile(r"他|她|别人|人家|隔壁|邻居|对手|\b(?:his|her|their)\b")),
    ("wish", re.compile(r"帮我|给我|替我|请|麻烦|\bplease\b")),
    ("done", re.compile(r"已经|了$|了[，。!！?？]")),
)
_LENGTHS = (2, 4, 6, 8, 12, 16, 24, 32, 64, 128)


def features(text: str, marks: Iterable[str] = ()) -> tuple[Indices, Indices]:
    """The features of ``text`` and how often each occurs; ``marks`` are named features found elsewhere."""
    text = plain(text)
    found = [
        _words(text),
        _characters(text),
        _named(_shape(text)),
        _named(marks),
    ]
    return np.unique(np.concatenate(found), return_counts=True)


def _characters(text: str) -> Indices:
    """Characters and syllables, singly and in short rows; ``^`` stands at both ends."""
    line = f"^{text}^"
    codes = np.fromiter(map(ord, line), np.uint64)
    syllables = np.fromiter((syllable_codes().get(c, 0) for c in line), np.uint64)
    rows = [_grams(codes, n, 0) for n in (1, 2, 3)] + [_grams(syllables, n, 8) for n in (1, 2)]
    return np.concatenate(rows)


def _grams(codes: NDArray[np.uint64], n: int, salt: int) -> Indices:
    if len(codes) < n:
        return np.zeros(0, np.int64)
    mixed = np.full(len(codes) - n + 1, n + salt, np.uint64)
    for at in range(n):
        mixed = (mixed ^ codes[at : len(codes) - n + 1 + at]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def _words(text: str) -> Indices:
    words = _WORD.findall(text)
    return _named([*words, *(f"{a} {b}" for a, b in pairwise(words))])


def _shape(text: str) -> list[str]:
    shapes = [f"shape:{name}" for name, pattern in _SHAPES if pattern.search(text)]
    shapes += [f"form:{name}" for name, pattern in _FORMS if pattern.search(text)]
    shapes += [f"length:{limit}" for limit in _LENGTHS if len(text) <= limit]
    if not _HAN_RUN.search(text):
        shapes.append("shape:no han")
    shapes += [f"digits:{min(len(run), 5)}" for run in _DIGITS.findall(text)[:4]]
    return shapes


def _named(names: Iterable[str]) -> Indices:
    return np.fromiter((zlib.crc32(name.encode()) >> (32 - BITS) for name in names), np.int64)
