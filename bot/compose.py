"""Step 5: the reply, from answer patterns (data) and clause text; a model may only reword it."""

from __future__ import annotations

from dataclasses import replace

from . import case_answer, clause_answer, comparison, list_answer
from .rewording import reword
from .turn import Turn


def compose(turn: Turn) -> None:
    """Sets the reply. The rules write it whole; where a model is set it may word the same content anew."""
    if turn.compare:
        reply = comparison.compose(turn)
    elif turn.list_contents and not turn.case:
        reply = list_answer.compose(turn)
    elif turn.case:
        reply = case_answer.compose(turn)
    else:
        reply = clause_answer.compose(turn)
    turn.composed = reply
    turn.reply = replace(reply, region=turn.region)
    if turn.model is not None:
        turn.reply = reword(turn, turn.reply)
