"""The notice of the right to choose (自主选择权), in a region's own terms. What it says is data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.region import ancestors
from portal.library.addresses import library_url
from portal.wording import Language

if TYPE_CHECKING:
    from knowledge.programme import Programme

_FILE = Path(__file__).with_name("terms.json")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the notice. ``rule`` names the rule of the region's programme that it rests on."""

    text: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice as it is shown in one language. ``version`` changes with its text, and only with it."""

    region: str
    language: Language
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def version(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Term:
    """A line of a region's own, in every language. ``rule`` names the rule of the programme that it rests on;
    ``at`` says by itself on which sections it rests, an empty one on the document as a whole: that it is
    silent is for the whole document to say."""

    words: Mapping[str, str]
    rule: str = ""
    at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a region's people are told of its own notice, and which methods it names at ``methods_at``."""

    lines: tuple[Term, ...]
    withdrawal: Term
    methods: tuple[str, ...]
    methods_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """A way of soft enforcement (方式) that a party may wish for."""

    id: str
    name: str
    hint: str


def notice(region: str | None, language: Language) -> Notice:
    """What someone of this region is told before they choose."""
    terms = _terms()
    local = _local(region)
    parts = (*terms["opening"], *local["lines"], local["withdrawal"], *terms["closing"])
    return Notice(region or "", language, tuple(Line(p[language], p.get("rule", "")) for p in parts))


def withdrawal_rule(region: str, language: Language) -> Line:
    """What the region's notice says, or does not say, of withdrawing."""
    rule = _local(region)["withdrawal"]
    return Line(rule[language], rule.get("rule", ""))


def told_rules(region: str) -> tuple[str, ...]:
    """The rules of the region's programme that what its people are told before they choose rests on."""
    local = _local(region)
    return tuple({p["rule"]: None for p in (*local["lines"], local["withdrawal"]) if p.get("rule")})


def terms_of(region: str) -> Terms:
    """The terms of the nearest region on the path that has its own; else the general ones."""
    local = _local(region)
    return Terms(
        tuple(map(_term, local["lines"])),
        _term(local["withdrawal"]),
        tuple(local["methods"]),
        tuple(local.get("methods_at", ())),
    )


def methods(region: str | None, language: Language) -> tuple[Method, ...]:
    """The methods that the notice of the region names and a party may wish for."""
    return tuple(_method(name, language) for name in _local(region)["methods"])


def method_ids() -> tuple[str, ...]:
    """Every method of every region."""
    return tuple(_terms()["methods"])


def method_name(method: str, language: Language) -> str:
    return _method(method, language).name


def basis_url(programme: Programme | None, rule: str) -> str:
    """The address of the clause that a line rests on; empty where the library does not hold one."""
    clause = getattr(programme, rule, None) if programme and rule else None
    return library_url(clause.document, clause.section) if clause else ""


def _method(name: str, language: Language) -> Method:
    words = _terms()["methods"][name]
    return Method(name, words[language], words["hint"][language])


def _term(line: Mapping[str, Any]) -> Term:
    words = {language.value: str(line[language]) for language in Language}
    return Term(words, str(line.get("rule", "")), tuple(line.get("at", ())))


def _local(region: str | None) -> Mapping[str, Any]:
    """The terms of the nearest region on the path that has its own; else the general ones."""
    regions: Mapping[str, Mapping[str, Any]] = _terms()["regions"]
    own = [regions[r] for r in ancestors(region) if r in regions] if region else []
    return own[-1] if own else regions[""]


@cache
def _terms() -> Mapping[str, Any]:
    terms: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return terms
