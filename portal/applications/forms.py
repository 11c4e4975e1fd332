"""The forms of the pages: how each field is asked, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from portal.errors import FieldError
from portal.wording import Language, wording

from .choice import Method, method_name
from .identifiers import mask_credit_code, mask_phone
from .statement import CHOICES, LIMITS, OF_A_BUSINESS, OF_A_REPRESENTATIVE, REQUIRED, STEPS

LONG = ("matter", "correction_text", "wish_text", "authority")


@dataclass(frozen=True, slots=True)
class Form:
    """One page of fields. ``typed`` is what stands in them; ``errors`` says what is wrong with which."""

    fields: tuple[str, ...]
    typed: Mapping[str, object]
    methods: Sequence[Method] = ()
    agencies: Sequence[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    suggested: Collection[str] = ()

    def value(self, name: str) -> str:
        return str(self.typed.get(name) or "")

    def chosen(self, name: str, value: str) -> bool:
        held = self.typed.get(name)
        return value in held if isinstance(held, list) else held == value

    def on_behalf(self) -> bool:
        return bool(self.typed.get("on_behalf"))

    @staticmethod
    def kind(name: str) -> str:
        if name in ("on_behalf", "wishes"):
            return name
        if name in CHOICES:
            return "choice"
        return "long" if name in LONG else "text"

    @staticmethod
    def choices(name: str) -> list[str]:
        return [member.value for member in CHOICES[name]]

    @staticmethod
    def limit(name: str) -> int:
        return LIMITS[name]

    @staticmethod
    def optional(name: str) -> bool:
        return name not in (*REQUIRED, "on_behalf", "credit_code", *OF_A_REPRESENTATIVE)

    @staticmethod
    def only(name: str) -> str:
        """Which choice makes the field matter, as a class of the page."""
        if name in OF_A_BUSINESS:
            return "only-business"
        return "only-behalf" if name in OF_A_REPRESENTATIVE else ""


def typed_values(sent: MultiDict[str, str], fields: Collection[str]) -> dict[str, object]:
    """What a form sent for these fields, as it was typed."""
    values: dict[str, object] = {}
    for name in fields:
        if name == "wishes":
            values[name] = sent.getlist(name)
        elif name == "on_behalf":
            values[name] = sent.get(name) == "yes"
        else:
            values[name] = sent.get(name, "")
    return values


def seen_number(told: str) -> int:
    """The number that a page says it has seen, of a revision or an event; 0 where it says none."""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else 0


def error_words(errors: Sequence[FieldError], language: Language) -> dict[str, str]:
    """The words for each field that is wrong, the first where there are several."""
    words: dict[str, str] = {}
    for error in errors:
        words.setdefault(error.field, error.text(language))
    return words


def anchor(name: str) -> str:
    """The id of the first control of a field, for the summary of errors to lead to."""
    if name in CHOICES:
        return f"{name}-{next(iter(CHOICES[name])).value}"
    return f"wishes-{name}" if name == "wishes" else name


def said(name: str, value: object, language: Language, *, masked: bool = False) -> str:
    """A value of the statement as people read it; empty where nothing was said."""
    t = wording(language)
    if name == "on_behalf":
        return str(t("applications.yes" if value else "applications.no"))
    if name == "wishes":
        wishes = value if isinstance(value, list) else []
        return str(t("applications.and")).join(method_name(wish, language) for wish in wishes)
    text = str(value or "")
    if name in CHOICES and text:
        return t.of(f"application_choice.{name}", text)
    return _MASKS[name](text) if masked and text and name in _MASKS else text


_MASKS: Mapping[str, Callable[[str], str]] = {"phone": mask_phone, "credit_code": mask_credit_code}


def steps() -> tuple[str, ...]:
    return (*STEPS, "check")
