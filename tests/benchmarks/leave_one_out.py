"""A notice nobody has written questions for: what the proposals of the import are worth.

Each of the five notices in turn plays the new one. All its ways of asking and links are taken out of the
knowledge, every measured question wherever else it stands, and the weights of the proposals are fitted
without it. Then its published text is imported, the proposals are accepted unseen, and its questions
are asked from its region. The search goes by words alone: the embedding that ships has seen the questions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.lexical import fold
from knowledge.library import Knowledge, open_knowledge
from knowledge.proposal import propose
from knowledge.query import Reader
from knowledge.shelf import Store, build_shelf, by_region
from knowledge.starter import starter_digests, starter_topics
from knowledge.topic import Topic, load_topic_links
from knowledge.training.kinship import refitted
from portal.library.importing import read_folder

from .asked import Question, figures, searched, training
from .table import Row, markdown

HEAD = (
    "notice",
    "questions",
    "recall@1 bare",
    "recall@1",
    "recall@3 bare",
    "recall@3",
    "topics right",
    "topics found",
)


@dataclass(frozen=True)
class Outcome:
    """What one notice came to."""

    bare: dict[str, float]
    proposed: dict[str, float]
    asked: int
    topics_proposed: int
    topics_right: int
    topics_linked: int


def table(shared: Path) -> str:
    """One row a notice, and one for all together."""
    everyone = training(shared)
    outcomes = {
        new.instrument: _measure(new, [q for q in everyone if q[2][0].document == new.instrument])
        for new in (reading.edition for reading in read_folder(shared / "notices"))
    }
    rows = [_row(name, [outcome]) for name, outcome in outcomes.items()]
    return markdown(HEAD, [*rows, _row("all", list(outcomes.values()))])


def _row(name: str, outcomes: Sequence[Outcome]) -> Row:
    recall = [
        f"{_mean(outcomes, which, metric):.3f}"
        for metric in ("recall@1", "recall@3")
        for which in ("bare", "proposed")
    ]
    right, given, linked = (
        sum(getattr(o, f"topics_{n}") for o in outcomes) for n in ("right", "proposed", "linked")
    )
    return (
        name,
        str(sum(o.asked for o in outcomes)),
        *recall,
        f"{right} of {given} ({right / given:.2f})",
        f"{right} of {linked} ({right / linked:.2f})",
    )


def _measure(new: Edition, questions: Sequence[Question]) -> Outcome:
    unseen = {_key(text) for text, _, _ in questions}
    others = [_without(e, unseen) for e in starter_digests() if e.instrument != new.instrument]
    topics = {i: replace(t, asked_as=_less(t.asked_as, unseen)) for i, t in starter_topics().items()}
    reader = Reader.load(None)
    proposed = propose(new, others, topics, reader, refitted(others, reader))
    linked = load_topic_links()[new.instrument]
    return Outcome(
        figures(searched(_opened([*others, new], topics)), questions),
        figures(searched(_opened([*others, proposed], topics)), questions),
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


def _opened(editions: Sequence[Edition], topics: dict[str, Topic]) -> Knowledge:
    """The editions as a release, searched by words; its files are mapped, so the folder may go."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        digests = [build_shelf(store, region, held) for region, held in by_region(editions).items()]
        return open_knowledge(store.folder, 0, digests, topics)


def _mean(outcomes: Collection[Outcome], name: str, metric: str) -> float:
    found = sum(getattr(o, name)[metric] * o.asked for o in outcomes)
    return float(found / sum(o.asked for o in outcomes))
