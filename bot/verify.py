"""Step 6: nothing leaves that its clauses, its verdict and the law do not bear out."""

from __future__ import annotations

from dataclasses import replace

from knowledge.region import NATION, ancestors

from .abstention import nothing_found
from .forbidden import forbidden_statements
from .marks import unknown_marks
from .reply import Reply, ReplyStatus
from .turn import Turn


def verify(turn: Turn) -> None:
    """Replaces a model's wording by the composed reply, and a reply at fault by an abstention."""
    reply = turn.reply
    if reply is None:
        return
    if faults(turn, reply) and turn.composed is not None and reply.written_by != "rules":
        reply = replace(turn.composed, region=turn.region)
    found = faults(turn, reply)
    if found:
        reply = replace(nothing_found(turn), reason="withheld: " + found[0])
    turn.reply = reply


def faults(turn: Turn, reply: Reply) -> list[str]:
    """What is wrong with a reply, in words for the log; empty when it may go out."""
    found = [f"mark [{n}] cites nothing" for n in unknown_marks(reply)]
    found += [f"says what must never be said: {name}" for name in forbidden_statements(reply.answer)]
    found += [f"rests on {c.ref}, not in force" for c in reply.citations if not c.in_force]
    if reply.status is ReplyStatus.ANSWERED and turn.region and not turn.situation.emergency_exploited:
        found += [
            f"gives {c.ref} for {turn.region}" for c in reply.citations if _foreign(turn, c.ref.document)
        ]
    return found


def _foreign(turn: Turn, document: str) -> bool:
    """True when a document is another region's: its rule is never given as this region's."""
    edition = turn.knowledge.edition(document, turn.question.on)
    if edition is None or turn.region is None:
        return edition is None
    path = ancestors(turn.region)
    return NATION not in edition.regions and not any(r in path for r in edition.regions)
