"""The shapes of the applications API: checked on the way in, and published as they are."""

from __future__ import annotations

from portal.schemas import COUNT, FLAG, SAYS_SOMETHING, TEXT, Schema

from .choice import method_ids
from .lifecycle import Act, State
from .statement import FIELDS, LIMITS, Correction, PartyKind, Told

_CREDIT_CODE = r"^([0-9A-HJ-NPQRTUWXY]{18}|[0-9]{15})$"
_PHONE = (
    r"^((\+86|0086)?[ -]?1[3-9][0-9]([ -]?[0-9]{4}){2}"
    r"|(010|02[0-9]|0[3-9][0-9]{2})-?[2-9][0-9]{6,7}(-[0-9]{1,6})?)$"
)


def _some(field: str, description: str) -> Schema:
    """A text that must say something."""
    return {
        "type": "string",
        "maxLength": LIMITS[field],
        "pattern": SAYS_SOMETHING,
        "description": description,
    }


def _text(field: str, description: str) -> Schema:
    return {"type": "string", "maxLength": LIMITS[field], "description": description}


def _one_of(values: type, description: str) -> Schema:
    return {"type": "string", "enum": [v.value for v in values], "description": description}  # type: ignore[attr-defined]


STATED: Schema = {
    "agency": _some("agency", "The authority that is asked, as its papers name it."),
    "party_kind": _one_of(PartyKind, "A business or organisation, or a person."),
    "party_name": _some("party_name", "The name of the business or person."),
    "credit_code": {
        "type": "string",
        "format": "credit-code",
        "pattern": _CREDIT_CODE,
        "x-error": "credit_code_characters",
        "description": "统一社会信用代码 with a check character that fits (GB 32100), or an old registration"
        " number of 15 digits. Needed of a business.",
    },
    "contact_name": _text("contact_name", "Whom to ask for, of a business."),
    "phone": {
        "type": "string",
        "pattern": _PHONE,
        "x-error": "phone",
        "description": "A mobile number, or a landline with its area code.",
    },
    "on_behalf": {**FLAG, "description": "True where somebody else acts for the party."},
    "representative_name": _some("representative_name", "Who acts for the party."),
    "authority": _some("authority", "By what authority, such as a power of attorney and its date."),
    "matter": _some("matter", "What happened, in one's own words."),
    "happened_when": _text("happened_when", "When it happened, as exactly as is known."),
    "place": _text("place", "Where it happened."),
    "paper_number": _text("paper_number", "The number of the paper received, where there is one."),
    "item_list": _text("item_list", "The id of an exemption list, where the matter is an item of it."),
    "item_number": _text("item_number", "The number of that item."),
    "first_time": _one_of(Told, "Whether it is the first time."),
    "harm": _one_of(Told, "Whether there was harm."),
    "correction": _one_of(Correction, "How far the correction has got."),
    "correction_text": _text("correction_text", "What was corrected and when, or will be."),
    "wishes": {
        "type": "array",
        "items": {"type": "string", "enum": list(method_ids())},
        "maxItems": len(method_ids()),
        "description": "Methods that the party would like; the authority decides.",
    },
    "wish_text": _text("wish_text", "What else the party would like."),
}

_CONDITIONAL: list[Schema] = [
    {
        "if": {"properties": {"party_kind": {"const": "business"}}, "required": ["party_kind"]},
        "then": {"required": ["credit_code"]},
    },
    {
        "if": {"properties": {"on_behalf": {"const": True}}, "required": ["on_behalf"]},
        "then": {"required": ["representative_name", "authority"]},
    },
]

SUBMISSION: Schema = {
    "type": "object",
    "required": ["choice", "region", "agency", "party_kind", "party_name", "phone", "matter", "correction"],
    "properties": {
        "choice": {
            "type": "string",
            "enum": ["accept"],
            "description": "That the party has read the notice of the right to choose of its region"
            " (GET /api/v1/applications/choice-notice) and accepts. Declining needs no application.",
        },
        "notice_version": {
            **TEXT,
            "maxLength": 12,
            "description": "The version of the notice that the party read; another one than the current"
            " is a 409.",
        },
        "region": {**TEXT, "maxLength": 100},
        **STATED,
    },
    "additionalProperties": False,
    "allOf": _CONDITIONAL,
    "examples": [
        {
            "choice": "accept",
            "region": "湛河区",
            "agency": "湛河区城市管理局",
            "party_kind": "business",
            "party_name": "示例五金经营部",
            "credit_code": "91350100M000100Y43",
            "contact_name": "王某",
            "phone": "13800000000",
            "on_behalf": False,
            "matter": "店门口摆放两把梯子占了人行道，检查时被指出。",
            "happened_when": "2026年11月20日上午",
            "place": "店门口",
            "first_time": "yes",
            "harm": "no",
            "correction": "done",
            "correction_text": "当场收回店内，以后不再摆在外面。",
            "wishes": ["coaching", "reminder"],
            "wish_text": "",
        }
    ],
}

CHANGE: Schema = {
    "type": "object",
    "properties": {
        "revision": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "The revision that the change was made from; where another came since, a 409.",
        },
        **STATED,
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"correction": "done", "correction_text": "已经全部收回。"}],
}

WITHDRAWAL: Schema = {"type": "object", "additionalProperties": False, "examples": [{}]}

_STATE: Schema = {"type": "string", "enum": [state.value for state in State]}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_MOMENT_OR_NONE: Schema = {**_MOMENT, "type": ["string", "null"]}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


RECEIPT = _object({"number": TEXT, "access_code": TEXT, "state": _STATE, "url": TEXT})

_STATEMENT = _object(
    {
        name: (
            FLAG if name == "on_behalf" else {"type": "array", "items": TEXT} if name == "wishes" else TEXT
        )
        for name in FIELDS
    }
)

APPLICATION = _object(
    {
        "number": TEXT,
        "state": _STATE,
        "open": FLAG,
        "region": TEXT,
        "revision": COUNT,
        "statement": _STATEMENT,
        "made_at": _MOMENT,
        "submitted_at": _MOMENT_OR_NONE,
        "touched_at": _MOMENT,
        "next": _object({"text": TEXT, "deadline": {"type": ["string", "null"]}, "deadline_note": TEXT}),
        "acts": {"type": "array", "items": {"type": "string", "enum": [act.value for act in Act]}},
        "choice": {
            **_object({"version": TEXT, "accepted": FLAG, "chosen_at": _MOMENT}),
            "type": ["object", "null"],
            "description": "The choice before it; none yet in a case that the authority offers.",
        },
        "url": TEXT,
    }
)

CHANGED = _object(
    {
        **APPLICATION["properties"],
        "changed": {
            "type": "array",
            "items": _object({"field": TEXT, "before": {}, "after": {}}),
        },
    }
)

EVENTS = _object(
    {
        "number": TEXT,
        "events": {
            "type": "array",
            "items": _object(
                {"at": _MOMENT, "act": TEXT, "label": TEXT, "by": TEXT, "detail": {"type": "object"}}
            ),
        },
    }
)

CHOICE_NOTICE = _object({"region": TEXT, "version": TEXT, "text": TEXT, "language": TEXT})
