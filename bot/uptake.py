"""What a message answers of all that the last reply asked back: in any order, several at once.

A piece that names its fact answers that one; a sum, a stretch of time or a day answers the fact told in
such; a mere yes or no answers what it can only be about. What stays doubtful is asked again, not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from knowledge.situation import Situation

from .facts import (
    UNKNOWN,
    FactValue,
    answer_fact,
    asks_anew,
    doubts,
    measured,
    named_value,
    read_facts,
    replies,
    tidy,
    yes_or_no,
)
from .memory import merge
from .phrases import table


def take_up(asked: tuple[str, ...], text: str, on: date | None = None) -> Situation | None:
    """What ``text`` tells as a reply to the facts ``asked``; None where it is no reply to any of them.

    An empty situation is a reply too: the asker does not know. ``on`` is the day of asking.
    """
    reply = tidy(text)
    chosen = _chosen(asked, reply)
    if chosen is None and (not reply or asks_anew(reply)):
        return None
    if chosen is not None or len(asked) == 1:
        fact = chosen or asked[0]
        value = answer_fact(fact, text, on)
        return None if value is None else _with(read_facts(text, on), {fact: value})
    if len(reply) > replies()["longest_of_several"]:
        return None
    return _several(asked, text, on)


def _chosen(asked: tuple[str, ...], reply: str) -> str | None:
    """The first fact asked for of which the reply is one of the choices offered."""
    wordings = table("facts_asked")
    for fact in asked:
        offered = [c for language in wordings.get(fact, {}).values() for c in language["choices"]]
        if reply in (tidy(choice) for choice in offered):
            return fact
    return None


@dataclass(slots=True)
class _Heard:
    """The pieces of a reply, by the fact each names; ``bare`` are the places of a mere yes or no."""

    pieces: list[str]
    values: dict[str, FactValue] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    bare: list[int] = field(default_factory=list)
    doubted: bool = False

    def take(self, place: int, fact: str, value: FactValue) -> None:
        self.places[place] = fact
        self.values[fact] = value


def _several(asked: tuple[str, ...], text: str, on: date | None) -> Situation | None:
    numbered = re.search(replies()["numbered"], plain_lines(text)) is not None
    heard = _Heard(_pieces(text))
    whole = read_facts(text, on)
    _name(heard, asked)
    _measure(heard, asked, on)
    _match_bare(heard, tuple(f for f in asked if f not in whole.known()), asked, numbered)
    if not heard.values and not heard.doubted and not heard.bare and not set(asked) & set(whole.known()):
        return None
    return _with(whole, heard.values)


def plain_lines(text: str) -> str:
    """The reply with its line breaks kept as breaks between answers."""
    return tidy(text.replace("\n", "；"))


def _pieces(text: str) -> list[str]:
    words = replies()
    lines = re.sub(words["numbered"], "；", plain_lines(text))
    return [piece for part in re.split(words["between_answers"], lines) if part and (piece := tidy(part))]


def _name(heard: _Heard, asked: tuple[str, ...]) -> None:
    """First the pieces that name one fact, then those that could be about two."""
    named = {
        place: [fact for fact in asked if named_value(fact, piece) is not None]
        for place, piece in enumerate(heard.pieces)
    }
    for place, facts in sorted(named.items(), key=lambda entry: len(entry[1])):
        left = [fact for fact in facts if fact not in heard.values] or facts
        if left:
            mine = [heard.pieces[p] for p, fact in heard.places.items() if fact == left[0]]
            heard.take(place, left[0], named_value(left[0], "，".join((*mine, heard.pieces[place]))))


def _measure(heard: _Heard, asked: tuple[str, ...], on: date | None) -> None:
    for place, piece in enumerate(heard.pieces):
        if place in heard.places:
            continue
        if yes_or_no(piece) is not None:
            heard.bare.append(place)
            continue
        told = ((fact, measured(fact, piece, on)) for fact in asked if fact not in heard.values)
        found = next((pair for pair in told if pair[1] is not None), None)
        if found:
            heard.take(place, *found)
        elif doubts(piece):
            heard.doubted = True


def _match_bare(heard: _Heard, unread: tuple[str, ...], asked: tuple[str, ...], numbered: bool) -> None:
    """A yes or no alone answers the first question; in a row with the rest, the one in its place;
    at the end, the only one left open. Before other words it only stresses them."""
    left = [fact for fact in unread if fact not in heard.values]
    if len(heard.pieces) == 1:
        pairs = [(place, asked[0]) for place in heard.bare]
    elif _in_their_places(heard, asked) and (numbered or len(asked) > 2 or not heard.places):
        pairs = [(place, asked[place]) for place in heard.bare]
    elif len(left) == 1 and heard.bare[-1:] == [len(heard.pieces) - 1]:
        pairs = [(heard.bare[-1], left[0])]
    else:
        return
    for place, fact in pairs:
        value = answer_fact(fact, heard.pieces[place])
        if value is not None:
            heard.take(place, fact, value)


def _in_their_places(heard: _Heard, asked: tuple[str, ...]) -> bool:
    return len(heard.pieces) == len(asked) and all(asked[p] == f for p, f in heard.places.items())


def _with(told: Situation, values: dict[str, FactValue]) -> Situation:
    """``told`` with the values of the reply, which outweigh what was read in passing."""
    known = {fact: value for fact, value in values.items() if value != UNKNOWN}
    conditions = tuple((f.removeprefix("told:"), bool(v)) for f, v in known.items() if f.startswith("told:"))
    plain = {fact: value for fact, value in known.items() if not fact.startswith("told:")}
    return merge(told, Situation(told=conditions, **plain))  # type: ignore[arg-type]
