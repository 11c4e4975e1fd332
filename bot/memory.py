"""What a conversation remembers from one turn to the next, as JSON-ready values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from knowledge.clause import ClauseRef
from knowledge.situation import Correction, Fault, Harm, Mitigation, Quantity, Situation
from knowledge.told_day import ToldDay

_ENUMS: dict[str, type[StrEnum]] = {"harm": Harm, "corrected": Correction, "fault": Fault}
_DAYS = ("acted_on", "corrected_on")


@dataclass(frozen=True, slots=True)
class Memory:
    """``asked`` are the facts the last reply asked back, in order, ``presumed`` those it took for granted and
    said so; ``story`` are the words that told a case."""

    question: str = ""
    region: str | None = None
    topics: tuple[str, ...] = ()
    refs: tuple[ClauseRef, ...] = ()
    case: bool = False
    story: str = ""
    situation: Situation = field(default_factory=Situation)
    asked: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()
    item: ClauseRef | None = None
    turns: int = 0

    def to_json(self) -> dict[str, object]:
        return {
            "question": self.question,
            "region": self.region,
            "topics": list(self.topics),
            "refs": [[r.document, r.section] for r in self.refs],
            "case": self.case,
            "story": self.story,
            "situation": situation_to_json(self.situation),
            "asked": list(self.asked),
            "presumed": list(self.presumed),
            "item": [self.item.document, self.item.section] if self.item else None,
            "turns": self.turns,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Memory:
        """Reads back what ``to_json`` wrote; anything missing takes its default."""
        if not data:
            return cls()
        item = data.get("item")
        return cls(
            question=data.get("question", ""),
            region=data.get("region"),
            topics=tuple(data.get("topics", ())),
            refs=tuple(ClauseRef(*pair) for pair in data.get("refs", ())),
            case=bool(data.get("case")),
            story=data.get("story", ""),
            situation=situation_from_json(data.get("situation", {})),
            asked=_asked(data.get("asked", ())),
            presumed=tuple(data.get("presumed", ())),
            item=ClauseRef(*item) if item else None,
            turns=int(data.get("turns", 0)),
        )


def _asked(value: str | list[str]) -> tuple[str, ...]:
    """A conversation begun under an older release remembers one fact, by its bare name."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value)


def situation_to_json(situation: Situation) -> dict[str, object]:
    """Only the facts that were told, in plain values."""
    told: dict[str, object] = {}
    for name in situation.known():
        value = getattr(situation, name)
        if name == "quantity":
            told[name] = [[q.value, q.unit] for q in value]
        elif name == "mitigations":
            told[name] = sorted(m.value for m in value)
        elif name in _ENUMS:
            told[name] = value.value
        elif name in _DAYS:
            told[name] = str(value)
        elif name == "told":
            told[name] = [list(pair) for pair in value]
        else:
            told[name] = list(value) if isinstance(value, tuple) else value
    return told


def situation_from_json(data: Mapping[str, Any]) -> Situation:
    values: dict[str, Any] = {}
    known = {f.name for f in fields(Situation)}
    for name, value in data.items():
        if name not in known:
            continue
        if name == "quantity":
            values[name] = tuple(Quantity(*pair) for pair in value)
        elif name == "mitigations":
            values[name] = frozenset(Mitigation(m) for m in value)
        elif name in _ENUMS:
            values[name] = _ENUMS[name](value)
        elif name in _DAYS:
            values[name] = ToldDay.read(value)
        elif name == "told":
            values[name] = tuple((str(text), bool(met)) for text, met in value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return Situation(**values)


def merge(before: Situation, now: Situation) -> Situation:
    """What was told before, corrected and completed by what is told now."""
    changes: dict[str, Any] = {name: getattr(now, name) for name in now.known()}
    if "sectors" in changes:
        changes["sectors"] = tuple(dict.fromkeys((*now.sectors, *before.sectors)))
    if "told" in changes:
        changes["told"] = tuple({**dict(before.told), **dict(now.told)}.items())
    if "mitigations" in changes:
        changes["mitigations"] = before.mitigations | now.mitigations
    return replace(before, **changes)
