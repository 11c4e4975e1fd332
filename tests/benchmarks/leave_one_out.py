"""A notice nobody has written questions for: what the proposals of the import are worth.

Each of the five notices in turn plays the new one. All its ways of asking and links are taken out of the
knowledge, every measured question wherever else it stands, and the weights of the proposals are fitted
without it. Then its published text is imported, the proposals are accepted unseen, and its questions
are asked from its region. The search goes by words alone: the embedding that ships has seen the questions.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.clause import Clause, ClauseRef
from knowledge.edition import Edition
from knowledge.kinship import LINES
from knowledge.lexical import fold
from knowledge.library import Knowledge, open_knowledge
from knowledge.proposal import load_proposing, propose
from knowledge.query import Reader
from knowledge.shelf import Store, build_shelf, by_region
from knowledge.starter import starter_digests, starter_topics
from knowledge.topic import Topic, load_topic_links
from knowledge.training.kinship import fit_kinship
from portal.library.importing import read_folder
from tests import shared_folder

from .answering import Row
from .retrieval import ON, Question, Ranked, figures

GOAL_RECALL_3 = 0.85


@dataclass(frozen=True)
class Outcome:
    """What one notice came to."""

    bare: dict[str, float]
    proposed: dict[str, float]
    asked: int
    topics_proposed: int
    topics_right: int
    topics_linked: int


def rows() -> list[Row]:
    """Recall with proposals and without, all questions together, and how many proposals are right."""
    shared = shared_folder()
    if shared is None:
        return []
    outcomes = {
        reading.edition.instrument: _measure(reading.edition, _questions(shared, reading.edition))
        for reading in read_folder(shared / "notices")
    }
    table: list[Row] = []
    for metric in ("recall@1", "recall@3"):
        bare, proposed = (_mean(outcomes.values(), name, metric) for name in ("bare", "proposed"))
        table.append(
            (f"new notice, nothing proposed, {metric}", f"{bare:.3f}", f"{bare / proposed:.2f} of proposed")
        )
        goal = (
            f"{proposed / GOAL_RECALL_3:.2f} of the goal"
            if metric == "recall@3"
            else f"{proposed / bare:.1f} times"
        )
        table.append((f"new notice, proposals unseen, {metric}", f"{proposed:.3f}", goal))
    for name, outcome in outcomes.items():
        recall = outcome.proposed["recall@3"]
        table.append(
            (
                f"  {name}, {outcome.asked} questions, recall@3",
                f"{recall:.3f}",
                f"{recall / GOAL_RECALL_3:.2f} of the goal",
            )
        )
    right, given, linked = (
        sum(getattr(o, f"topics_{n}") for o in outcomes.values()) for n in ("right", "proposed", "linked")
    )
    table.append(("proposed topics that editors gave too", f"{right} of {given}", f"{right / given:.2f}"))
    table.append(
        ("topics that editors gave and were proposed", f"{right} of {linked}", f"{right / linked:.2f}")
    )
    return table


def _questions(shared: Path, edition: Edition) -> list[Question]:
    lines = (shared / "training" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (
            row["question"],
            edition.region,
            tuple(ClauseRef(r["doc"], r["section"]) for r in (row, *row["also"])),
        )
        for row in map(json.loads, lines)
        if row["doc"] == edition.instrument
    ]


def _measure(new: Edition, questions: Sequence[Question]) -> Outcome:
    unseen = {_key(text) for text, _, _ in questions}
    others = [_without(e, unseen) for e in starter_digests() if e.instrument != new.instrument]
    topics = {i: replace(t, asked_as=_less(t.asked_as, unseen)) for i, t in starter_topics().items()}
    reader = Reader.load(None)
    fitted = fit_kinship(others, reader)
    weights = np.array([fitted[line] for line in LINES], np.float32)
    rules = replace(load_proposing(), weights=weights, bias=fitted["bias"])
    proposed = propose(new, others, topics, reader, rules)
    linked = load_topic_links()[new.instrument]
    return Outcome(
        figures(_ranked(_opened([*others, new], topics)), questions),
        figures(_ranked(_opened([*others, proposed], topics)), questions),
        len(questions),
        sum(len(c.proposed) for c in proposed.clauses),
        sum(len({*c.proposed} & {*linked.get(c.section, ())}) for c in proposed.clauses),
        sum(map(len, linked.values())),
    )


def _without(edition: Edition, unseen: Collection[str]) -> Edition:
    def left(clause: Clause) -> Clause:
        return replace(clause, asked_as=_less(clause.asked_as, unseen))

    return replace(edition, clauses=tuple(map(left, edition.clauses)))


def _less(asked_as: Sequence[str], unseen: Collection[str]) -> tuple[str, ...]:
    return tuple(q for q in asked_as if _key(q) not in unseen)


def _key(question: str) -> str:
    """What makes two questions the same: their letters, punctuation apart."""
    return "".join(filter(str.isalnum, fold(question)))


def _ranked(knowledge: Knowledge) -> Ranked:
    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        return [[hit.ref] for hit in knowledge.search(text, regions=[region or ""], on=ON, limit=10)]

    return ranked


def _opened(editions: Sequence[Edition], topics: dict[str, Topic]) -> Knowledge:
    """The editions as a release, searched by words; its files are mapped, so the folder may go."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        digests = [build_shelf(store, region, held) for region, held in by_region(editions).items()]
        return open_knowledge(store.folder, 0, digests, topics)


def _mean(outcomes: Collection[Outcome], name: str, metric: str) -> float:
    return sum(getattr(o, name)[metric] * o.asked for o in outcomes) / sum(o.asked for o in outcomes)
