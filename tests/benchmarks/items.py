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

from .answering import starter_knowledge
from .asked import ON
from .table import Row, markdown

MEASURED = Path(__file__).parents[2] / "knowledge" / "training" / "items.json"
SETTINGS = {
    "stories": "items known with other stories",
    "lists": "lists just brought in, no story known",
}
GOAL_MS = 30
COLUMNS = ("top-1", "top-3", "MRR", "silent", "found", "found among 3", "right")
TOLD = (
    "店门口的消防栓被货挡住了，当场就挪开了",
    "忘了报税，专管员打电话以后第二天补上了",
    "价签掉了没补，市监来的时候当面写上了",
)
ROUNDS = 30


def rows() -> list[Row]:
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


def table() -> str:
    return markdown(("setting", *COLUMNS), rows())


def stories() -> tuple[int, int]:
    """How many stories fit an item, and how many none."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))["stories"]
    return measured["fitting"], measured["none fits"]


def row_of_time() -> Row:
    """How long one search for items takes on the starter knowledge."""
    with tempfile.TemporaryDirectory() as folder:
        taken = milliseconds(starter_knowledge(Path(folder)))
    return ("search for list items", f"{taken:.1f} ms", f"{taken / GOAL_MS:.2f} of the goal")
