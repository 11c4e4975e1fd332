"""Replies that the screen alone decides: refusals with their reasons, and small talk."""

from __future__ import annotations

from knowledge.clause import ClauseRef

from .abstention import contact_action
from .citing import Citing
from .language import language_of
from .phrases import phrase, table
from .reply import Reply, ReplyStatus
from .screen import ScreenFinding, ScreenKind, clean, find, mask_personal_data
from .turn import Turn
from .understand import remembered

_SMALL_TALK = (ScreenKind.GREETING, ScreenKind.THANKS, ScreenKind.GOODBYE, ScreenKind.IDENTITY)


def screen(turn: Turn) -> None:
    """Cleans the text and masks personal data in it; ends the turn where nothing may or need be answered."""
    turn.text = mask_personal_data(clean(turn.question.text).text)
    turn.language = language_of(turn.text)
    finding = find(turn.question.text)
    if finding is None or _answers_us(turn, finding):
        return
    turn.reply = _reply(turn, finding)


def _answers_us(turn: Turn, finding: ScreenFinding) -> bool:
    """A few words after a question asked back are its answer, whatever else they look like."""
    return bool(turn.memory.asked) and finding.kind in (*_SMALL_TALK, ScreenKind.ABUSE)


def _reply(turn: Turn, finding: ScreenFinding) -> Reply:
    language = turn.language
    if finding.kind is ScreenKind.NOTHING_ASKED:
        status, keys = ReplyStatus.CLARIFICATION, ["nothing_asked"]
    elif finding.kind in _SMALL_TALK:
        status, keys = ReplyStatus.SMALLTALK, [finding.kind.value]
    else:
        status, keys = (
            ReplyStatus.REFUSED,
            [f"refuse_{finding.kind.value}", f"refuse_{finding.kind.value}_next"],
        )
    citing = Citing(turn.knowledge, turn.question.on)
    blocks = []
    for key in keys:
        if key not in table("phrases"):
            continue
        marks = "".join(
            citing.mark(ClauseRef(*ref)) for ref in table("intents")["refusal_clauses"].get(key, ())
        )
        blocks.append(phrase(language, key, mark=marks))
    return Reply(
        status,
        "\n\n".join(blocks),
        language=language,
        citations=citing.clauses(),
        actions=(contact_action(language),) if status is ReplyStatus.REFUSED else (),
        suggestions=tuple(table("suggestions")["general"][language]),
        confidence=finding.probability,
        reason=finding.kind.value,
        memory=remembered(turn, turn.memory.asked).to_json(),
    )
