"""The lexicon: everyday words and the legal terms they stand for (data: sources/lexicon.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .lexical import fold

FILE = Path(__file__).parent / "sources" / "lexicon.json"


@dataclass(frozen=True)
class Lexicon:
    """Which legal terms a query means by its everyday (or English) words."""

    terms: Mapping[str, tuple[str, ...]]
    words: re.Pattern[str] | None

    @classmethod
    def load(cls, file: Path = FILE) -> Lexicon:
        """Read the shipped lexicon; without one, no query is widened."""
        if not file.exists():
            return cls({}, None)
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls.of({**content.get("terms", {}), **_english(content)})

    @classmethod
    def of(cls, variants_by_term: Mapping[str, list[str]]) -> Lexicon:
        terms: dict[str, list[str]] = {}
        for term, variants in variants_by_term.items():
            for variant in variants:
                terms.setdefault(fold(variant), []).append(term)
        longest_first = sorted(filter(None, terms), key=lambda v: (-len(v), v))
        words = re.compile("|".join(_bounded(v) for v in longest_first)) if longest_first else None
        return cls({v: tuple(t) for v, t in terms.items()}, words)

    def widen(self, text: str) -> tuple[str, ...]:
        """The terms meant by the words of ``text``, each once, in order of appearance."""
        if self.words is None:
            return ()
        found = [term for match in self.words.finditer(fold(text)) for term in self.terms[match[0]]]
        return tuple(dict.fromkeys(found))


def _bounded(variant: str) -> str:
    """A Latin word matches whole, Chinese characters anywhere."""
    word = re.escape(variant)
    return rf"\b{word}\b" if variant.isascii() else word


def _english(content: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """The English part, which names the same terms; a term may stand in both parts."""
    terms = content.get("terms", {})
    return {term: [*terms.get(term, []), *variants] for term, variants in content.get("english", {}).items()}


def everyday_words(file: Path = FILE) -> dict[str, list[str]]:
    """Legal term → everyday words for it (Chinese only), as an editor wrote them."""
    if not file.exists():
        return {}
    terms = json.loads(file.read_text(encoding="utf-8")).get("terms", {})
    return {term: list(variants) for term, variants in terms.items() if variants}
