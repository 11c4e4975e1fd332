"""Every text of the pages, in two languages: data in ``wording/*.json``, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

FOLDER = Path(__file__).with_name("wording")

Texts = str | list[str]


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"

    @property
    def tag(self) -> str:
        """What the ``lang`` attribute of the page says."""
        return "zh-CN" if self is Language.CHINESE else "en"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language. Called with a key it gives the text, its ``{holes}`` filled and escaped.

    An unknown key raises ``KeyError``: a page with a missing text must fail in the tests, not before people.
    """

    language: Language
    texts: Mapping[str, Texts]

    def __call__(self, key: str, **holes: object) -> Markup:
        text = self.texts[key]
        if isinstance(text, list):
            raise KeyError(f"{key} is a list: ask for lines()")
        return escape(text).format(**holes) if holes else escape(text)

    def lines(self, key: str) -> list[str]:
        """A text that comes as several lines: examples, steps, paragraphs."""
        text = self.texts[key]
        return [text] if isinstance(text, str) else list(text)

    def has(self, key: str) -> bool:
        return key in self.texts

    def of(self, group: str, name: object) -> str:
        """The label of a value, such as an outcome or a finding; the bare value where none is written."""
        label = self.texts.get(f"{group}.{name}", str(name))
        return label if isinstance(label, str) else str(name)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a long page such as 关于: a heading, paragraphs, and points under them."""

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    link: str = ""
    link_label: str = ""


@cache
def wording(language: Language) -> Wording:
    """The texts of a language, with dotted keys (``home.title``)."""
    return Wording(language, _flat(json.loads((FOLDER / f"{language}.json").read_text("utf-8"))))


@cache
def prose(language: Language) -> Mapping[str, tuple[Section, ...]]:
    """The long pages of a language, by name."""
    pages = json.loads((FOLDER / f"prose_{language}.json").read_text("utf-8"))
    return {name: tuple(_section(part) for part in parts) for name, parts in pages.items()}


def _section(part: Mapping[str, object]) -> Section:
    def lines(key: str) -> tuple[str, ...]:
        value = part.get(key, [])
        assert isinstance(value, list)
        return tuple(value)

    def text(key: str) -> str:
        return str(part.get(key, ""))

    return Section(
        text("id"), text("title"), lines("paragraphs"), lines("points"), text("link"), text("link_label")
    )


def _flat(tree: Mapping[str, object], prefix: str = "") -> dict[str, Texts]:
    texts: dict[str, Texts] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            texts.update(_flat(value, f"{prefix}{name}."))
        elif isinstance(value, str | list):
            texts[f"{prefix}{name}"] = value
        else:
            raise TypeError(f"{prefix}{name} is neither a text nor a list of texts")
    return texts
