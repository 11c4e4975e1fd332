"""Region names as callers write them, resolved to the paths of contract.md or told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.region import AmbiguousRegion, UnknownRegion, resolve
from portal.errors import FieldError, FieldErrors

if TYPE_CHECKING:
    from knowledge.library import Knowledge


def resolve_region(knowledge: Knowledge, name: str, field: str = "region") -> str:
    """The path of a region; FieldErrors that name the candidates when it is ambiguous or unknown."""
    try:
        return resolve(name, covered=knowledge.regions())
    except AmbiguousRegion as error:
        values = {"candidates": list(error.candidates)}
        raise FieldErrors(errors=[FieldError(field, "ambiguous_region", values)]) from None
    except UnknownRegion as error:
        values = {"candidates": list(error.candidates)}
        raise FieldErrors(errors=[FieldError(field, "unknown_region", values)]) from None
