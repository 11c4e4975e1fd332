"""Two replies side by side: what one says and cites that the other does not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.word_changes import word_changes

_MARK = re.compile(r"\[(\d{1,3})\]")
_FIRST = 0xE000  # a private character stands for a mark while words are compared: it changes as a whole
_HELD = re.compile(r"([\ue000-\uf8ff])")
Clause = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line, or the mark of a source. ``kind``: same, gone or new."""

    kind: str
    text: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause as a reply cites it. ``kind``: same, gone, new, or changed for another text of the clause."""

    kind: str
    citation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One reply beside another (or alone): its lines, its clauses, and what else differs."""

    reply: Mapping[str, Any]
    lines: tuple[tuple[Span, ...], ...]
    cited: tuple[Cited, ...]
    status_differs: bool = False
    verdict_differs: bool = False

    @property
    def outcome(self) -> str:
        return str((self.reply.get("verdict") or {}).get("outcome", ""))


def alone(reply: Mapping[str, Any]) -> Side:
    """A reply with nothing beside it."""
    return beside(reply, reply)[0]


def beside(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Side, Side]:
    """Both replies, each with what the other has not."""
    clauses = {c: chr(_FIRST + n) for n, c in enumerate(dict.fromkeys((*_clauses(before), *_clauses(after))))}
    old, new = _held(before, clauses), _held(after, clauses)
    pieces = [(piece.kind, piece.text) for piece in word_changes(old, new)]
    texts = [{_key(c): c["text"] for c in reply["citations"]} for reply in (before, after)]
    status = before["status"] != after["status"]
    verdict = before.get("verdict") != after.get("verdict")
    sides = []
    for reply, other, own in ((before, texts[1], "gone"), (after, texts[0], "new")):
        numbers = {clauses[_key(c)]: int(c["number"]) for c in reply["citations"]}
        lines = _lines(((k, t) for k, t in pieces if k in ("same", own)), numbers)
        cited = tuple(Cited(_kind(c, other, own), c) for c in reply["citations"])
        sides.append(Side(reply, lines, cited, status, verdict))
    return sides[0], sides[1]


def same(one: Side, other: Side) -> bool:
    """True where both sides say, cite and judge the same."""
    spans = (span.kind for side in (one, other) for line in side.lines for span in line)
    cited = (cited.kind for side in (one, other) for cited in side.cited)
    return not one.status_differs and not one.verdict_differs and set(spans) | set(cited) <= {"same"}


def _key(citation: Mapping[str, Any]) -> Clause:
    return str(citation["document"]), str(citation["section"])


def _clauses(reply: Mapping[str, Any]) -> Iterable[Clause]:
    return (_key(citation) for citation in reply["citations"])


def _held(reply: Mapping[str, Any], clauses: Mapping[Clause, str]) -> str:
    """The answer with a character for each mark, the same for the same clause on both sides."""
    known = {str(c["number"]): clauses[_key(c)] for c in reply["citations"]}
    return _MARK.sub(lambda found: known.get(found[1], found[0]), str(reply["answer"]).strip())


def _kind(citation: Mapping[str, Any], other: Mapping[Clause, str], own: str) -> str:
    if _key(citation) not in other:
        return own
    return "same" if other[_key(citation)] == citation["text"] else "changed"


def _lines(pieces: Iterable[tuple[str, str]], numbers: Mapping[str, int]) -> tuple[tuple[Span, ...], ...]:
    lines: list[list[Span]] = [[]]
    for kind, text in pieces:
        for position, part in enumerate(text.split("\n")):
            if position:
                lines.append([])
            for stretch in filter(None, _HELD.split(part)):
                number = numbers.get(stretch, 0)
                lines[-1].append(Span(kind, "" if number else stretch, number))
    return tuple(tuple(line) for line in lines if any(span.text.strip() or span.number for span in line))
