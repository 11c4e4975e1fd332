"""Finding the list item that a story is about, or that none is: what training measured, and the time taken.

The stories are read in training only (``python -m knowledge.training DATA --items LISTS``), each by weights
fitted without it; nothing here fits or reads a story.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

from knowledge.library import Knowledge

from .answering import DOCS, starter_knowledge
from .retrieval import ON

MEASURED = Path(__file__).parents[2] / "knowledge" / "training" / "items.json"
HEADING = "## The list item of a story"
SETTINGS = {
    "stories": "items known with other stories",
    "lists": "lists just brought in, no story known",
}
GOALS = {"top-1": 0.85, "top-3": 0.95, "silent": 0.90}
COLUMNS = ("top-1", "top-3", "MRR", "silent", "found", "found among 3", "right")
TOLD = (
    "店门口的消防栓被货挡住了，当场就挪开了",
    "忘了报税，专管员打电话以后第二天补上了",
    "价签掉了没补，市监来的时候当面写上了",
)
ROUNDS = 30


def rows() -> list[tuple[str, ...]]:
    """One row a setting: order, then what the bar gives; after it one row a point of the curve."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    table = []
    for name, title in SETTINGS.items():
        figures = measured[name]
        table.append((title, *(f"{figures[c]:.3f}" for c in COLUMNS)))
        for point in figures["curve"]:
            shown = (f"{point[c]:.3f}" if c in point else "" for c in COLUMNS)
            table.append((f"– bar {point['bar']:.2f}", *shown))
    return table


def milliseconds(knowledge: Knowledge) -> float:
    """The median time of one search for items, everything read."""
    taken = []
    for n in range(ROUNDS):
        started = time.perf_counter()
        knowledge.search_items(f"{TOLD[n % len(TOLD)]}，第{n}回", region=None, on=ON)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[len(TOLD) :])


def section() -> str:
    """The part of docs/retrieval.md on items."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))["stories"]
    with tempfile.TemporaryDirectory() as folder:
        taken = milliseconds(starter_knowledge(Path(folder)))
    goals = ", ".join(f"{name} ≥ {goal:.2f}" for name, goal in GOALS.items())
    return "\n".join(
        [
            HEADING,
            "",
            f"{measured['fitting']} stories that an item fits and {measured['none fits']} that none does, "
            "put to all lists at hand. The region is the one heard in the story; where none is heard, the "
            "items of every region compete. Ways of asking, embedding and weights have not seen the part "
            "measured: a fifth of the stories, or of the lists. Silent: of the stories that no item fits, "
            "those that are offered none. Found: of the others, those that are offered their item first. "
            "Right: of all offers, those whose first item is right. The bar that serves is the one of the "
            "first row of the second group; each bar is read off the stories it is shown for. "
            f"Goals: {goals}. One search takes {taken:.1f} ms on the starter knowledge.",
            "",
            "| setting | " + " | ".join(COLUMNS) + " |",
            "|---" * (len(COLUMNS) + 1) + "|",
            *("| " + " | ".join(row) + " |" for row in rows()),
            "",
        ]
    )


def main() -> None:
    """Prints the part and puts it at the end of docs/retrieval.md."""
    text = section()
    print(text)
    file = DOCS / "retrieval.md"
    before = file.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
    file.write_text(f"{before}\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
