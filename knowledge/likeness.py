"""Likeness: how much two texts say in the same words, telling words counting most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .lexical import Codes, Scores, Terms, codes


def likeness(texts: Sequence[str], others: Sequence[str], terms: Terms) -> Scores:
    """The cosine of every text with every other: one row a text, between 0 and 1."""
    held = [np.unique(codes(other)) for other in others]
    owner = np.repeat(np.arange(len(held)), [len(h) for h in held])
    flat = np.concatenate([*held, np.zeros(0, np.int64)])
    length = np.sqrt(np.bincount(owner, terms.weights(flat) ** 2, minlength=len(held)))
    found = np.zeros((len(texts), len(others)), np.float32)
    for row, text in enumerate(texts):
        own = np.unique(codes(text))
        if not len(own) or not len(flat):
            continue
        shared = _shared(own, terms.weights(own) ** 2, flat)
        both = np.bincount(owner, shared, minlength=len(held))
        scale = length * np.sqrt((terms.weights(own) ** 2).sum())
        found[row] = both / np.maximum(scale, 1e-9)
    return found


def _shared(own: Codes, weights: Scores, flat: Codes) -> Scores:
    """For each term of ``flat``, its weight where it is among ``own``, else 0."""
    place = np.searchsorted(own, flat).clip(max=len(own) - 1)
    return np.where(own[place] == flat, weights[place], np.float32(0))
