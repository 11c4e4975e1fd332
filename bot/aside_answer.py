"""The answer to a question on the procedure that came in one message with a case."""

from __future__ import annotations

from collections.abc import Iterable

from . import clause_answer
from .citing import Citing
from .detail import detail_asked
from .phrases import phrase, table
from .turn import Evidence, Turn


def aside_blocks(turn: Turn, citing: Citing, evidence: Iterable[Evidence]) -> list[str]:
    """One group of paragraphs for each question, under its own words."""
    return [
        "\n".join((phrase(turn.language, "aside_asked", question=e.query), _says(turn, citing, e)))
        for e in evidence
    ]


def _says(turn: Turn, citing: Citing, evidence: Evidence) -> str:
    language = turn.language
    if evidence.silent:
        topic = turn.knowledge.topics[evidence.topic]
        name = topic.name_en if language == "en" and topic.name_en else topic.name
        place = (evidence.region or "").rpartition("/")[2]
        return phrase(language, "silent_heading", region=place, topic=name)
    if not clause_answer.answers(turn, evidence):
        return phrase(language, "abstain")
    detail = detail_asked(evidence.query)
    said = clause_answer.said_briefly(turn, citing, evidence)
    if detail and not clause_answer.states_detail(citing, evidence, detail):
        name = table("details")["kinds"][detail.kind][language]
        return "\n".join((phrase(language, "detail_missing", detail=name), said))
    return said
