"""Typed conditions of an exemption list, and their three-valued evaluation.

A predicate is what a printed condition means; ``evaluate`` (helper's work) finds whether a situation meets it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predicate:
    """Base of every typed condition."""
