"""What follows an answer: advice, actions and further questions that belong to its topic (data)."""

from __future__ import annotations

from .citing import Citing
from .intent import sure_from
from .phrases import phrase, table
from .reply import Action, ActionKind
from .turn import Turn


def _topics(turn: Turn) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.topic for e in turn.evidence if e.topic))


def advice_for(turn: Turn, citing: Citing) -> list[str]:
    """Standing advice of the topics asked about; a clause it rests on is cited where the release holds it."""
    from knowledge.clause import ClauseRef

    lines: list[str] = []
    for topic in _topics(turn):
        advice = table("advice").get(topic)
        if advice is None:
            continue
        marks = "".join(citing.mark(ClauseRef(*ref)) for ref in advice.get("clauses", ()))
        line = f"{advice[turn.language]}{marks}"
        if line not in lines:
            lines.append(line)
    return lines[:1]


def actions_for(turn: Turn) -> tuple[Action, ...]:
    """Actions of the topic or of what is being asked for, each once."""
    sure = turn.confidence >= sure_from("act")
    kinds: list[str] = list(table("intents")["actions"].get(turn.intent, ()) if sure else ())
    for topic in _topics(turn):
        kinds.extend(table("advice").get(topic, {}).get("actions", ()))
    if turn.case:
        kinds.append("apply")
    return tuple(
        Action(ActionKind(kind), phrase(turn.language, f"action_{kind}")) for kind in dict.fromkeys(kinds)
    )[:3]


def suggestions_for(turn: Turn) -> tuple[str, ...]:
    """Up to three further questions: of the topic first, general ones otherwise."""
    tables = table("suggestions")
    chosen: list[str] = []
    for topic in _topics(turn):
        chosen.extend(tables["topics"].get(topic, {}).get(turn.language, ()))
    if turn.case:
        chosen.extend(tables["case"][turn.language])
    chosen.extend(tables["general"][turn.language])
    return tuple(s for s in dict.fromkeys(chosen) if s != turn.question.text)[:3]
