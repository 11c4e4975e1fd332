"""What the assistant gives back: plain frozen values that the portal stores and shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.clause import ClauseRef
from knowledge.exemption import Verdict


class ReplyStatus(StrEnum):
    ANSWERED = "answered"
    CLARIFICATION = "clarification"
    ABSTAINED = "abstained"
    REFUSED = "refused"
    SMALLTALK = "smalltalk"


class ActionKind(StrEnum):
    APPLY = "apply"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    TRACK = "track"
    CONTACT = "contact"
    CHOOSE_REGION = "choose_region"
    READ = "read"


PERSON_WANTED = "person_wanted"
"""Why a reply abstains that tells how to reach a member of staff: no knowledge is missing."""


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause as it stood when it was cited; ``number`` is its [n] mark in the answer."""

    number: int
    ref: ClauseRef
    title: str
    document_number: str
    text: str
    digest: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class QuestionBack:
    """One fact asked back, with choices that answer it; ``fact`` is a fact of the situation or ``region``."""

    fact: str
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Where to go next; the portal turns ``kind`` and ``target`` into an address."""

    kind: ActionKind
    label: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. ``memory`` is what a follow-up needs, JSON-ready, stored with the answer and passed
    back with the next question. ``timings`` holds milliseconds by step."""

    status: ReplyStatus
    answer: str
    language: str = "zh"
    region: str | None = None
    verdict: Verdict | None = None
    citations: tuple[CitedClause, ...] = ()
    questions_back: tuple[QuestionBack, ...] = ()
    actions: tuple[Action, ...] = ()
    suggestions: tuple[str, ...] = ()
    written_by: str = "rules"
    confidence: float = 1.0
    reason: str = ""
    memory: Mapping[str, object] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
