"""An item's matter and an owner's story, each read once so that the two can be laid side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .card import item_text
from .embed import Vectors, pieces
from .exemption import ListItem
from .lexical import Codes, Scores, codes
from .lexicon import Lexicon
from .query import Query, Reader
from .region import NATION, known, region
from .sector import sectors_in, sectors_of_field

CONDUCTS = Path(__file__).parent / "sources" / "conducts.json"
ACTS = CONDUCTS.with_name("acts.json")
_GENERAL = ("通用", "不分")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Matter:
    """What is laid beside a story of one item: made once."""

    matter: Codes
    conditions: Codes
    text: Codes
    asked: Codes
    unasked: bool
    """Whether nobody has said how it is asked for: what an import carried over is no word of its own."""
    pieces: tuple[Vectors, Scores]
    vector: Vectors
    sectors: frozenset[str]
    general: bool
    acts: frozenset[str]
    places: tuple[str, ...]
    """Names of its region; none for an item of the nation."""

    @classmethod
    def of(cls, item: ListItem, reader: Reader) -> Matter:
        card = item_text(item)
        asked = "\n".join(card.asked_as)
        return cls(
            np.unique(codes(item.matter)),
            np.unique(codes("；".join(c.text for c in item.conditions))),
            np.unique(codes(card.text)),
            np.unique(codes(f"{card.text}\n{asked}")),
            not item.asked_as,
            pieces(reader.embedder, item.matter),
            reader.vectors([item.matter])[0],
            sectors_of_field(item.field) or sectors_of_field(item.department),
            any(word in item.matter for word in _GENERAL),
            _acts(item.matter, "listed"),
            _places(item.region),
        )


@dataclass(frozen=True)
class Told:
    """A story read for matching: its terms, those it means, its pieces and its fields of business."""

    terms: Codes
    lexicon: Codes
    meant: Codes
    weight: float
    pieces: tuple[Vectors, Scores]
    vector: Vectors
    sectors: tuple[str, ...]
    acts: frozenset[str]
    text: str
    placed: bool
    """Whether the asker's region is known."""

    @classmethod
    def read(cls, story: str, query: Query, reader: Reader, placed: bool) -> Told:
        """``query`` is the story as it is searched for (see ``spoken``)."""
        by_lexicon = joined(codes(term) for term in conducts().widen(story))
        terms = np.unique(query.terms)
        return cls(
            terms,
            np.unique(by_lexicon),
            np.unique(np.concatenate([terms, query.widened, by_lexicon])),
            max(float(reader.terms.weights(terms).sum()), 1.0),
            pieces(reader.embedder, query.text),
            query.vector,
            sectors_in(story),
            _acts(story, "told"),
            story,
            placed,
        )


def spoken(story: str, reader: Reader) -> str:
    """A story as lists speak: one in English as the legal terms that its words mean."""
    if len(_LATIN.findall(story)) <= len(_HAN.findall(story)):
        return story
    return "，".join((*conducts().widen(story), *reader.lexicon.widen(story))) or story


def _places(path: str) -> tuple[str, ...]:
    parts = (part for part in path.split("、") if part and part != NATION)
    return tuple(name for part in parts if known(part) for name in region(part).names if len(name) > 1)


def is_unplaced(matter: Matter, told: Told) -> bool:
    return bool(matter.places) and not told.placed and not any(p in told.text for p in matter.places)


def _acts(text: str, side: str) -> frozenset[str]:
    """The kinds of act that a story tells of or that a list's matter is of."""
    lowered = text.lower()
    return frozenset(act for act, words in _kinds().items() if any(w in lowered for w in words[side]))


@cache
def _kinds() -> Mapping[str, Mapping[str, Sequence[str]]]:
    kinds: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(ACTS.read_text(encoding="utf-8"))
    return kinds


@cache
def conducts() -> Lexicon:
    """Everyday words for what lists forbid or demand."""
    return Lexicon.load(CONDUCTS)


def joined(parts: Iterable[Codes]) -> Codes:
    """Terms of several texts one after another."""
    return np.concatenate([*parts, np.zeros(0, np.int64)])
