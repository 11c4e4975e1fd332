"""The parts of a document: 题头, 前言, the numbered body, 落款, annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from .document import Line
from .lines import (
    Layout,
    bare,
    is_addressee,
    is_date,
    is_document_number,
    is_issuer,
    is_prose,
    is_tail,
    signature,
    terminated,
)
from .numbering import CHAPTERS, Kind, Marker, annex, opens
from .words import words

_COVER_REACH = 80  # lines in which a covering letter has ended
_TITLE_LINES = 4  # over how many lines a title may be spread
_SIMILAR = 0.86  # how like the announced title the title of the text must be


@dataclass(frozen=True, slots=True)
class Annex:
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of a document by part; ``title`` is the title that a covering letter announces."""

    head: tuple[Line, ...]
    preamble: tuple[Line, ...]
    body: tuple[Line, ...]
    tail: tuple[Line, ...]
    annexes: tuple[Annex, ...]
    title: str = ""


def divide(lines: Sequence[Line], layout: Layout) -> Parts:
    """Finds where each part of a document begins; every line stands in exactly one part."""
    title, covered = _covering_letter(lines)
    covered = max(covered, _contents(lines, covered))
    first = _first_number(lines, covered)
    start = covered + _preamble_start(lines[covered:first], layout)
    body, annexes = _part_annexes(lines[first:])
    end = _tail_start(body)
    if not body:  # nothing is numbered: what follows the title is the text, a signature may end it
        end = start + _tail_start(lines[start:first])
        return Parts(
            tuple(lines[:start]), tuple(lines[start:end]), (), tuple(lines[end:first]), annexes, title
        )
    return Parts(
        tuple(lines[:start]), tuple(lines[start:first]), tuple(body[:end]), tuple(body[end:]), annexes, title
    )


def _covering_letter(lines: Sequence[Line]) -> tuple[str, int]:
    """The title a covering letter announces, and the index after that title's own line below it."""
    reach = lines[:_COVER_REACH]
    joined = "".join(bare(line.text) for line in reach[: _first_number(reach, 0)])
    issue = "|".join(words("issue_words"))
    for found in re.finditer(r"《([^《》]{4,80})》", joined):
        context = joined[max(0, found.start() - 8) : found.end() + 16]
        if not re.search(issue, context):
            continue
        after = _title_end(reach, _line_at(reach, found.end()), found[1])
        if after:
            return found[1], after
    return "", 0


def _line_at(lines: Sequence[Line], offset: int) -> int:
    """The index of the line after the one that holds a character of the joined text."""
    for place, line in enumerate(lines):
        offset -= len(bare(line.text))
        if offset <= 0:
            return place + 1
    return len(lines)


def _title_end(lines: Sequence[Line], start: int, title: str) -> int:
    best, end = _SIMILAR, 0
    for first in range(start, len(lines)):
        text = ""
        for last in range(first, min(first + _TITLE_LINES, len(lines))):
            if is_prose(lines[last].text) or opens(lines[last].text):
                break
            text += bare(lines[last].text)
            likeness = _likeness(text, title)
            if likeness > best:
                best, end = likeness, last + 1
    return end


def _likeness(text: str, title: str) -> float:
    text, title = (re.sub(r"[《》()（）]", "", t) for t in (text, title))
    if min(len(text), len(title)) >= 8 and (text.endswith(title) or title.endswith(text)):
        return 0.9 + 0.1 * min(len(text), len(title)) / max(len(text), len(title))
    if abs(len(text) - len(title)) > 8:
        return 0.0
    return SequenceMatcher(None, text, title, autojunk=False).ratio()


def _contents(lines: Sequence[Line], start: int) -> int:
    """The index after a table of contents (目录), or 0: it ends where its first entry comes again."""
    for place in range(start, min(start + _COVER_REACH, len(lines) - 1)):
        if bare(lines[place].text) not in ("目录", "目次"):
            continue
        entry = _entry(lines[place + 1].text)
        for later in range(place + 2, len(lines)):
            if _entry(lines[later].text) == entry:
                return later
    return 0


def _entry(text: str) -> str:
    return re.sub(r"[.…·\s]*\d*$", "", bare(text))


def _first_number(lines: Sequence[Line], start: int) -> int:
    """The index of the line where the numbered body begins; ``len(lines)`` if nothing is numbered."""
    openers = list(_openers(lines, start))
    strong = (Kind.CHINESE, Kind.ARTICLE, *CHAPTERS)
    firsts = {marker.kind: place for place, marker in reversed(openers) if marker.first}
    found = [firsts[kind] for kind in strong if kind in firsts]
    if found:
        return min(found)
    following: dict[Kind, int] = {}
    excerpt: int | None = None
    for place, marker in reversed(openers):  # an excerpt may begin in the middle
        if marker.kind in strong and (not marker.plain or following.get(marker.kind) == marker.number + 1):
            excerpt = place
        following[marker.kind] = marker.number
    if excerpt is not None:
        return excerpt
    weak = (Kind.CHINESE_BRACKET, Kind.ARABIC, Kind.ARABIC_BRACKET)
    return next((firsts[kind] for kind in weak if kind in firsts), len(lines))


