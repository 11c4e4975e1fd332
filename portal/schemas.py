"""The shapes of what goes in and out of the API: used to check what comes in, and published as they are."""

from __future__ import annotations

from typing import Any

from bot.reply import ActionKind, ReplyStatus
from knowledge.edition import EditionStatus, InstrumentKind
from knowledge.exemption import Ground, ListOutcome, Outcome
from knowledge.situation import Finding

Schema = dict[str, Any]

SAYS_SOMETHING = r"[^\s\x00]"
"""The pattern of a text that must say something: blanks and NUL, which is dropped, say nothing."""

DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _enum(values: type) -> Schema:
    return {"type": "string", "enum": [member.value for member in values]}  # type: ignore[attr-defined]


QUESTION: Schema = {
    "type": "object",
    "required": ["question"],
    "properties": {
        "question": {"type": "string", "maxLength": 1000, "pattern": SAYS_SOMETHING},
        "conversation": _or_null(
            {"type": "string", "description": "From the reply before, for a follow-up."}
        ),
        "region": _or_null(TEXT),
        "on": _or_null({**DAY, "description": "The day to answer for; today where it is left out."}),
    },
    "examples": [{"question": "申请以后还能撤回吗？", "conversation": None, "region": None, "on": None}],
}

CITATION = _object(
    {
        "number": COUNT,
        "document": TEXT,
        "title": TEXT,
        "document_number": TEXT,
        "section": TEXT,
        "text": TEXT,
        "digest": FLAG,
        "url": TEXT,
        "release": COUNT,
        "in_force": FLAG,
    }
)

VERDICT = _object(
    {
        "outcome": _enum(Outcome),
        "ground": {"enum": [*(g.value for g in Ground), None]},
        "programme": _object(
            {"excluded": {"type": ["boolean", "null"]}, "citation": _or_null(COUNT), "reason": TEXT},
            optional=("reason",),
        ),
        "item": _or_null(_object({"list": TEXT, "number": TEXT, "matter": TEXT})),
        "conditions": {
            "type": "array",
            "items": _object(
                {
                    "condition": TEXT,
                    "finding": _enum(Finding),
                    "citation": _or_null(COUNT),
                    "fact": _or_null(TEXT),
                },
                optional=("fact",),
            ),
        },
        "missing": TEXTS,
    }
)

REPLY = _object(
    {
        "id": TEXT,
        "conversation": TEXT,
        "status": _enum(ReplyStatus),
        "answer": TEXT,
        "language": {"type": "string", "enum": ["zh", "en"]},
        "region": _or_null(TEXT),
        "verdict": _or_null(VERDICT),
        "citations": {"type": "array", "items": CITATION},
        "questions_back": {
            "type": "array",
            "items": _object({"fact": TEXT, "text": TEXT, "choices": TEXTS}),
        },
        "actions": {
            "type": "array",
            "items": _object({"kind": _enum(ActionKind), "label": TEXT, "url": TEXT}),
        },
        "suggestions": TEXTS,
        "release": COUNT,
        "written_by": TEXT,
        "notice": TEXT,
    }
)

PROBLEM = _object(
    {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": _object({"field": TEXT, "detail": TEXT, "candidates": TEXTS}, optional=("candidates",)),
        },
    },
    optional=("errors",),
)

DOCUMENT = _object(
    {
        "id": TEXT,
        "kind": _enum(InstrumentKind),
        "title": TEXT,
        "document_number": TEXT,
        "issuer": TEXT,
        "region": TEXT,
        "department": TEXT,
        "issued_on": _or_null(DAY),
        "in_force_from": _or_null(DAY),
        "in_force_to": _or_null(DAY),
        "in_force": FLAG,
        "status": _enum(EditionStatus),
        "digest": FLAG,
        "source": TEXT,
        "clause_count": COUNT,
        "item_count": COUNT,
        "release": COUNT,
        "url": TEXT,
    }
)

CLAUSE = _object(
    {"section": TEXT, "heading": TEXT, "text": TEXT, "plain": TEXT, "topics": TEXTS, "url": TEXT}
)

DOCUMENT_VIEW = _object(
    {
        **DOCUMENT["properties"],
        "clauses": {"type": "array", "items": CLAUSE},
        "history": {"type": "array", "items": DOCUMENT},
    }
)

ITEM = _object(
    {
        "list": TEXT,
        "number": TEXT,
        "matter": TEXT,
        "outcome": _enum(ListOutcome),
        "conditions": TEXTS,
        "department": TEXT,
        "field": TEXT,
        "violation_basis": TEXT,
        "penalty_basis": TEXT,
        "measures": TEXT,
        "benchmark": TEXT,
        "source": TEXT,
        "url": TEXT,
    }
)

DOCUMENTS = _object({"release": COUNT, "on": DAY, "documents": {"type": "array", "items": DOCUMENT}})
LISTS = _object({"release": COUNT, "on": DAY, "lists": {"type": "array", "items": DOCUMENT}})
ITEMS = _object({"release": COUNT, "on": DAY, "list": DOCUMENT, "items": {"type": "array", "items": ITEM}})

SEARCH = _object(
    {
        "release": COUNT,
        "on": DAY,
        "query": TEXT,
        "clauses": {
            "type": "array",
            "items": _object(
                {
                    "document": TEXT,
                    "title": TEXT,
                    "document_number": TEXT,
                    "region": TEXT,
                    "digest": FLAG,
                    **CLAUSE["properties"],
                    "score": {"type": "number"},
                }
            ),
        },
        "items": {
            "type": "array",
            "items": _object({**ITEM["properties"], "title": TEXT, "score": {"type": "number"}}),
        },
    }
)

TOPIC = _object(
    {
        "id": TEXT,
        "name": TEXT,
        "name_en": TEXT,
        "explanation": TEXT,
        "parent": TEXT,
        "topics_below": COUNT,
        "regions_speaking": COUNT,
        "url": TEXT,
    }
)

TOPICS = _object({"release": COUNT, "on": DAY, "topics": {"type": "array", "items": TOPIC}})

VOICE = _object(
    {
        "region": TEXT,
        "silent": FLAG,
        "clauses": {
            "type": "array",
            "items": _object(
                {
                    "document": TEXT,
                    "title": TEXT,
                    "digest": FLAG,
                    **CLAUSE["properties"],
                    "confirmed": FLAG,
                }
            ),
        },
        "parts": TEXTS,
    }
)

TOPIC_VIEW = _object(
    {
        "release": COUNT,
        "on": DAY,
        "id": TEXT,
        "name": TEXT,
        "name_en": TEXT,
        "explanation": TEXT,
        "explanation_en": TEXT,
        "parent": TEXT,
        "asked_as": TEXTS,
        "topics": {"type": "array", "items": TOPIC},
        "regions": {"type": "array", "items": VOICE},
        "nation": VOICE,
        "url": TEXT,
    }
)
