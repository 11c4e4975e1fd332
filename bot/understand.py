"""Step 2: language, place, topic, facts, and what a follow-up refers to."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.region import ancestors, mentioned
from knowledge.situation import Situation

from .articles import articles_mentioned
from .asides import SENTENCE, SetApart, set_apart
from .case import is_about_procedure, tells_of_case
from .facts import asks_anew, read_facts, tidy
from .intent import classify
from .language import language_of
from .memory import Memory, merge
from .phrases import table
from .sectors import sectors
from .turn import Turn
from .uptake import take_up

_PLACE = 20
"""Letters of a reply that only names a place."""


def understand(turn: Turn) -> None:
    """Fills in everything about the question that does not need a search."""
    turn.language = language_of(turn.text)
    _take_up_answer(turn)
    intent = classify(turn.text)
    turn.intent, turn.confidence = intent.name, intent.probability
    turn.follow_up = _follows_up(turn)
    _place(turn)
    turn.articles = articles_mentioned(turn.text, turn.knowledge, turn.question.on)
    _recognise_case(turn)
    turn.parts = _parts(turn)


def _take_up_answer(turn: Turn) -> None:
    """What answers the questions asked back continues the turn before with what it tells."""
    before = turn.memory
    asked = tuple(fact for fact in before.asked if fact != "region")
    told = take_up(asked, turn.text, turn.question.on) if asked else None
    if told is not None:
        turn.situation, turn.case = merge(before.situation, told), True
    elif "region" in before.asked and _names_a_place(turn, alone=not asked):
        turn.text, turn.case = f"{before.question} {turn.text}", before.case
        turn.situation = before.situation
        turn.apart = _apart(before.question) if before.case else None
    else:
        _take_back(turn)


def _take_back(turn: Turn) -> None:
    """What the last reply took for granted is told to be otherwise; a mere yes or no says neither."""
    told = read_facts(turn.text, turn.question.on)
    if set(turn.memory.presumed) & set(told.known()) and not asks_anew(tidy(turn.text)):
        turn.situation, turn.case = merge(turn.memory.situation, told), True


def _names_a_place(turn: Turn, *, alone: bool) -> bool:
    """A place said shortly; where facts were asked for as well, a question of its own stays one."""
    if len(turn.text) > _PLACE or (not alone and asks_anew(tidy(turn.text))):
        return False
    return bool(mentioned(turn.text, covered=turn.knowledge.regions()))


def _follows_up(turn: Turn) -> bool:
    """True when the words lean on the turn before: an opening such as 那, a pointer, or very few words."""
    if not turn.memory.turns:
        return False
    cues = table("follow_up")[turn.language]
    text = turn.text.lower()
    if any(text.startswith(cue) for cue in cues["openings"]) or any(cue in text for cue in cues["pointers"]):
        return True
    return len(turn.text) <= cues["short"] or turn.case


def _place(turn: Turn) -> None:
    covered = turn.knowledge.regions()
    turn.named = _most_specific(mentioned(_POSSESSIVE.sub("", turn.text), covered=covered))
    turn.compare = _compares(turn)
    if turn.compare and len(turn.named) < 2:
        local = tuple(r for r in covered if r != "全国" and turn.knowledge.programme(r, turn.question.on))
        turn.regions = tuple(dict.fromkeys((*turn.named, *local)))
        return
    chosen = turn.named or _one(turn.question.region) or _one(turn.memory.region)
    turn.regions = tuple(r for r in chosen if r != "全国")
    turn.uncovered = tuple(r for r in turn.regions if not _covers(covered, r))


def _most_specific(regions: tuple[str, ...]) -> tuple[str, ...]:
    """A district and its own city are one place, the district."""
    return tuple(r for r in regions if not any(other.startswith(r + "/") for other in regions))


def _one(region: str | None) -> tuple[str, ...]:
    return (region,) if region else ()


def _covers(covered: tuple[str, ...], region: str) -> bool:
    return any(a in covered for a in ancestors(region) if a != "全国")


def _compares(turn: Turn) -> bool:
    cues = table("follow_up")[turn.language]
    text = turn.text.lower()
    if len(turn.named) >= 2:
        return True
    return any(cue in text for cue in cues["everywhere"]) and any(cue in text for cue in cues["compare"])


def _recognise_case(turn: Turn) -> None:
    """A case is the asker's own act; what earlier turns told of it is kept."""
    now = merge(read_facts(turn.text, turn.question.on), Situation(sectors=sectors(turn.text)))
    if turn.case:
        turn.situation = merge(turn.situation, Situation(sectors=now.sectors))
        turn.story = turn.memory.story or turn.memory.question
        return
    if turn.memory.case and turn.follow_up and _keeps_to_case(turn, now):
        turn.story = f"{turn.memory.story} {turn.text}"
        told = merge(turn.memory.situation, now)  # what happened may be told after what somebody runs
        turn.case, turn.situation = True, replace(told, sectors=sectors(turn.story) or told.sectors)
        return
    if not turn.compare and _case_beside_a_question(turn):
        return
    turn.case = not turn.compare and tells_of_case(
        turn.text, now, follow_up=turn.follow_up, topics=turn.memory.topics
    )
    if turn.case:
        turn.situation, turn.story = now, turn.text


