"""Finding the right clause: recall and reciprocal rank, system by system, beside a stock LangChain stack.

The questions held out need an embedding that has not seen them; those figures are measured when the
embedding is trained (``python -m knowledge.training DATA --folds LISTS``) and shown beside the others.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.clause import ClauseRef
from knowledge.embed import SHIPPED_MODEL, load_embedder
from knowledge.library import Knowledge
from knowledge.ranking import LINES
from tests import shared_folder

from . import items, leave_one_out, new_lists, understanding
from .answering import rows, starter_knowledge
from .asked import ON, Question, Ranked, figures, golden, practice, searched, training
from .distractors import ARTICLES, DISTRACTOR_HEAD, distractor_rows
from .stock import stock_systems
from .table import DOCS, Row, head, markdown, row

PAGE = Path(__file__).with_name("retrieval.md")
MEASURED = Path(__file__).parents[2] / "knowledge" / "training" / "measured.json"


def main(stages: Sequence[Row]) -> None:
    """Prints the page and writes docs/retrieval.md."""
    shared = shared_folder()
    if shared is None:
        print("The questions to measure with are not beside the checkout; docs/retrieval.md stays as it is.")
        return
    text = page(shared, stages)
    print(text)
    (DOCS / "retrieval.md").write_text(text, encoding="utf-8")


def page(shared: Path, stages: Sequence[Row]) -> str:
    """Every figure, set into the page beside this file."""
    asked = {"practice": practice(shared), "golden": golden()}
    everyone = training(shared)
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    groups = head("practice", "golden", "held out", "new notice")
    return PAGE.read_text(encoding="utf-8").format(
        **{name: len(questions) for name, questions in asked.items()},
        training=len(everyone),
        articles=f"{ARTICLES:,}",
        systems=markdown(groups, list(_systems(measured, asked, everyone))),
        embedding_adds=_embedding_adds(measured),
        leave_one_out=leave_one_out.table(shared),
        distractors=markdown(DISTRACTOR_HEAD, distractor_rows(shared, asked)),
        **dict(zip(("fitting", "none_fits"), items.stories(), strict=True)),
        items=items.table(),
        new_lists=new_lists.table(shared),
        understanding=understanding.table(shared / "training"),
        embedding=load_embedder().digest[:16],
        megabytes=f"{(SHIPPED_MODEL / 'model.safetensors').stat().st_size / 1e6:.1f}",
        stages=markdown(("what", "time", "beside"), [*stages, items.row_of_time()]),
    )


def _systems(
    measured: Any, asked: Mapping[str, Sequence[Question]], everyone: Sequence[Question]
) -> Iterator[Row]:
    """Our systems by their weights, the search as served, and the stock stack."""
    with tempfile.TemporaryDirectory() as folder:
        knowledge = starter_knowledge(Path(folder))
        for name, found in measured["systems"].items():
            ranked = _by_weights(knowledge, found["weights"])
            ours = [figures(ranked, questions) for questions in asked.values()]
            yield row(name, *ours, found["folds"], found["notices"])
        served = [figures(searched(knowledge), questions) for questions in asked.values()]
        yield row("the search as served", *served, {}, {})
        for name, ranked in stock_systems(Path(folder)).items():
            held_out = {} if "Chroma" in name else figures(ranked, everyone)
            yield row(name, *(figures(ranked, q) for q in asked.values()), held_out, {})


def _by_weights(knowledge: Knowledge, weights: dict[str, float]) -> Ranked:
    vector = np.array([weights[line] for line in LINES], np.float32)

    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        found: list[tuple[float, ClauseRef]] = []
        for drawer, servable, lines in knowledge.measured(text, None if region is None else [region], ON):
            scores = lines @ vector
            found += [(-float(scores[n]), drawer.cards[n].ref) for n in np.flatnonzero(servable)]
        return [[ref] for _, ref in sorted(found)[:10]]

    return ranked


def _embedding_adds(measured: Any) -> str:
    whole = next(found for found in measured["systems"].values() if "embedding_adds" in found)
    rows = [
        (asked, metric, f"{gain:+.4f}", f"{low:+.4f} to {high:+.4f}")
        for asked, gains in whole["embedding_adds"].items()
        for metric, (gain, low, high) in gains.items()
    ]
    names = {"folds": "held out", "notices": "new notice"}
    return markdown(("asked", "figure", "gain", "interval"), [(names[a], *rest) for a, *rest in rows])


if __name__ == "__main__":
    main(rows())
