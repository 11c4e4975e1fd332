"""Step 4: the pre-check of a case, and the facts worth asking for."""

from __future__ import annotations

from knowledge.assess import assess
from knowledge.exemption import Outcome

from .intent import departments
from .phrases import phrase, table
from .reply import QuestionBack
from .turn import Turn


def assess_case(turn: Turn) -> None:
    """Sets the verdict where the question tells of a case; the rules decide, never a model."""
    if not turn.case:
        return
    sure = [hit.item.ref for hit in turn.items if hit.score >= table("thresholds")["item_sure"]]
    if turn.memory.item:
        sure.append(turn.memory.item)
    named = departments(turn.story or turn.text)
    turn.verdict = assess(
        turn.situation,
        tuple(hit.item for hit in turn.items),
        turn.programme,
        region=turn.region or "",
        department=named[0] if named else "",
        sure=tuple(sure),
        on=turn.question.on,
    )


def questions_back(turn: Turn) -> tuple[QuestionBack, ...]:
    """The facts to ask for, the one that matters most first; empty when nothing decisive is missing."""
    verdict = turn.verdict
    if verdict is None or verdict.outcome in (Outcome.NO_OPINION,):
        return ()
    wordings = table("facts_asked")
    asked = [fact for fact in verdict.missing if fact in wordings]
    if not turn.region and verdict.outcome is not Outcome.NEEDS_FACTS:
        asked = asked[:2]
    limit = table("thresholds")["questions_back"]
    return tuple(
        QuestionBack(
            fact, wordings[fact][turn.language]["text"], tuple(wordings[fact][turn.language]["choices"])
        )
        for fact in asked[:limit]
    )


def region_question(turn: Turn) -> QuestionBack:
    """Asks for the place, with the places that have published knowledge as choices."""
    places = [r for r in turn.knowledge.regions() if r != "全国"]
    names = tuple(r.rpartition("/")[2] for r in places)[: table("thresholds")["regions_offered"]]
    return QuestionBack("region", phrase(turn.language, "ask_region"), names)
