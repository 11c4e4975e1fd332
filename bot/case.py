"""Whether a question tells of the asker's own case, or asks what the rules are."""

from __future__ import annotations

import re

from knowledge.situation import Situation

from .intent import classify, is_case, sure_from
from .phrases import table

DECISIVE = (
    "first_offence",
    "corrected",
    "harm",
    "fault",
    "suspected_crime",
    "emergency_exploited",
    "mitigations",
)


def tells_of_case(text: str, told: Situation, *, follow_up: bool, topics: tuple[str, ...]) -> bool:
    """True for an own act and its outcome; ``topics`` are those of the turn before.

    A follow-up that tells decisive facts after an answer on exemption applies that answer to a case.
    """
    cues = table("case_cues")
    if any(re.search(pattern, text, re.IGNORECASE) for pattern in cues["rules"]):
        return False
    if told.suspected_crime:
        return True
    facts = [name for name in DECISIVE if name in told.known()]
    intent = classify(text)
    if is_about_procedure(text):
        return False
    outcome = any(re.search(pattern, text, re.IGNORECASE) for pattern in cues["outcome"])
    amounts = set(cues["amounts"]) & set(told.known())
    if is_case(text) and (outcome or facts or amounts or intent.probability >= cues["sure"]):
        return True
    if outcome:
        own = any(re.search(pattern, text, re.IGNORECASE) for pattern in cues["own"])
        return own or len(facts) >= cues["facts"]
    return follow_up and bool(facts) and bool(set(topics) & set(cues["topics"]))


def is_about_procedure(text: str) -> bool:
    """True where the words surely ask how something is done, such as withdrawing an application."""
    intent = classify(text)
    return intent.name in table("case_cues")["procedures"] and intent.probability >= sure_from("act")
