"""What a party states in an application: its fields, what each may hold, and how two versions differ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.errors import FieldError, FieldErrors

from .choice import method_ids
from .identifiers import IdentifierError, read_credit_code, read_phone

Statement = dict[str, object]


class PartyKind(StrEnum):
    BUSINESS = "business"
    PERSON = "person"


class Told(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Correction(StrEnum):
    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_YET = "not_yet"
    NOTHING = "nothing"


LIMITS: Mapping[str, int] = {
    "agency": 120,
    "party_name": 100,
    "credit_code": 40,
    "contact_name": 50,
    "phone": 40,
    "representative_name": 50,
    "authority": 300,
    "matter": 2000,
    "happened_when": 100,
    "place": 200,
    "paper_number": 100,
    "correction_text": 2000,
    "wish_text": 1000,
    "item_list": 64,
    "item_number": 60,
}
"""How many characters each text may have."""

CHOICES: Mapping[str, type[StrEnum]] = {
    "party_kind": PartyKind,
    "first_time": Told,
    "harm": Told,
    "correction": Correction,
}

STEPS: Mapping[str, tuple[str, ...]] = {
    "who": (
        "agency",
        "party_kind",
        "party_name",
        "credit_code",
        "contact_name",
        "phone",
        "on_behalf",
        "representative_name",
        "authority",
    ),
    "matter": ("matter", "happened_when", "place", "paper_number", "first_time", "harm"),
    "correction": ("correction", "correction_text"),
    "evidence": (),
    "wishes": ("wishes", "wish_text"),
}
"""The steps of the form and what each asks, in order; evidence is handed in as files (portal.uploads)."""

FIELDS: tuple[str, ...] = (*(f for fields in STEPS.values() for f in fields), "item_list", "item_number")
REQUIRED = ("agency", "party_kind", "party_name", "phone", "matter", "correction")
OF_A_BUSINESS = ("credit_code", "contact_name")
OF_A_REPRESENTATIVE = ("representative_name", "authority")
PERSONAL = ("party_name", "credit_code", "contact_name", "phone", "representative_name")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a revision changed."""

    field: str
    before: object
    after: object


def step_of(field: str) -> str:
    """The step of the form that asks for a field."""
    return next((step for step, fields in STEPS.items() if field in fields), "who")


def clean(text: str) -> str:
    """``text`` without outer blanks, broken surrogates replaced and line ends made one."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").replace("\x00", "").strip()


def check_statement(values: Mapping[str, object], fields: Collection[str] = FIELDS) -> Statement:
    """The named fields of ``values`` in their one form; FieldErrors that name every field that is wrong.

    What belongs to a business is dropped for a person, and what belongs to a representative where there
    is none.
    """
    errors: list[FieldError] = []
    checked: Statement = {}
    for field in fields:
        try:
            checked[field] = _check(field, values.get(field))
        except FieldErrors as wrong:
            errors.extend(wrong.errors)
            checked[field] = values.get(field)
    errors = [error for error in errors if not _idle(error.field, checked)]
    named = {error.field for error in errors}
    errors += [
        FieldError(field, _missing(field))
        for field in fields
        if field not in named and _needed(field, checked) and not checked[field]
    ]
    if errors:
        order = {field: place for place, field in enumerate(FIELDS)}
        raise FieldErrors(errors=sorted(errors, key=lambda error: order[error.field]))
    return {field: _empty(field) if _idle(field, checked) else value for field, value in checked.items()}


def empty_statement() -> Statement:
    return {field: _empty(field) for field in FIELDS}


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Difference, ...]:
    """What changed from one version to the next, in the order of the form."""
    return tuple(
        Difference(field, before.get(field, _empty(field)), after.get(field, _empty(field)))
        for field in FIELDS
        if before.get(field, _empty(field)) != after.get(field, _empty(field))
    )


def _empty(field: str) -> object:
    if field == "on_behalf":
        return False
    return [] if field == "wishes" else ""


def _needed(field: str, values: Mapping[str, object]) -> bool:
    if field == "credit_code":
        return values.get("party_kind") == PartyKind.BUSINESS
    if field in OF_A_REPRESENTATIVE:
        return bool(values.get("on_behalf"))
    return field in REQUIRED


def _idle(field: str, values: Mapping[str, object]) -> bool:
    """True for a field that the others leave without a meaning."""
    if field in OF_A_BUSINESS:
        return values.get("party_kind") != PartyKind.BUSINESS
    return field in OF_A_REPRESENTATIVE and not values.get("on_behalf")


def _missing(field: str) -> str:
    return "choose" if field in CHOICES else "required"


def _check(field: str, value: object) -> object:
    if field == "on_behalf":
        return value is True
    if field == "wishes":
        return _wishes(value)
    text = clean(value) if isinstance(value, str) else ""
    if field in CHOICES:
        allowed = [member.value for member in CHOICES[field]]
        if text and text not in allowed:
            raise FieldErrors(errors=[FieldError(field, "choice", {"choices": allowed})])
        return text
    limit = LIMITS[field]
    if len(text) > limit:
        raise FieldErrors(errors=[FieldError(field, "too_long", {"limit": limit, "length": len(text)})])
    reader = _READERS.get(field)
    try:
        return reader(text) if reader and text else text
    except IdentifierError as wrong:
        raise FieldErrors(errors=[FieldError(field, wrong.word)]) from None


def _wishes(value: object) -> list[str]:
    given = [str(wish) for wish in value] if isinstance(value, list | tuple) else []
    known = method_ids()
    if any(wish not in known for wish in given):
        raise FieldErrors(errors=[FieldError("wishes", "choice", {"choices": list(known)})])
    return [method for method in known if method in given]


_READERS: Mapping[str, Callable[[str], str]] = {
    "credit_code": lambda text: read_credit_code(text).code,
    "phone": read_phone,
}
