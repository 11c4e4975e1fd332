"""Condition texts of a list to typed conditions.

A text is cut at its own joints (；, numbering, any-of and all-of lead-ins, 且, 或), and each phrase
is typed as a whole or not at all. What cannot be typed stays text for an officer to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from ..exemption import Condition, ListItem
from ..predicate import AllOf, AnyOf, Appraisal, Appraised, Predicate, leaves
from .dates import with_remark
from .first_offence import defined, definition
from .list_words import pattern
from .meanings import meaning_of, table

_GLOSS = re.compile(r"[（(][^（）()]*[）)]")
_LONGEST = 200
_OR = "或者"
_ENDS = " \t\u3000，,。；;：:、"


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """The conditions of one item in their order; an any-of group is one condition."""
    lead = _start("all_of").match(text.strip())
    if lead:
        text = text.strip()[lead.end() :] or text
    segments = _segments(text)
    if any(segment.startswith(_OR) for segment in segments[1:]):
        return (Condition("；".join(segments), _alternatives(_either(segments))),)
    conditions: list[Condition] = []
    for n, segment in enumerate(segments):
        marker = _start("any_of").match(segment)
        if not marker:
            conditions.append(Condition(segment, parse_condition(segment)))
            continue
        rest = segment[marker.end() :]
        alternatives = rest.split("／") if "／" in rest else [rest, *segments[n + 1 :]]
        last = n + 1 if "／" in rest else len(segments)
        conditions.append(Condition("；".join(segments[n:last]), _alternatives(alternatives)))
        if last > n + 1:
            break
    return tuple(conditions)


def _either(segments: Sequence[str]) -> list[str]:
    """The alternatives of a text in which a phrase begins with 或者: what goes before it together is one."""
    groups: list[list[str]] = [[]]
    for segment in segments:
        if segment.startswith(_OR) and groups[-1]:
            groups.append([])
        groups[-1].append(segment.removeprefix(_OR).lstrip(_ENDS))
    return ["且".join(group) for group in groups]


def parse_condition(text: str) -> Predicate | None:
    """What one printed condition means; None where no part of it can be typed."""
    phrase = _bare(text)
    found = _phrase(phrase) if phrase else _phrase(text.strip("（）()" + _ENDS))
    if found is None or not is_typed(found):
        return None
    for remark in _GLOSS.findall(text) if phrase else ():
        found = with_remark(found, remark)
        if pattern("history").search(remark) and (own := definition(remark)) is not None:
            found = defined(found, own)
    return found


def is_typed(predicate: Predicate) -> bool:
    """True where at least one part means something more than its own text."""
    return any(not _is_text(leaf) for leaf in leaves(predicate))


def _is_text(leaf: Predicate) -> bool:
    return isinstance(leaf, Appraised) and leaf.about is Appraisal.TEXT


def typed_share(items: Iterable[ListItem]) -> tuple[float, float]:
    """The share of conditions typed at all, and of those typed in every part."""
    conditions = [c for item in items for c in item.conditions]
    typed = [c.predicate for c in conditions if c.predicate is not None]
    whole = [p for p in typed if not any(_is_text(leaf) for leaf in leaves(p))]
    total = len(conditions) or 1
    return len(typed) / total, len(whole) / total


@cache
def _start(name: str) -> re.Pattern[str]:
    return re.compile(table()[name])


def _segments(text: str) -> list[str]:
    """The text cut at semicolons, line ends and numbering that stand outside brackets."""
    marked = pattern("numbering").sub("；", text.replace("\r", "\n"))
    parts = (part.strip(_ENDS) for part in _outside_brackets(marked, "；;\n"))
    return [part for part in parts if re.search(r"\w", part)]


def _outside_brackets(text: str, signs: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for n, sign in enumerate(text):
        depth += (sign in "（(《“") - (sign in "）)》”")
        if sign in signs and depth <= 0:
            parts.append(text[start:n])
            start = n + 1
    return [*parts, text[start:]]


def _bare(text: str) -> str:
    """The text without its bracketed remarks, lead-ins and closing signs."""
    bare = _GLOSS.sub("", text)
    marker = _start("all_of").match(bare)
    return (bare[marker.end() :] if marker else bare).strip(_ENDS)


def _phrase(phrase: str) -> Predicate | None:
    """Whole first; then at its joints; then without a lead-in word."""
    phrase = phrase.strip(_ENDS)
    if len(phrase) > _LONGEST:
        return None
    found = meaning_of(phrase) or _at_joints(phrase)
    if found is not None:
        return found
    lead = _start("lead").match(phrase)
    return _phrase(phrase[lead.end() :]) if lead else None


def _at_joints(phrase: str) -> Predicate | None:
    """Cut at ，或 first, then at what joins conditions, then at 、, then at 或."""
    parts = re.split(r"[，,]或者?", phrase)
    if len(parts) > 1:
        return _alternatives(parts)
    for joint in (r"[，,]", r"并且|而且|且|并(?!未|不)"):
        parts = [p for p in re.split(joint, phrase) if p.strip(_ENDS)]
        if len(parts) > 1 and (found := _together(parts)) is not None:
            return found
    if (found := _listed(phrase)) is not None:
        return found
    parts = re.split(r"或者|或", phrase)
    return _one_of(parts) if len(parts) > 1 else None


def _together(parts: Sequence[str]) -> Predicate | None:
    meanings = [_phrase(part) for part in parts]
    if all(m is None for m in meanings):
        return None
    known = [m or Appraised(Appraisal.TEXT, p) for m, p in zip(meanings, parts, strict=True)]
    return _joined(AllOf, known)


def _joined(kind: type[AllOf] | type[AnyOf], parts: Iterable[Predicate]) -> Predicate:
    """The parts joined, each once; a single part stands for itself."""
    different = tuple(dict.fromkeys(parts))
    return kind(different) if len(different) > 1 else different[0]


def _one_of(parts: Sequence[str]) -> Predicate | None:
    """Alternatives, if every one of them can be typed."""
    meanings = [m for part in parts if (m := _phrase(part)) is not None]
    return _joined(AnyOf, meanings) if len(meanings) == len(parts) else None


def _listed(phrase: str) -> Predicate | None:
    """甲、乙、丙等情形 are alternatives; 甲、乙 otherwise hold together."""
    open_list = re.sub(r"等(?:情形|情况)(?:的|之一)?$", "", phrase)
    parts = [p for p in open_list.split("、") if p.strip(_ENDS)]
    if len(parts) < 2:
        return None
    if open_list != phrase:
        return _one_of(parts)
    merged = _merged(parts)
    return _together(merged) if len(merged) > 1 else None


def _merged(parts: Sequence[str]) -> list[str]:
    """A bare noun belongs to the part after it (卷烟、雪茄烟不超过3条)."""
    merged: list[str] = []
    held = ""
    for part in parts:
        held = f"{held}、{part}" if held else part
        if _phrase(part) is not None:
            merged.append(held)
            held = ""
    return [*merged, held] if held else merged


def _alternatives(texts: Sequence[str]) -> Predicate | None:
    """One predicate for an any-of group; an alternative that cannot be typed is the officer's."""
    bare = [_bare(t) for t in texts if _bare(t)]
    found = _joined(
        AnyOf, (_phrase(re.sub(r"^(?:或者|或)", "", b)) or Appraised(Appraisal.TEXT, b) for b in bare)
    )
    return found if is_typed(found) else None