def _openers(lines: Sequence[Line], start: int) -> Iterator[tuple[int, Marker]]:
    """Lines that open with a number, those apart where it belongs to a sentence begun above."""
    before: Line | None = None
    for place in range(start, len(lines)):
        line = lines[place]
        marker = None if line.apart else opens(line.text)
        broken = before is not None and not terminated(before.text) and is_prose(before.text)
        if marker and not (marker.plain and broken) and not marker.cited:
            yield place, marker
        before = line


def _preamble_start(lines: Sequence[Line], layout: Layout) -> int:
    """Where the preamble begins in the lines before the first number: after the last title, name or date."""
    prose: list[bool] = []
    depth = 0
    for place, line in enumerate(lines):
        inside = depth > 0 or line.text.strip().startswith(("（", "("))
        depth = max(0, depth + len(re.findall(r"[（(]", line.text)) - len(re.findall(r"[）)]", line.text)))
        continues = bool(prose and prose[-1]) and layout.joined(lines[place - 1], line)
        prose.append(continues or (not inside and not _is_head(line.text) and _is_running(line.text)))
    start = len(lines)
    while start and prose[start - 1]:
        start -= 1
    if 0 < start < len(lines) and _is_broken_start(lines[start - 1], lines[start], layout):
        start -= 1
    return start


def _is_running(text: str) -> bool:
    return is_prose(text) or bool(re.search(r"(如下|以下)[^。]{0,12}[：:]$", text.strip()))


def _is_head(text: str) -> bool:
    return (
        is_addressee(text)
        or is_date(text)
        or is_document_number(text)
        or is_issuer(text)
        or bool(re.fullmatch(r"[（(].*[）)]", text.strip()))
    )


def _is_broken_start(before: Line, after: Line, layout: Layout) -> bool:
    """True when ``before`` is the first line of the paragraph that goes on in ``after``."""
    text = bare(before.text)
    return (
        not _is_head(before.text)
        and not text.endswith(words("title_endings"))
        and len(text) >= 16
        and text.startswith(("为", "根据", "按照", "依据", "近年", "当前", "经"))
        and layout.joined(before, after)
    )


def _part_annexes(lines: Sequence[Line]) -> tuple[list[Line], tuple[Annex, ...]]:
    heads = [place for place, line in enumerate(lines) if not line.apart and annex(line.text)]
    starts: list[tuple[int, str]] = []
    for place, following in pairwise([*heads, len(lines)]):
        label, rest = annex(lines[place].text) or ("", "")
        block = lines[place + 1 : following]
        if not _is_announcement(rest, block, following < len(lines)):
            starts.append((place, label))
    if not starts:
        return list(lines), ()
    ends = [place for place, _ in starts[1:]] + [len(lines)]
    annexes = tuple(
        Annex(label, tuple(lines[place:end])) for (place, label), end in zip(starts, ends, strict=True)
    )
    return list(lines[: starts[0][0]]), annexes


def _is_announcement(rest: str, block: Sequence[Line], another: bool) -> bool:
    """True when 附件： only lists what is attached, before the signature."""
    if any(len(line.text) > 60 or (is_prose(line.text) and not is_tail(line.text)) for line in block):
        return False
    signed = any(signature(line.text) for line in block)
    return bool(rest) and (signed or another or not block)


def _tail_start(lines: Sequence[Line]) -> int:
    """Where the signature begins: the lines at the end that can stand in no clause."""
    end = len(lines)
    while end > 1:
        text = lines[end - 1].text
        if is_tail(text) or annex(text) or _continues_tail(lines, end - 1):
            end -= 1
        else:
            break
    while end < len(lines) and not (is_tail(lines[end].text) or annex(lines[end].text)):
        end += 1
    return end


def _continues_tail(lines: Sequence[Line], place: int) -> bool:
    """True for a line below 抄送 or 附件 that goes on with its list."""
    text = lines[place].text
    for above in range(place - 1, max(place - 6, 0), -1):
        line = lines[above].text
        if annex(line) and len(text) <= 60 and "。" not in text:
            return True
        if line.strip().startswith(words("tail_openers")) and not opens(text):
            return all(not terminated(lines[k].text) for k in range(above, place))
        if opens(line) and not re.match(r"\s*\d", line):
            return False
    return False
