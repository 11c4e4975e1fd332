"""Measuring on questions held out, and fitting the weights of ranking.json to them.

The questions of the training material are parted in five. For each part the ways of asking lose that
part, the embedding is tuned without it, and the search is asked its questions; so the weights are
fitted, and the figures measured, on questions that no leg has seen.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..clause import ClauseRef
from ..edition import Edition, InstrumentKind
from ..embed import StaticEmbedder
from ..library import Knowledge, open_knowledge
from ..proposal import propose
from ..query import Reader
from ..ranking import FILE, LINES, Lines
from ..region import NATION
from ..shelf import Store, build_shelf, by_region
from ..starter import starter_editions, starter_topics
from ..topic import Topic
from .ballot import Ballot, blended, by_line, cross_validated, figures, fit, scaled
from .export import write_model
from .material import FOLDS, fold_of, rows
from .recipe import Base, Report

CANDIDATES = 60
NEW_AMONG = 3
"""The weights are fitted to every so manieth question on a new notice besides those held out."""
WHOLE = "hybrid, asked-as, topics"
SYSTEMS = {
    "lexical": ("lexical", "widened", "local"),
    "dense": ("dense", "local"),
    "hybrid": ("lexical", "widened", "dense", "local"),
    WHOLE: LINES,
}
MEASURED = Path(__file__).with_name("measured.json")
MEASURED_ON = date(2026, 11, 22)


@dataclass(frozen=True)
class Case:
    """A question, where it is asked, and the clauses that answer it."""

    question: str
    region: str | None
    gold: tuple[ClauseRef, ...]

    @property
    def fold(self) -> int:
        return fold_of(self.question)


def read_cases(data: Path, editions: Sequence[Edition]) -> list[Case]:
    """The questions of the material; one on a local rule is asked there, one on a law by turns anywhere."""
    regions = {e.instrument: e.region for e in editions}
    local = sorted({r for r in regions.values() if r != NATION})
    cases = []
    for n, row in enumerate(rows(data / "questions.jsonl")):
        named = [(row["doc"], row["section"]), *((a["doc"], a["section"]) for a in row["also"])]
        home = regions.get(row["doc"], NATION)
        anywhere = [None, *local][n % (len(local) + 1)]
        cases.append(
            Case(row["question"], anywhere if home == NATION else home, tuple(ClauseRef(*g) for g in named))
        )
    return cases


def without(editions: Iterable[Edition], questions: set[str]) -> list[Edition]:
    """The editions, less some ways of asking."""
    return [
        replace(
            e,
            clauses=tuple(replace(c, asked_as=_less(c.asked_as, questions)) for c in e.clauses),
            items=tuple(replace(i, asked_as=_less(i.asked_as, questions)) for i in e.items),
        )
        for e in editions
    ]


def topics_without(questions: set[str]) -> dict[str, Topic]:
    """The topics that ship, less some ways of asking."""
    return {t.id: replace(t, asked_as=_less(t.asked_as, questions)) for t in starter_topics().values()}


def _less(asked_as: Iterable[str], questions: set[str]) -> tuple[str, ...]:
    return tuple(q for q in asked_as if q not in questions)


def opened(editions: Sequence[Edition], topics: Mapping[str, Topic], model: Path, folder: Path) -> Knowledge:
    """The editions as a release, searched with the model in a folder."""
    embedder = StaticEmbedder(model)
    store = Store(folder)
    digests = [build_shelf(store, region, held, embedder) for region, held in by_region(editions).items()]
    return open_knowledge(folder, 0, digests, topics, embedder)


def ballot(knowledge: Knowledge, case: Case, on: date) -> Ballot:
    """Every servable card, cut to the best by the present weights and the right ones."""
    regions = None if case.region is None else [case.region]
    refs: list[ClauseRef] = []
    parts: list[Lines] = []
    for drawer, servable, lines in knowledge.measured(case.question, regions, on):
        refs += [drawer.cards[row].ref for row in np.flatnonzero(servable)]
        parts.append(lines[servable])
    lines = np.concatenate(parts)
    right = np.array([any(g.covers(ref) for g in case.gold) for ref in refs], bool)
    best = np.argsort(-(lines @ knowledge.ranking.clauses.vector), kind="stable")[:CANDIDATES]
    kept = np.unique(np.concatenate([best, np.flatnonzero(right)]))
    return Ballot(tuple(refs[n] for n in kept), lines[kept], right[kept])


def measure_folds(base: Base, data: Path, report: Report) -> None:
    """Fit the weights for clauses and write what was measured, each fold by weights fitted on the others."""
    editions = starter_editions()
    cases = read_cases(data, editions)
    stories = [row["question"] for row in rows(data / "items.jsonl")]
    folds = []
    for fold in range(FOLDS):
        asked = [c for c in cases if c.fold == fold]
        unseen = {c.question for c in asked} | {s for s in stories if fold_of(s) == fold}
        topics = topics_without(unseen)
        held = without(editions, unseen)
        with _search(base, base.tuned(held, topics.values()), held, topics) as knowledge:
            folds.append([ballot(knowledge, case, MEASURED_ON) for case in asked])
        report(f"fold {fold + 1}: {len(asked)} questions")
    systems = _systems(folds, _new_notices(base, editions, cases, report))
    content = {"questions": len(cases), "systems": systems}
    MEASURED.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _write_ranking(content)
    report(json.dumps(content, ensure_ascii=False))


def _systems(folds: Sequence[Sequence[Ballot]], unseen: Sequence[Ballot]) -> dict[str, Any]:
    """For each system its weights, found on all folds, and its figures on questions held out."""
    everything = [b for fold in folds for b in fold]
    some_new = list(unseen[::NEW_AMONG])
    systems = {}
    for name, lines in SYSTEMS.items():

        def weigh(ballots: Sequence[Ballot], lines: Sequence[str] = lines) -> Lines:
            return blended(fit([*ballots, *some_new], lines), lines)

        weights = scaled(weigh(everything), everything)
        systems[name] = {
            "weights": by_line(weights),
            "folds": cross_validated(folds, weigh),
            "notices": figures(unseen, weights),
        }
    return systems


def _new_notices(
    base: Base, editions: Sequence[Edition], cases: Sequence[Case], report: Report
) -> list[Ballot]:
    """Each notice as if just imported: its topics and ways of asking are those that are proposed."""
    ballots, topics = [], starter_topics()
    for edition in editions:
        asked = [c for c in cases if c.gold[0].document == edition.instrument]
        if edition.kind is InstrumentKind.NOTICE and asked:
            clauses = tuple(replace(c, asked_as=(), topics=(), proposed=()) for c in edition.clauses)
            others = [e for e in editions if e is not edition]
            brought_in = propose(replace(edition, clauses=clauses), others, topics, Reader.load(None))
            table = base.tuned(others, topics.values())
            with _search(base, table, [brought_in, *others], topics) as knowledge:
                ballots += [ballot(knowledge, case, MEASURED_ON) for case in asked]
            report(f"{edition.instrument} as a new notice: {len(asked)} questions")
    return ballots


@contextmanager
def _search(
    base: Base, table: torch.Tensor, editions: Sequence[Edition], topics: Mapping[str, Topic]
) -> Iterator[Knowledge]:
    """The editions as a release of their own, searched with a table."""
    with tempfile.TemporaryDirectory() as folder:
        write_model(Path(folder) / "model", table, base.tokenizer)
        yield opened(editions, topics, Path(folder) / "model", Path(folder) / "shelves")


def _write_ranking(measured: Mapping[str, Any]) -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    content["clauses"] = measured["systems"][WHOLE]["weights"]
    FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
