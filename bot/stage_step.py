"""What the stage of the case that was told leaves to do: before a case is filed, after it, once decided.

Soft enforcement is for minor acts that need no case (R17); applying stops no procedure, and a decision is met
by reconsideration within 60 days or a suit within six months (行政复议法 20, 行政诉讼法 46).
"""

from __future__ import annotations

from knowledge.clause import ClauseRef

from .citing import Citing
from .phrases import phrase, short_name, table
from .story import Stage, read_stage
from .turn import Turn


def stage_step(turn: Turn, citing: Citing) -> str:
    """One sentence with its clauses; empty where no stage was told."""
    stage = read_stage(turn.text) or read_stage(turn.story)
    if stage is None:
        return ""
    programme, verdict = turn.programme, turn.verdict
    if stage is Stage.INSPECTED and programme and verdict and programme.application:
        barred = verdict.programme.excluded or not verdict.programme.applies
        if not barred:
            key = "step_no_case" if programme.without_case else "step_apply"
            return phrase(
                turn.language,
                key,
                region=short_name(programme.region),
                no_case=citing.mark(programme.without_case) if programme.without_case else "",
                mark=citing.mark(programme.application),
            )
    marks = {
        name: citing.mark(ClauseRef(*ref)) for name, ref in table("intents")["stage_clauses"][stage].items()
    }
    return phrase(turn.language, f"step_{stage}", **marks)
