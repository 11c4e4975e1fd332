"""A list's own definition of 初次违法: never one for all lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..predicate import Basis, FirstOffence, Predicate, changed
from .list_words import mapping, pattern
from .numerals import number


def first_offence_defined(lines: Iterable[str]) -> FirstOffence | None:
    """The definition that the words around a list's table give, if they give one."""
    bodies = [found.group("body") for line in lines if (found := pattern("defines").search(line))]
    definitions = (definition(body) for body in bodies)
    return next((d for d in definitions if d is not None), None)


def definition(body: str) -> FirstOffence | None:
    """What “同一机关在其辖区12个月内第1次发现” defines; None where it sets no period."""
    window = pattern("window").search(body)
    since = pattern("since").search(body) is not None
    if window is None and not since:
        return None
    months = None
    if window is not None:
        months = int(number(window.group("n"))) * (12 if window.group("unit") == "年" else 1)
    basis = next((b for word, b in mapping("bases").items() if word in body), Basis.OCCURRED)
    territory = next((t for word, t in mapping("territories").items() if word in body), "")
    return FirstOffence(Basis(basis), window_months=months, since_list=since, territory=territory)


def defined(predicate: Predicate, own: FirstOffence) -> Predicate:
    """The predicate with every 初次违法 that has no window of its own read as ``own`` says."""

    def define(leaf: Predicate) -> Predicate:
        if isinstance(leaf, FirstOffence) and leaf.window_months is None:
            return replace(own, scope=leaf.scope)
        return leaf

    return changed(predicate, define)
