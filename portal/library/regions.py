"""Region names as callers write them, resolved to the paths of contract.md or told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.region import AmbiguousRegion, UnknownRegion, resolve
from portal.errors import FieldError, FieldErrors

if TYPE_CHECKING:
    from knowledge.library import Knowledge


def resolve_region(knowledge: Knowledge, name: str, field: str = "region") -> str:
    """The path of one region; FieldErrors that name the candidates when it is ambiguous or unknown."""
    return resolve_among(knowledge.regions(), name, field)


def resolve_among(covered: Sequence[str], name: str, field: str = "region") -> str:
    """The same where the regions that have knowledge are told, so that no release has to be opened."""
    try:
        path = resolve(name, covered=covered)
    except AmbiguousRegion as error:
        raise _wrong(field, "ambiguous_region", error.candidates) from None
    except UnknownRegion as error:
        raise _wrong(field, "unknown_region", error.candidates or tuple(covered)) from None
    if "、" in path:
        raise _wrong(field, "ambiguous_region", tuple(path.split("、")))
    return path


def _wrong(field: str, word: str, candidates: tuple[str, ...]) -> FieldErrors:
    return FieldErrors(errors=[FieldError(field, word, {"candidates": list(candidates)})])
