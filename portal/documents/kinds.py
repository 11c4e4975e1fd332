"""The kinds of documents that a case may have. Fields, wording and numbering are data (``kinds.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.programme import load_programmes
from knowledge.region import ancestors
from portal.wording import Language

_FILE = Path(__file__).with_name("kinds.json")


class DocumentKind(StrEnum):
    OPINION = "opinion"
    COMMITMENT = "commitment"
    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    TERMINATION = "termination"
    WITHDRAWAL = "withdrawal"
    EXEMPTION = "exemption"
    TALK_NOTICE = "talk_notice"
    TALK_RECORD = "talk_record"
    FOLLOW_UP = "follow_up"
    RECEIPT = "receipt"


class FieldKind(StrEnum):
    """``text`` is one line, ``long`` several; ``lines`` is a list, ``officers`` one of names with their
    certificates; ``day`` a date; ``choice`` one of the field's own values."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    OFFICERS = "officers"
    DAY = "day"
    CHOICE = "choice"


class Signer(StrEnum):
    AGENCY = "agency"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the writer fills in. ``least`` is how many lines there must be."""

    id: str
    kind: FieldKind
    labels: Mapping[str, str]
    required: bool
    limit: int
    least: int
    choices: Mapping[str, str]

    def label(self, language: Language) -> str:
        return self.labels[language]


@dataclass(frozen=True, slots=True)
class Part:
    """One section: a field as it was filled in, or fixed lines with ``{holes}`` for fields.

    A part whose field, or whose ``needs``, was left empty is left out; so is one whose ``unless`` was not.
    """

    heading: str = ""
    field: str = ""
    lines: tuple[str, ...] = ()
    needs: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """``word`` stands in the number; kinds of one ``series`` are numbered together. A ``draft`` says of
    itself that it is not in force; an ``internal`` one is not the party's to read. ``regional`` names the
    rule that the programme of a region must have for the kind to be used there."""

    id: DocumentKind
    title: str
    names: Mapping[str, str]
    series: str
    word: str
    fields: tuple[Field, ...]
    opening: str
    parts: tuple[Part, ...]
    signers: tuple[Signer, ...]
    draft: str
    internal: bool
    regional: str

    def name(self, language: Language) -> str:
        return self.names[language]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.id == name)

    def used_in(self, region: str) -> bool:
        """Whether a case of this region may have one."""
        if not self.regional:
            return True
        programmes = load_programmes()
        own = [programmes[r] for r in ancestors(region) if r in programmes]
        return any(getattr(programme, self.regional, None) for programme in own)


def kind_of(name: str) -> Kind:
    """The kind of this name; KeyError for another."""
    return _kinds()[name]  # type: ignore[index]  # a member of a StrEnum is its own value


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds().values())


@cache
def _kinds() -> Mapping[DocumentKind, Kind]:
    return {kind.id: kind for kind in map(_kind, json.loads(_FILE.read_text("utf-8")))}


def _kind(entry: Mapping[str, Any]) -> Kind:
    return Kind(
        id=DocumentKind(entry["id"]),
        title=entry["title"],
        names={"zh": entry["title"], "en": entry["english"]},
        series=entry["series"],
        word=entry["word"],
        fields=tuple(_field(field) for field in entry["fields"]),
        opening=entry.get("opening", ""),
        parts=tuple(Part(**{**part, "lines": tuple(part.get("lines", ()))}) for part in entry["parts"]),
        signers=tuple(Signer(signer) for signer in entry["signers"]),
        draft=entry.get("draft", ""),
        internal=entry.get("internal", False),
        regional=entry.get("regional", ""),
    )


def _field(entry: Mapping[str, Any]) -> Field:
    kind = FieldKind(entry["kind"])
    limits = {FieldKind.TEXT: 200, FieldKind.LONG: 4000}
    return Field(
        id=entry["id"],
        kind=kind,
        labels={"zh": entry["label"], "en": entry["english"]},
        required=entry.get("required", False),
        limit=entry.get("limit", limits.get(kind, 500)),
        least=entry.get("least", 2 if kind is FieldKind.OFFICERS else 1),
        choices=entry.get("choices", {}),
    )
