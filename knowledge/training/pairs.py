"""Pairs of texts that mean the same, made by rule: a question and what answers it.

A law says 应当, 可以, 不得, 的，由…处; people ask 要不要, 能不能, 会不会被罚. Each form of sentence has
its ways of asking (templates.json), and legal words are swapped for everyday ones (the lexicon).
Pairs stay in groups by origin: a training batch comes from one group, or the model learns to tell
groups apart instead of meanings.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .material import Article, Material

Pair = tuple[str, str]
TEMPLATES = Path(__file__).parent / "templates.json"
_SENTENCE = re.compile(r"(?<=[。；])")


def make_pairs(
    material: Material, everyday: Mapping[str, Sequence[str]], chance: random.Random
) -> dict[str, list[Pair]]:
    """Every group of pairs; ``everyday`` maps legal terms to everyday words for them."""
    speech = Speech(json.loads(TEMPLATES.read_text(encoding="utf-8")), everyday, chance)
    return {
        "asked": [p for a in material.articles for p in speech.asked(a)],
        "sentences": [p for a in material.articles for p in sentence_and_rest(a.text, a.law, chance)],
        "headings": [(a.chapter, a.text) for a in material.articles if 4 <= len(a.chapter) <= 30],
        "paragraphs": [p for t in material.paragraphs for p in sentence_and_rest(t, "", chance)],
        "answered": list(material.answered),
        "words": [(v, t) for t, variants in everyday.items() for v in variants],
    }


class Speech:
    """Turns sentences of the law into questions that people would ask."""

    def __init__(
        self, templates: dict[str, Any], everyday: Mapping[str, Sequence[str]], chance: random.Random
    ) -> None:
        self._prefixes: list[str] = templates.pop("prefixes")
        self._suffixes: list[str] = templates.pop("suffixes")
        self._forms = [(re.compile(f["pattern"]), f) for f in templates.values()]
        self._everyday = everyday
        self._terms = re.compile("|".join(map(re.escape, sorted(everyday, key=len, reverse=True))) or r"(?!)")
        self._chance = chance

    def asked(self, article: Article, most: int = 2) -> Iterator[Pair]:
        """Up to ``most`` questions that an article answers."""
        made = [q for sentence in _SENTENCE.split(article.text) for q in self._of_sentence(sentence.strip())]
        self._chance.shuffle(made)
        for question in made[:most]:
            yield question, titled(article.law, article.text, self._chance)

    def _of_sentence(self, sentence: str) -> Iterator[str]:
        for pattern, form in self._forms:
            if not any(cue in sentence for cue in form["cues"]):
                continue
            if found := pattern.search(sentence):
                parts = {k: v for k, v in found.groupdict().items() if v}
                ways = form["questions"] + (form.get("with_body", []) if "body" in parts else [])
                yield self._spoken(self._chance.choice(ways).format_map(parts))

    def _spoken(self, question: str) -> str:
        if self._chance.random() < 0.5:
            question = self._terms.sub(lambda m: self._chance.choice(self._everyday[m[0]]), question)
        prefix = self._chance.choice(self._prefixes) if self._chance.random() < 0.15 else ""
        return prefix + question + self._chance.choice(self._suffixes)


def sentence_and_rest(text: str, title: str, chance: random.Random) -> Iterator[Pair]:
    """A sentence of a text, and the text without it (inverse cloze)."""
    sentences = [s for s in _SENTENCE.split(text) if len(s) >= 8]
    if len(sentences) >= 2:
        chosen = chance.randrange(len(sentences))
        rest = "".join(s for n, s in enumerate(sentences) if n != chosen)
        yield sentences[chosen], titled(title, rest, chance)


def titled(title: str, text: str, chance: random.Random) -> str:
    return f"{title} {text}" if title and chance.random() < 0.5 else text
