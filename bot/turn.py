"""One turn of a conversation on its way through the steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef
from knowledge.exemption import Verdict
from knowledge.programme import Programme
from knowledge.situation import Situation

from .memory import Memory
from .question import Question
from .reply import Reply

if TYPE_CHECKING:
    from knowledge.library import Knowledge
    from knowledge.search import Hit, ItemHit

    from .asides import SetApart
    from .model import Model


@dataclass(frozen=True, slots=True)
class Evidence:
    """What retrieval found for one part of the question in one region (None: no region named)."""

    query: str
    region: str | None
    hits: tuple[Hit, ...] = ()
    topic: str = ""
    silent: bool = False


@dataclass(slots=True)
class Turn:
    """Everything the steps know; each step reads what came before and adds its own part.

    ``regions`` are the places the question is about, ``uncovered`` those of them that the published
    knowledge says nothing about. ``apart`` are the questions asked beside a case, with evidence of their
    own. The first step that sets ``reply`` ends the turn.
    """

    question: Question
    knowledge: Knowledge
    model: Model | None = None
    memory: Memory = field(default_factory=Memory)
    text: str = ""
    language: str = "zh"
    intent: str = ""
    confidence: float = 0.0
    regions: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    follow_up: bool = False
    compare: bool = False
    case: bool = False
    situation: Situation = field(default_factory=Situation)
    story: str = ""
    articles: tuple[ClauseRef, ...] = ()
    parts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    apart: SetApart | None = None
    evidence_before: tuple[Evidence, ...] = ()
    evidence_after: tuple[Evidence, ...] = ()
    list_contents: bool = False
    items: tuple[ItemHit, ...] = ()
    programme: Programme | None = None
    verdict: Verdict | None = None
    reply: Reply | None = None
    composed: Reply | None = None
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def region(self) -> str | None:
        """The one region the reply is about, if there is exactly one."""
        return self.regions[0] if len(self.regions) == 1 else None
