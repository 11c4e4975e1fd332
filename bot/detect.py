"""Detectors of what is not answered as a question: refusals, abuse, small talk, nothing at all. All pure.

Word patterns decide; the trained classifier adds what patterns do not know, and only where it is surer than
the threshold at which hardly one lawful question in a thousand would be turned away.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .clean import clean
from .cues import Clause, load_cues
from .intent import risk
from .story import plain


class ScreenKind(StrEnum):
    """What the screen found; refusals come first."""

    NOTHING_ASKED = "nothing_asked"
    INJECTION = "injection"
    FABRICATE = "fabricate"
    ACTING = "acting"
    BRIBE = "bribe"
    PRIVACY = "privacy"
    LAWYER = "lawyer"
    ABUSE = "abuse"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class ScreenFinding:
    """One finding; ``probability`` is 1.0 where a word pattern decided."""

    kind: ScreenKind
    probability: float = 1.0


_INTENT = {
    ScreenKind.INJECTION: "injection",
    ScreenKind.FABRICATE: "refuse_fabricate",
    ScreenKind.PRIVACY: "refuse_privacy",
    ScreenKind.ABUSE: "abuse",
    ScreenKind.GREETING: "smalltalk_greeting",
    ScreenKind.THANKS: "smalltalk_thanks",
    ScreenKind.IDENTITY: "smalltalk_identity",
}
_SMALL_TALK = (ScreenKind.GOODBYE, ScreenKind.THANKS, ScreenKind.GREETING, ScreenKind.IDENTITY)
_SIGNS = re.compile(r"[^\w\u3400-\u9fff]+")
_LONGEST_SMALL_TALK = 24


def find(text: str) -> ScreenFinding | None:
    """The surest finding that settles ``text``, the gravest of equals; None where it is to be answered."""
    if clean(text).is_empty:
        return ScreenFinding(ScreenKind.NOTHING_ASKED)
    found = [finding for detector in _DETECTORS if (finding := detector(text))]
    return max(found, key=lambda finding: finding.probability, default=None)


def looks_like_injection(text: str) -> ScreenFinding | None:
    """Words aimed at the assistant itself: new rules, hidden texts, another role, dictated answers."""
    return _finding(ScreenKind.INJECTION, text)


def asks_to_fabricate(text: str) -> ScreenFinding | None:
    """A forged paper, seal, date or story, or an official promise that nobody may give here."""
    return _finding(ScreenKind.FABRICATE, text)


def acts_for_another_without_authority(text: str) -> ScreenFinding | None:
    """Handling another's application in that person's name."""
    return _finding(ScreenKind.ACTING, text)


def offers_a_bribe(text: str) -> ScreenFinding | None:
    """Gifts, favours or payments to an officer."""
    return _finding(ScreenKind.BRIBE, text)


def asks_for_others_data(text: str) -> ScreenFinding | None:
    """Another's data, record or application."""
    return _finding(ScreenKind.PRIVACY, text)


def wants_a_lawyer(text: str) -> ScreenFinding | None:
    """Drafting a claim, representing, or a promise to win."""
    return _finding(ScreenKind.LAWYER, text)


def is_abuse(text: str) -> ScreenFinding | None:
    """Abuse without a question in it; a swearing asker with a question gets the answer."""
    if _told("asking", text) and len(text) > 6:
        return None
    return _finding(ScreenKind.ABUSE, text)


def small_talk(text: str) -> ScreenFinding | None:
    """A greeting, thanks, a goodbye or a question about the assistant, and nothing else."""
    words = _SIGNS.sub("", text)
    if not 0 < len(words) <= _LONGEST_SMALL_TALK or any(_told(name, text) for name in ("domain", "person")):
        return None
    said = (words, _SIGNS.sub(" ", text).strip())
    for kind in _SMALL_TALK:
        if any(_told(kind.value, part, whole=True) for part in said):
            return ScreenFinding(kind)
    return next((finding for kind in _SMALL_TALK if (finding := _trained(kind, text))), None)


def _finding(kind: ScreenKind, text: str) -> ScreenFinding | None:
    return ScreenFinding(kind) if _told(kind.value, text) else _trained(kind, text)


def _trained(kind: ScreenKind, text: str) -> ScreenFinding | None:
    intent = _INTENT.get(kind)
    if intent is None:
        return None
    probability = risk(text, intent)
    return ScreenFinding(kind, probability) if probability else None


def is_of_the_field(text: str) -> bool:
    """True when the words are of this field at all: penalties, enforcement, applications, documents."""
    return _told("domain", text)


def _told(name: str, text: str, *, whole: bool = False) -> bool:
    book = load_cues("screening")
    story = book.rewritten(plain(text))
    clauses = (Clause(story, 0),) if whole else book.clauses(story) or (Clause(story, 0),)
    found = book.read(name, story, clauses)
    return bool(found and found.value)


_DETECTORS: tuple[Callable[[str], ScreenFinding | None], ...] = (
    looks_like_injection,
    asks_to_fabricate,
    acts_for_another_without_authority,
    offers_a_bribe,
    asks_for_others_data,
    wants_a_lawyer,
    is_abuse,
    small_talk,
)
