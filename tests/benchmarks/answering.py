"""How long each step of an answer takes, with the rules alone, on the starter knowledge."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot import Question, answer
from knowledge.edition import Edition
from knowledge.embed import load_embedder
from knowledge.library import Knowledge, open_knowledge
from knowledge.programme import load_programmes
from knowledge.shelf import Store, build_shelf, by_region
from knowledge.starter import starter_editions, starter_topics

from .table import DOCS, markdown

QUESTIONS = Path(__file__).with_name("questions.json")
GOAL_ANSWER_MS = 30
GOAL_EMBEDDING_MS = 1

Row = tuple[str, str, str]


def starter_knowledge(folder: Path, more: Iterable[Edition] = ()) -> Knowledge:
    """The starter knowledge, and ``more`` beside it, as a release of its own in ``folder``."""
    embedder = load_embedder()
    store = Store(folder)
    digests = [
        build_shelf(store, region, editions, embedder)
        for region, editions in by_region((*starter_editions(), *more)).items()
    ]
    programmes = load_programmes().values()
    return open_knowledge(folder, 1, digests, starter_topics(), embedder, None, programmes)


def rows() -> list[Row]:
    """One row a step: median milliseconds and its share of the whole."""
    asked = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        knowledge = starter_knowledge(Path(folder))
        timings = [_ask(knowledge, q) for q in asked for _ in range(3)]
    whole = [sum(t.values()) for t in timings]
    median = statistics.median(whole)
    table: list[Row] = [
        ("answer, rules alone, median", f"{median:.1f} ms", f"{median / GOAL_ANSWER_MS:.2f} of the goal"),
        ("answer, 95th percentile", f"{_p95(whole):.1f} ms", f"{_p95(whole) / median:.2f} of the median"),
    ]
    for step in timings[0]:
        took = statistics.median(t.get(step, 0.0) for t in timings)
        table.append((f"step {step}", f"{took:.2f} ms", f"{took / median:.2f} of the answer"))
    table.append(_embedding(asked))
    return table


def _ask(knowledge: Knowledge, question: dict[str, str | None]) -> dict[str, float]:
    reply = answer(Question(str(question["text"]), question["region"], date(2026, 11, 24)), knowledge)
    return dict(reply.timings)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _embedding(asked: list[dict[str, str | None]]) -> Row:
    embedder = load_embedder()
    texts = [str(q["text"]) for q in asked]
    embedder.encode(texts)
    times = []
    for text in texts * 10:
        started = time.perf_counter()
        embedder.encode([text])
        times.append((time.perf_counter() - started) * 1000)
    took = statistics.median(times)
    return ("embedding of one question", f"{took:.3f} ms", f"{took / GOAL_EMBEDDING_MS:.2f} of the goal")


def write(table: list[Row]) -> None:
    """Prints the table and writes it to docs/bench.md."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; read the ratios, times differ between machines.",
        "",
    ]
    text = "\n".join([*lines, markdown(("what", "measured", "ratio"), table)])
    print(text)
    (DOCS / "bench.md").write_text(text, encoding="utf-8")