def _case_beside_a_question(turn: Turn) -> bool:
    """Takes the case by itself where the message also asks about a procedure."""
    apart = _apart(turn.text)
    if apart is None:
        return False
    told = read_facts(apart.story, turn.question.on)
    if not tells_of_case(apart.story, told, follow_up=False, topics=()):
        return False
    turn.case, turn.apart, turn.story = True, apart, apart.story
    turn.situation = merge(told, Situation(sectors=sectors(apart.story)))
    return True


def _apart(text: str) -> SetApart | None:
    apart = set_apart(text)
    return apart if apart.before or apart.after else None


def _keeps_to_case(turn: Turn, now: Situation) -> bool:
    if asks_anew(tidy(turn.text)) and is_about_procedure(turn.text):
        return False
    told = set(now.known()) - {"sectors"}
    return bool(told) or turn.intent in table("intents")["case"]


_POSSESSIVE = re.compile(r"['’]s\b")


def _parts(turn: Turn) -> tuple[str, ...]:
    """The separate questions in one message, at most three; a story stays whole."""
    if turn.apart:
        return (turn.apart.story,)
    if turn.case or turn.compare or len(turn.text) > 200:
        return (turn.text,)
    pieces = [p.strip(" ，,") for p in SENTENCE.split(turn.text) if p.strip(" ，,")]
    asking = [p for p in pieces if len(p) >= 5 and _asks(p, turn.language)]
    if len(asking) < 2 or len(asking) != len(pieces):
        return (turn.text,)
    return tuple(asking[:3])


def _asks(piece: str, language: str) -> bool:
    return piece[-1] in "?？" or any(cue in piece.lower() for cue in table("follow_up")[language]["asking"])


def remembered(turn: Turn, asked: tuple[str, ...] = (), presumed: tuple[str, ...] = ()) -> Memory:
    """What the next turn may need of this one, and what this one ``asked`` and ``presumed``."""
    refs = tuple(h.ref for e in turn.evidence for h in e.hits[:2])[:4]
    named = [e.topic for e in turn.evidence if e.topic]
    carried = [topic for e in turn.evidence for h in e.hits[:1] for topic in h.topics]
    topics = tuple(dict.fromkeys((*named, *carried)))
    return Memory(
        question=turn.text[:300],
        region=turn.region or (turn.memory.region if turn.follow_up else None),
        topics=topics,
        refs=refs,
        case=turn.case,
        story=turn.story[:600],
        situation=turn.situation,
        asked=asked,
        presumed=presumed,
        item=turn.verdict.item.ref if turn.verdict and turn.verdict.item else None,
        turns=turn.memory.turns + 1,
    )
