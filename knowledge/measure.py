"""Measures: quantities told in one unit, asked in another."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from .situation import Quantity

_UNITS = Path(__file__).with_name("sources") / "units.json"


@cache
def units() -> dict[str, tuple[str, float]]:
    """Every unit with what it measures and its size in the base unit of that measure."""
    table: dict[str, dict[str, float]] = json.loads(_UNITS.read_text(encoding="utf-8"))
    return {unit: (measure, float(size)) for measure, sizes in table.items() for unit, size in sizes.items()}


def in_unit(quantity: Quantity, unit: str) -> float | None:
    """The quantity in ``unit``; None where the two do not measure the same thing."""
    if quantity.unit == unit:
        return quantity.value
    told, asked = units().get(quantity.unit), units().get(unit)
    if told is None or asked is None or told[0] != asked[0]:
        return None
    return round(quantity.value * told[1] / asked[1], 9)
