"""A document as it reads: one composition, from which Word, PDF and the printed page are all made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.phrasing import date_words
from portal.wording import Language

from .filling import Filled
from .kinds import Field, FieldKind, Kind, Part

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on the paper except its number. ``mark`` is what a draft says of itself;
    ``replaces`` the number of the document that it corrects."""

    title: str
    mark: str
    recipient: str
    identity: str
    opening: str
    sections: tuple[Section, ...]
    signers: tuple[str, ...]
    agency: str
    day: str
    replaces: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Sheet:
        sections = tuple(Section(s["heading"], tuple(s["lines"])) for s in kept["sections"])
        return cls(**{**kept, "sections": sections, "signers": tuple(kept["signers"])})


def compose(
    kind: Kind,
    filled: Filled,
    *,
    facts: Mapping[str, str],
    on: date,
    replaces: str = "",
) -> Sheet:
    """The sheet of a document. ``facts`` are what the case itself tells: ``party``, ``identity``,
    ``agency``, ``application``, ``applied_on``."""
    holes = {
        **{field.id: _words(field, filled.get(field.id)) for field in kind.fields},
        **facts,
        "on": date_words(on, Language.CHINESE),
    }
    return Sheet(
        title=kind.title,
        mark=kind.draft,
        recipient=facts["party"],
        identity=facts["identity"],
        opening=kind.opening.format_map(holes),
        sections=_sections(kind, filled, holes),
        signers=tuple(signer.value for signer in kind.signers),
        agency=facts["agency"],
        day=holes["on"],
        replaces=replaces,
    )


def _sections(kind: Kind, filled: Filled, holes: Mapping[str, str]) -> tuple[Section, ...]:
    made: list[Section] = []
    for part in kind.parts:
        lines = _lines(kind, part, filled, holes)
        if not lines:
            continue
        if part.heading:
            place = sum(bool(section.heading) for section in made)
            made.append(Section(f"{_numeral(place + 1)}、{part.heading}", lines))
        else:
            made.append(Section("", lines))
    return tuple(made)


def _lines(kind: Kind, part: Part, filled: Filled, holes: Mapping[str, str]) -> tuple[str, ...]:
    if (part.needs and not filled.get(part.needs)) or (part.unless and filled.get(part.unless)):
        return ()
    if not part.field:
        return tuple(" ".join(line.format_map(holes).split("\n")) for line in part.lines)
    value = filled.get(part.field)
    if isinstance(value, list):
        return _listed(kind.field(part.field), value)
    words = _words(kind.field(part.field), value)
    return tuple(line for line in words.split("\n") if line.strip())


def _listed(field: Field, lines: list[str]) -> tuple[str, ...]:
    if field.kind is FieldKind.OFFICERS:
        pairs = (line.rsplit(None, 1) for line in lines)
        return tuple(f"{name}（执法证号 {certificate}）" for name, certificate in pairs)
    if len(lines) == 1:
        return (lines[0],)
    return tuple(f"{place}. {line}" for place, line in enumerate(lines, start=1))


def _words(field: Field, value: object) -> str:
    """A field in the middle of a sentence."""
    if isinstance(value, list):
        return "、".join(_listed(field, value) if field.kind is FieldKind.OFFICERS else value)
    text = str(value or "")
    if field.kind is FieldKind.DAY and text:
        return date_words(date.fromisoformat(text), Language.CHINESE)
    return field.choices.get(text, text) if field.kind is FieldKind.CHOICE else text


def _numeral(number: int) -> str:
    """1 to 99 in Chinese numerals, as headings are counted."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones - 1]
    return f"{NUMERALS[tens - 1] if tens > 1 else ''}十{NUMERALS[ones - 1] if ones else ''}"
