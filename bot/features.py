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

BITS = 14
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
_LENGTHS = (2, 4, 8, 16, 32, 64, 128)


def features(text: str, marks: Iterable[str] = ()) -> tuple[Indices, Indices]:
    """The features of ``text`` and how often each occurs; ``marks`` are named features found elsewhere."""
    text = plain(text)
    found = [
        _words(text),
        _characters(_HAN_RUN.findall(text)),
        _named(_shape(text)),
        _named(marks),
    ]
    return np.unique(np.concatenate(found), return_counts=True)


def _characters(runs: list[str]) -> Indices:
    """Single characters, pairs of them, and single syllables; ``^`` stands between runs."""
    line = f"^{'^'.join(runs)}^"
    codes = np.fromiter(map(ord, line), np.uint64)
    syllables = np.fromiter((syllable_codes().get(c, 0) for c in line), np.uint64)
    return np.concatenate([_grams(codes, 1, 0), _grams(codes, 2, 0), _grams(syllables, 1, 8)])


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
    shapes += [f"length:{limit}" for limit in _LENGTHS if len(text) <= limit][:1]
    if not _HAN_RUN.search(text):
        shapes.append("shape:no han")
    shapes += [f"digits:{min(len(run), 5)}" for run in _DIGITS.findall(text)[:4]]
    return shapes


def _named(names: Iterable[str]) -> Indices:
    return np.fromiter((zlib.crc32(name.encode()) >> (32 - BITS) for name in names), np.int64)
