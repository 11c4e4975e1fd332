"""A full library: what finding loses when every list and thousands of articles of other laws stand beside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from knowledge.clause import Clause
from knowledge.edition import Edition, InstrumentKind
from knowledge.embed import SHIPPED_MODEL
from knowledge.region import NATION
from knowledge.starter import starter_digests, starter_topics
from knowledge.starter_lists import starter_lists
from knowledge.training.folds import opened
from knowledge.training.material import rows
from knowledge.training.stories import all_lists

from .asked import Question, figures, searched
from .table import Row

ARTICLES = 3000
GOAL_FALL = 0.03
DISTRACTOR_HEAD = ("asked", "as shipped", "full library", "fall", "within the goal")


def distractor_rows(shared: Path, asked: Mapping[str, Sequence[Question]]) -> list[Row]:
    """For each set of questions: recall as shipped, in the full library, and how much it falls."""
    laws = other_laws(shared / "training" / "laws_articles.jsonl.gz")
    lists = all_lists(shared / "lists", starter_lists())
    topics = starter_topics()
    with tempfile.TemporaryDirectory() as folder:
        shipped = opened(
            [*starter_digests(), *starter_lists()], topics, SHIPPED_MODEL, Path(folder) / "shipped"
        )
        full = opened([*starter_digests(), *laws, *lists], topics, SHIPPED_MODEL, Path(folder) / "full")
        return [
            row
            for name, questions in asked.items()
            for row in _rows(name, figures(searched(shipped), questions), figures(searched(full), questions))
        ]


def _rows(name: str, before: dict[str, float], after: dict[str, float]) -> Iterable[Row]:
    for metric in ("recall@1", "recall@3"):
        fall = before[metric] - after[metric]
        yield (
            f"{name}, {metric}",
            f"{before[metric]:.3f}",
            f"{after[metric]:.3f}",
            f"{fall:+.3f}",
            "yes" if fall <= GOAL_FALL else "no",
        )


def other_laws(file: Path) -> list[Edition]:
    """Articles of laws that do not ship, drawn the same way in every run, law by law."""
    shipped = {edition.title for edition in starter_digests()}
    others = (r for r in rows(file) if not any(r["law"] in title or title in r["law"] for title in shipped))
    drawn = sorted(others, key=_draw)[:ARTICLES]
    by_law = groupby(sorted(drawn, key=lambda r: (r["law"], r["path"], r["no"])), key=lambda r: r["law"])
    return [_law(n, law, list(articles)) for n, (law, articles) in enumerate(by_law)]


def _draw(row: dict[str, Any]) -> str:
    return sha256(f"{row['law']} {row['no']} {row['text']}".encode()).hexdigest()


def _law(number: int, law: str, articles: list[dict[str, Any]]) -> Edition:
    clauses = {r["no"]: Clause(section=r["no"], text=r["text"]) for r in articles}
    return Edition(
        instrument=f"law{number}",
        kind=InstrumentKind.STATUTE,
        title=law,
        region=NATION,
        source=law,
        clauses=tuple(clauses.values()),
    )
