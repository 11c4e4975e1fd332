"""A conversation as its page shows it: replies of contract.md made ready for the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from portal.chat.subject import Subject
from portal.phrasing import is_basis
from portal.wording import Language, Wording

_MARK = re.compile(r"\[(\d{1,3})\]")
_CLOSING = re.compile(r"[。，；、：！？）”’,.;:!?)]*")
_BULLET = re.compile(r"^[-•·]\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or the mark of a source (``number``).

    ``before`` and ``after`` are the letter and the punctuation that a line break must not part from a mark.
    """

    text: str = ""
    number: int = 0
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of one kind: ``text``, ``list``, or ``basis`` for what names or quotes a source."""

    kind: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A clause as it was cited, with the dates of its document where the library still knows them."""

    number: int
    document: str
    title: str
    document_number: str
    section: str
    text: str
    digest: bool
    in_force: bool
    url: str
    issued_on: date | None = None
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True)
class TurnPage:
    """One question and its answer, numbered from 1. Only the ``last`` one asks back and suggests."""

    number: int
    question: str
    asked_at: datetime
    reply: Mapping[str, Any]
    sources: tuple[Source, ...] = ()
    last: bool = False
    thanked: bool = False

    @property
    def language(self) -> Language:
        said = self.reply.get("language")
        return Language.ENGLISH if said == "en" else Language.CHINESE

    @property
    def blocks(self) -> tuple[tuple[Run, ...], ...]:
        return answer_blocks(str(self.reply["answer"]), {s.number for s in self.sources})

    def source(self, number: int) -> Source:
        return next(s for s in self.sources if s.number == number)

    def has_source(self, number: int) -> bool:
        return any(s.number == number for s in self.sources)

    def missing_words(self, t: Wording) -> str:
        """The facts still missing, named one after the other."""
        named = [t.of("fact", fact) for fact in self.reply["verdict"]["missing"]]
        return ("、" if t.language is Language.CHINESE else ", ").join(named)


@dataclass(frozen=True, slots=True)
class AskForm:
    """What stands in the question box, and what was wrong with it."""

    question: str = ""
    region: str = ""
    conversation: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    about: Subject | None = None


def answer_blocks(answer: str, known: Iterable[int]) -> tuple[tuple[Run, ...], ...]:
    """An answer as blocks of runs. A mark without its source stays plain text: it could open nothing."""
    numbers = set(known)
    blocks = []
    for block in re.split(r"\n\s*\n", answer.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        runs = tuple(
            Run(kind, tuple(_pieces(_BULLET.sub("", line), numbers) for line in same))
            for kind, same in groupby(lines, _kind)
        )
        if runs:
            blocks.append(runs)
    return tuple(blocks)


def _kind(line: str) -> str:
    if _BULLET.match(line):
        return "list"
    return "basis" if is_basis(line) else "text"


def _pieces(text: str, numbers: set[int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for found in _MARK.finditer(text):
        if int(found[1]) not in numbers:
            continue
        before = text[end : found.start()]
        if len(before) > 1:
            pieces.append(Piece(before[:-1]))
        closing = _CLOSING.match(text, found.end())
        after = closing[0] if closing else ""
        pieces.append(Piece(number=int(found[1]), before=before[-1:], after=after))
        end = found.end() + len(after)
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)
