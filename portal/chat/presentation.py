"""A reply as the contract says it: plain JSON values, with the addresses of this portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.library.addresses import library_url

if TYPE_CHECKING:
    from bot.reply import Action, CitedClause, Reply
    from knowledge.clause import ClauseRef
    from knowledge.exemption import Verdict

NOTICE = "本回答由智能助手自动生成，仅供参考，以执法机关的决定为准"
NOTICE_EN = (
    "This answer was written automatically by an assistant and is for reference only;"
    " the decision of the authority prevails. 本回答由智能助手自动生成，仅供参考，以执法机关的决定为准"
)

PLACES = {
    "apply": "/apply",
    "change": "/applications",
    "withdraw": "/applications",
    "track": "/applications",
    "contact": "/help",
    "choose_region": "/#region",
    "read": "/library",
}
"""Where each kind of action leads when it has no target of its own."""


def reply_json(reply: Reply, *, answer_id: str, conversation: str, release: int) -> dict[str, Any]:
    """The body of an answer; ``id`` names it for feedback."""
    return {
        "id": answer_id,
        "conversation": conversation,
        "status": reply.status.value,
        "answer": reply.answer,
        "language": reply.language,
        "region": reply.region,
        "verdict": verdict_json(reply.verdict, reply.citations) if reply.verdict else None,
        "citations": [_citation(cited, release) for cited in reply.citations],
        "questions_back": [
            {"fact": back.fact, "text": back.text, "choices": list(back.choices)}
            for back in reply.questions_back
        ],
        "actions": [_action(action, answer_id) for action in reply.actions],
        "suggestions": list(reply.suggestions),
        "release": release,
        "written_by": reply.written_by,
        "notice": NOTICE_EN if reply.language == "en" else NOTICE,
    }


def verdict_json(verdict: Verdict, citations: tuple[CitedClause, ...]) -> dict[str, Any]:
    """The pre-check; its clauses are named by the numbers of the citations that show them."""
    numbers = {cited.ref: cited.number for cited in citations}

    def number(ref: ClauseRef | None) -> int | None:
        if ref is None:
            return None
        near = [n for other, n in numbers.items() if other.covers(ref) or ref.covers(other)]
        return numbers.get(ref, min(near, default=None))

    item = verdict.item
    return {
        "outcome": verdict.outcome.value,
        "ground": verdict.ground.value if verdict.ground else None,
        "programme": {
            "excluded": verdict.programme.excluded,
            "citation": number(verdict.programme.citation),
            "reason": verdict.programme.reason,
        },
        "item": {"list": item.list, "number": item.number, "matter": item.matter} if item else None,
        "conditions": [
            {
                "condition": c.condition,
                "finding": c.finding.value,
                "citation": number(c.citation),
                "fact": c.fact or None,
            }
            for c in verdict.conditions
        ],
        "missing": list(verdict.missing),
    }


def _citation(cited: CitedClause, release: int) -> dict[str, Any]:
    return {
        "number": cited.number,
        "document": cited.ref.document,
        "title": cited.title,
        "document_number": cited.document_number,
        "section": cited.ref.section,
        "text": cited.text,
        "digest": cited.digest,
        "url": library_url(cited.ref.document, cited.ref.section),
        "release": release,
        "in_force": cited.in_force,
    }


def _action(action: Action, answer_id: str) -> dict[str, Any]:
    document, _, section = action.target.partition("#")
    url = library_url(document, section) if document else PLACES[action.kind.value]
    if action.kind.value == "apply" and not document:
        url += f"?answer={answer_id}"  # so that nobody has to tell the same story twice
    return {"kind": action.kind.value, "label": action.label, "url": url}
