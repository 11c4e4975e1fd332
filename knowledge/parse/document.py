"""What reading a file yields: clauses, and an account of everything that is in none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..clause import Clause
from ..edition import InstrumentKind


class Reason(StrEnum):
    """Why a piece of the source belongs to no clause."""

    NAVIGATION = "网页导航"
    PAGE_NUMBER = "页码"
    PAGE_MARGIN = "页眉页脚"
    MARKUP = "排版标记"
    HIDDEN = "隐藏内容"
    DELETED = "修订中已删除"
    NOTE = "脚注或批注"
    INVISIBLE = "不可见字符"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source.

    ``apart`` marks text that never continues its neighbours nor opens a clause (a table row);
    ``joins`` tells what the layout shows: True continues the line before, False starts a paragraph,
    None where the format does not say.
    """

    number: int
    text: str
    apart: bool = False
    joins: bool | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of the source that belongs to no clause: where it stood, what it is, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text as lines, before any of it is understood.

    ``pages`` holds, where the file has pages, the number of the line with which each begins.
    """

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document in clauses.

    Every visible character of the source stands in exactly one clause's own text or in ``left_out``.
    ``title``, ``document_number``, ``issuer`` and ``issued_on`` are what the text says of itself;
    empty or None where it does not say.
    """

    title: str
    document_number: str
    issuer: str
    issued_on: date | None
    kind: InstrumentKind
    clauses: tuple[Clause, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
