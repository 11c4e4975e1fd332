"""Step 1: cleans the question and ends the turn where nothing is to be looked up: refusals, small talk."""

from __future__ import annotations

from knowledge.clause import ClauseRef

from .citing import Citing
from .clean import clean
from .detect import (
    ScreenFinding,
    ScreenKind,
    acts_for_another_without_authority,
    asks_for_others_data,
    asks_to_fabricate,
    find,
    is_abuse,
    looks_like_injection,
    small_talk,
    wants_a_lawyer,
)
from .language import language_of
from .personal_data import mask_personal_data, personal_data
from .phrases import phrase, table
from .reply import Action, ActionKind, Reply, ReplyStatus
from .turn import Turn
from .uptake import take_up

__all__ = [
    "ScreenFinding",
    "ScreenKind",
    "acts_for_another_without_authority",
    "asks_for_others_data",
    "asks_to_fabricate",
    "clean",
    "find",
    "is_abuse",
    "looks_like_injection",
    "mask_personal_data",
    "personal_data",
    "screen",
    "small_talk",
    "wants_a_lawyer",
]

_SMALL_TALK = {ScreenKind.GREETING, ScreenKind.THANKS, ScreenKind.GOODBYE, ScreenKind.IDENTITY}


def screen(turn: Turn) -> None:
    """Cleans the text, masks personal data in it, and replies where the words settle the turn."""
    cleaned = clean(turn.question.text).text
    turn.text = mask_personal_data(cleaned)
    turn.language = language_of(turn.text)
    finding = find(cleaned)
    if finding is not None and not _answers_back(turn, finding):
        turn.reply = _reply(turn, finding.kind)


def _answers_back(turn: Turn, finding: ScreenFinding) -> bool:
    """A short reply to the question asked back is read as that, even where it sounds like small talk."""
    asked = tuple(fact for fact in turn.memory.asked if fact != "region")
    if finding.kind not in {*_SMALL_TALK, ScreenKind.ABUSE} or not asked:
        return False
    return take_up(asked, turn.text, turn.question.on) is not None


def _reply(turn: Turn, kind: ScreenKind) -> Reply:
    if kind in _SMALL_TALK:
        status, keys = ReplyStatus.SMALLTALK, [kind.value]
    elif kind is ScreenKind.NOTHING_ASKED:
        status, keys = ReplyStatus.CLARIFICATION, [kind.value]
    else:
        status, keys = ReplyStatus.REFUSED, [f"refuse_{kind.value}", f"refuse_{kind.value}_next"]
    citing = Citing(turn.knowledge, turn.question.on)
    blocks = [_block(turn, citing, key) for key in keys if key in table("phrases")]
    return Reply(
        status,
        "\n\n".join(blocks),
        language=turn.language,
        citations=citing.clauses(),
        actions=_actions(turn, status),
        suggestions=tuple(table("suggestions")["general"][turn.language][:3]),
        reason=kind.value,
        memory=turn.memory.to_json(),
    )


def _block(turn: Turn, citing: Citing, key: str) -> str:
    refs = table("intents")["refusal_clauses"].get(key, ())
    return phrase(turn.language, key, mark="".join(citing.mark(ClauseRef(*ref)) for ref in refs))


def _actions(turn: Turn, status: ReplyStatus) -> tuple[Action, ...]:
    if status is not ReplyStatus.REFUSED:
        return ()
    return (Action(ActionKind.CONTACT, phrase(turn.language, "action_contact")),)
