"""The papers that back a step of making: minutes, a summary of opinions, a legality opinion."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

from portal.errors import FieldError
from portal.uploads.limits import MIB, limits
from portal.uploads.proof import UnprovenError, prove

from .rules import making_rules

FIELD = "paper"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was handed in. What it is, its content says and not its ``name``."""

    name: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def proven(paper: Paper) -> tuple[str, FieldError | None]:
    """The kind of a paper, or what is wrong with it."""
    rules = making_rules()
    kinds, most = "、".join(rules.paper_kinds), rules.paper_mib
    try:
        if len(paper.content) > most * MIB:
            return "", FieldError(FIELD, "file_large", {"limit": most})
        kind = prove(io.BytesIO(paper.content), len(paper.content)).value
    except UnprovenError as wrong:
        return "", FieldError(FIELD, wrong.word, {"kinds": kinds, "limit": most})
    return (
        (kind, None) if kind in rules.paper_kinds else ("", FieldError(FIELD, "file_kind", {"kinds": kinds}))
    )


def media_type(kind: str) -> str:
    return limits().mime[kind]
