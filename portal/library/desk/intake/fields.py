"""The details of an import as its form holds them: text, read into typed values field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.edition import InstrumentKind
from portal.errors import FieldError
from portal.library.details import Details, ImportRefusedError, read_details

from .limits import limits

DETAILS = (
    "title",
    "instrument",
    "document_number",
    "issuer",
    "region",
    "department",
    "issued_on",
    "in_force_from",
    "in_force_to",
)
KIND = "kind"
FIELDS = (*DETAILS, KIND)
KINDS_OF_TEXT = (InstrumentKind.NOTICE, InstrumentKind.STATUTE)
REQUIRED = ("title", "instrument")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the form says: the details that can be meant, the kind, and what is wrong at which field."""

    details: Details
    kind: InstrumentKind
    errors: tuple[FieldError, ...] = ()

    @property
    def missing(self) -> tuple[FieldError, ...]:
        """What a draft cannot do without."""
        wrong = {error.field for error in self.errors}
        empty = (n for n in REQUIRED if getattr(self.details, n) is None and n not in wrong)
        return tuple(FieldError(name, "required") for name in empty)


def read_fields(values: Mapping[str, str], *, is_list: bool) -> Fields:
    """The fields of a form; one that cannot be meant counts as empty, and its error says why."""
    errors: list[FieldError] = []
    told: dict[str, str] = {}
    for name in DETAILS:
        error = _wrong(name, values.get(name, ""))
        if error is not None:
            errors.append(error)
        else:
            told[name] = values.get(name, "")
    errors.extend(_crossed(told))
    wrong = {error.field for error in errors}
    details = read_details({name: value for name, value in told.items() if name not in wrong})
    return Fields(details, _kind(values.get(KIND, ""), is_list=is_list), tuple(errors))


def _wrong(name: str, value: str) -> FieldError | None:
    most = limits().longest[name]
    if len(value) > most:
        return FieldError(name, "too_long", {"limit": most, "length": len(value)})
    try:
        read_details({name: value})
    except ImportRefusedError as refused:
        return FieldError(name, "import_refused", {"reason": str(refused)})
    return None


def _crossed(told: Mapping[str, str]) -> Iterator[FieldError]:
    """What is wrong between fields that are right by themselves: the end of force before its beginning."""
    try:
        read_details(told)
    except ImportRefusedError as refused:
        yield FieldError("in_force_to", "import_refused", {"reason": str(refused)})


def _kind(value: str, *, is_list: bool) -> InstrumentKind:
    if is_list:
        return InstrumentKind.LIST
    return next((kind for kind in KINDS_OF_TEXT if kind.value == value), InstrumentKind.NOTICE)
