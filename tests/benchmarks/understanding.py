"""What is understood of a question: intents over folds, facts on the half held out, refusals.

Intents are judged when the classifier is trained (``python -m bot.training DATA``), each question by a
classifier that has seen neither it nor a near-duplicate. Facts are counted on the half of the told cases
that is set aside by a hash of the words; the rules were first written with both halves in sight, so these
figures are hopeful, and whoever mends a rule looks at the other half only. The word patterns of the screen
were written with the utterances in sight: its rows say what is served, not what strangers will find.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bot.detect import ScreenKind, find
from bot.facts import read_facts
from bot.intent import FOLDER
from knowledge.training.material import rows as material_rows
from tests.bot.told import told_cases

from .table import Row, markdown

GOAL_F1 = 0.85
FACTS = (
    "first_offence",
    "corrected",
    "harm",
    "fault",
    "duration_days",
    "amount_yuan",
    "repeat_within_months",
    "suspected_crime",
    "emergency_exploited",
)
MEANT = {"before_discovery": "on_the_spot", "late": None, "negligent": None, "unknown": None}
"""The labels know fewer values than the product: mended unasked counts as at once, late as not told."""
REFUSALS = {"injection", "refuse_privacy", "refuse_fabricate", "abuse"}
REFUSED = {
    ScreenKind.INJECTION,
    ScreenKind.FABRICATE,
    ScreenKind.ACTING,
    ScreenKind.BRIBE,
    ScreenKind.PRIVACY,
    ScreenKind.LAWYER,
    ScreenKind.ABUSE,
}


def rows(data: Path) -> list[Row]:
    """The table of this part; ``data`` is the folder of the training material."""
    return [*_intents(), *_facts(data), *_refusals(data)]


def table(data: Path) -> str:
    return markdown(("what", "figure", "beside"), rows(data))


def is_held_out(text: str) -> bool:
    """True for the half of the told cases that is not looked at while rules are mended."""
    return sha256(text.encode()).digest()[-1] % 2 == 1


def _intents() -> Iterator[Row]:
    measured = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["measured"]
    macro = measured["macro_f1"]
    yield f"intents, {len(measured['intents'])} merged, macro-F1", f"{macro:.3f}", f"goal {GOAL_F1}"
    yield "intents, first choice right", f"{measured['first']:.3f}", f"{measured['among_three']:.3f} in three"
    for name, found in measured["intents"].items():
        beside = f"precision {found['precision']:.2f}, recall {found['recall']:.2f}, {found['asked']} asked"
        yield f"  {name}, F1", f"{found['f1']:.3f}", beside
    for point in measured["curve"][::2]:
        yield (
            f"  surer than {point['from']:.1f}, wrong",
            f"{point['risk']:.3f}",
            f"of {point['coverage']:.3f}",
        )


def _facts(data: Path) -> Iterator[Row]:
    total = [0, 0, 0]
    counts = {fact: [0, 0, 0] for fact in FACTS}
    for text, told in told_cases(data):
        if not is_held_out(text):
            continue
        read = read_facts(text)
        for fact in FACTS:
            wanted, found = _meant(told.get(fact)), _meant(getattr(read, fact))
            if found is False and wanted is None and fact != "first_offence":
                found = None
            agrees = wanted is not None and found == wanted
            added = (agrees, found is not None and not agrees, wanted is not None and not agrees)
            counts[fact] = [a + b for a, b in zip(counts[fact], added, strict=True)]
            total = [a + b for a, b in zip(total, added, strict=True)]
    for name, (right, extra, missed) in [("all, micro", total), *counts.items()]:
        precision, recall = right / max(right + extra, 1), right / max(right + missed, 1)
        yield (
            f"facts held out, {name}",
            f"precision {precision:.3f}",
            f"recall {recall:.3f}, {right + missed} told",
        )


def _refusals(data: Path) -> Iterator[Row]:
    utterances = list(material_rows(data / "utterances.jsonl"))
    refused = {
        id(row): (found := find(row["text"])) is not None and found.kind in REFUSED for row in utterances
    }
    for intent in sorted(REFUSALS):
        asked = [row for row in utterances if row["intent"] == intent]
        yield (
            f"screen, patterns seen: {intent} refused",
            f"{sum(refused[id(r)] for r in asked)}",
            f"of {len(asked)}",
        )
    honest = [row for row in utterances if row["intent"] not in REFUSALS]
    wrongly = sum(refused[id(row)] for row in honest)
    yield "screen, patterns seen: honest questions refused", f"{wrongly}", f"of {len(honest)}"
    heads = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["measured"]["heads"]
    for intent in sorted(REFUSALS):
        found = heads[intent]
        yield (
            f"classifier over folds: {intent} found",
            f"{found['recall']:.3f}",
            f"{found['taken_of_others']:.5f} of lawful ones taken",
        )


def _meant(value: object) -> object:
    plain = getattr(value, "value", value)
    return MEANT.get(plain, plain) if isinstance(plain, str) else plain
