"""What a favourable pre-check takes for granted of the region's notice, said instead of asked.

A notice that leaves out who exploits an emergency (R19), or acts of high risk or beyond repair (R20), is
told beside the verdict: nobody is asked about an emergency before his own question is answered.
"""

from __future__ import annotations

from knowledge.conclusion import EXEMPT

from .citing import Citing
from .phrases import joined, phrase, short_name
from .turn import Turn


def presumed(turn: Turn) -> tuple[str, ...]:
    """The facts untold that would bar the region's programme where the verdict is favourable."""
    verdict = turn.verdict
    if verdict is None or turn.programme is None or verdict.outcome not in EXEMPT:
        return ()
    return verdict.programme.missing


def presumption(turn: Turn, citing: Citing) -> str:
    """One sentence with the clause: what soft enforcement here presupposes; empty where nothing is open."""
    facts, programme = presumed(turn), turn.programme
    if not facts or programme is None:
        return ""
    clauses = {"emergency_exploited": programme.emergencies, "high_risk": programme.high_risk}
    named = dict.fromkeys(clause for fact in facts if (clause := clauses.get(fact)))
    reasons = joined(turn.language, tuple(phrase(turn.language, f"bar_{fact}") for fact in facts))
    return phrase(
        turn.language,
        "programme_presumes",
        region=short_name(programme.region),
        reasons=reasons,
        mark="".join(citing.mark(clause) for clause in named),
    )
