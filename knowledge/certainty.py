"""How certain the import is of the topics that it proposes, for the editor who confirms them."""

from __future__ import annotations

from .edition import Edition
from .kinship import Kinship
from .proposal import load_proposing

Certainties = dict[str, dict[str, float]]
"""Section → proposed topic → the chance that it is right (0 to 1)."""


def certainties(edition: Edition, kinship: Kinship) -> Certainties:
    """The chance of every proposed topic of ``edition``, measured as ``propose`` measures it. ``kinship`` is
    that of the same clauses, whatever stands beside them."""
    if not kinship.linked or not any(clause.proposed for clause in edition.clauses):
        return {}
    chances = kinship.topic_chances(load_proposing().chances(kinship.lines))
    place = {topic: number for number, topic in enumerate(kinship.topics)}
    return {
        clause.section: {t: round(float(row[place[t]]), 3) for t in clause.proposed if t in place}
        for clause, row in zip(edition.clauses, chances, strict=True)
        if clause.proposed
    }
