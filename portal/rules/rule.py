"""A rule that ships with the portal as data, with the clauses that it rests on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef

if TYPE_CHECKING:
    from portal.library.touch import Touch, Touches


class RuleKind(StrEnum):
    """``told``: a line of the notice of the right to choose (自主选择权告知; R14); ``methods``: the ways of
    soft enforcement that a party may wish for; ``programme``: what bars, opens or ends a case in a region;
    ``steps`` and ``filing``: how a region's lists are made and where they are filed (R28, R29)."""

    TOLD = "told"
    METHODS = "methods"
    PROGRAMME = "programme"
    STEPS = "steps"
    FILING = "filing"


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` is the rule of the region's programme that it is, where it is one. ``words`` are what people
    read of it, by language; empty where it only decides. Without ``sections`` it rests on the whole
    document: that the document is silent is a rule too."""

    id: str
    kind: RuleKind
    region: str
    document: str
    sections: tuple[str, ...] = ()
    name: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def touched(self, touches: Touches) -> tuple[Touch, ...]:
        """What of a release bears on this rule."""
        if not self.sections:
            return touches.of(self.document)
        return touches.on(ClauseRef(self.document, section) for section in self.sections)


@dataclass(frozen=True, slots=True)
class Resting:
    """A rule, and what changes under it."""

    rule: Rule
    touches: tuple[Touch, ...]
