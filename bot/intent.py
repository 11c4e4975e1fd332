"""What an asker wants: a small trained classifier, served with numpy alone.

One softmax ranks the intents. Those that would turn somebody away (refusals, out of scope, small talk) count
only where their own head is surer than its threshold, chosen so that lawful questions pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.situation import Situation

from .cues import WORDING, Clause, load_cues
from .features import features
from .story import plain, read_facts

FOLDER = Path(__file__).parent / "intents"
CASE = "eligibility"
OUT_OF_SCOPE = "out_of_scope"
OUTSIDE_BY_WORDS = 0.9
RANKED = 5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Intent:
    """``probability`` is calibrated; ``ranked`` holds the likeliest intents with theirs."""

    name: str
    probability: float
    ranked: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class _Classifier:
    intents: tuple[str, ...]
    heads: tuple[str, ...]
    thresholds: dict[str, float]
    sure: dict[str, float]
    temperature: float
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    idf: Floats

    def scores(self, text: str) -> Floats:
        found, times = features(text)
        values = ((1 + np.log(times)) * self.idf[found]).astype(np.float32)
        values /= max(float(np.sqrt(values @ values)), 1e-9)
        return np.asarray((values @ self.weights[found]) * self.scale + self.bias, np.float32)


@lru_cache(maxsize=1)
def _classifier() -> _Classifier:
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    with np.load(FOLDER / "weights.npz") as stored:
        return _Classifier(
            tuple(labels["intents"]),
            tuple(labels["heads"]),
            labels["thresholds"],
            labels["sure"],
            labels["temperature"],
            stored["weights"],
            stored["scale"],
            stored["bias"],
            stored["idf"].astype(np.float32),
        )


@lru_cache(maxsize=256)
def _judged(text: str) -> tuple[tuple[tuple[str, float], ...], dict[str, float]]:
    """Intents by probability, and the probability of each head."""
    model = _classifier()
    scores = model.scores(text)
    ranks = scores[: len(model.intents)] / model.temperature
    powers = np.exp(ranks - ranks.max())
    shares = powers / powers.sum()
    ranked = sorted(zip(model.intents, map(float, shares), strict=True), key=lambda pair: -pair[1])
    heads = 1 / (1 + np.exp(-scores[len(model.intents) :]))
    return tuple(ranked), dict(zip(model.heads, map(float, heads), strict=True))


def classify(text: str, embed: Callable[[list[str]], Floats] | None = None) -> Intent:
    """The intent of ``text``. ``embed`` is accepted for a later classifier and not used by this one."""
    del embed
    model = _classifier()
    ranked, heads = _judged(text)
    if is_outside(text):
        return Intent(OUT_OF_SCOPE, OUTSIDE_BY_WORDS, ranked[:RANKED])
    kept = [(name, share) for name, share in ranked if _may_be(name, heads, model.thresholds)]
    name, share = kept[0]
    return Intent(name, max(share, heads.get(name, 0.0)), tuple(kept[:RANKED]))


def _may_be(name: str, heads: dict[str, float], thresholds: dict[str, float]) -> bool:
    return name == CASE or name not in thresholds or heads[name] >= thresholds[name]


def risk(text: str, intent: str) -> float:
    """The probability of an intent that turns people away, where it passes its threshold; else 0."""
    probability = _judged(text)[1].get(intent, 0.0)
    return probability if probability >= _classifier().thresholds.get(intent, 1.0) else 0.0


def sure_from(use: str) -> float:
    """The probability from which the first choice may lead to an ``act``, or to an ``ask`` back.

    Both were read off the curve of risk and coverage when the classifier was trained.
    """
    return _classifier().sure[use]


def is_outside(text: str) -> bool:
    """True when the words name a matter of daily life that no rule here touches: weather, divorce."""
    book = load_cues("screening")
    story = plain(text)
    return book.read("outside", story, (Clause(story, 0),)) is not None


@dataclass(frozen=True)
class _CasePolicy:
    """A text tells of a case: surely, or likely and with facts, or by asking for leniency for oneself."""

    sure: float
    likely: float
    leaning: float
    facts: int
    rules: re.Pattern[str]
    own: re.Pattern[str]
    leniency: re.Pattern[str]


@lru_cache(maxsize=1)
def _case_policy() -> _CasePolicy:
    raw = json.loads((WORDING / "case.json").read_text(encoding="utf-8"))
    rules, own, leniency = (re.compile(raw[name]) for name in ("rules", "own", "leniency"))
    return _CasePolicy(raw["sure"], raw["likely"], raw["leaning"], raw["facts"], rules, own, leniency)


def is_case(text: str) -> bool:
    """True when the text tells of one's own act, false when it asks what the rules are."""
    policy, story = _case_policy(), plain(text)
    if policy.rules.search(story):
        return False
    ranked, heads = _judged(text)
    if heads[CASE] >= policy.sure:
        return True
    leaning = dict(ranked)[CASE]
    if policy.own.search(story) and policy.leniency.search(story) and leaning >= policy.leaning:
        return True
    return heads[CASE] >= policy.likely and _facts_told(read_facts(text)) >= policy.facts


def _facts_told(situation: Situation) -> int:
    """How many of the facts that decide a case are told."""
    decisive = ("first_offence", "corrected", "harm", "fault", "suspected_crime", "emergency_exploited")
    return sum(name in decisive for name in situation.known())


def departments(text: str) -> tuple[str, ...]:
    """Names of the departments that ``text`` speaks of, by their everyday names: 城管, 市监, 应急."""
    story = plain(text)
    table: dict[str, list[str]] = json.loads((WORDING / "departments.json").read_text(encoding="utf-8"))
    return tuple(name for name, words in table.items() if any(word in story for word in words))
