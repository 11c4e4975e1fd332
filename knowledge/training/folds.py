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
from .ballot import Ballot, blended, by_line, by_the_others, figures_of, fit, gained, ranks, scaled
from .export import write_model
from .kinship import refitted
from .material import FOLDS, fold_of, rows
from .recipe import Base, Report

CANDIDATES = 60
NEW_AMONG = 3
"""The weights are fitted to every so manieth question on a new notice besides those held out."""
WHOLE = "hybrid, asked-as, topics"
BY_WORDS = "lexical, asked-as, topics"
SYSTEMS = {
    "lexical": ("lexical", "widened", "local"),
    "dense": ("dense", "local"),
    "hybrid": ("lexical", "widened", "dense", "local"),
    BY_WORDS: tuple(line for line in LINES if "dense" not in line),
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


@dataclass(frozen=True)
class Fold:
    """The ballots of a fold's questions: held out (``asked``), and with the notice that answers just
    brought in (``new``)."""

    asked: list[Ballot]
    new: list[Ballot]


def measure_folds(base: Base, data: Path, report: Report) -> None:
    """Fit the weights for clauses and write what was measured, each fold by weights fitted on the others."""
    editions = starter_editions()
    cases = read_cases(data, editions)
    stories = [row["question"] for row in rows(data / "items.jsonl")]
    new = _new_notices(base, editions, cases, report)
    folds = []
    for fold in range(FOLDS):
        asked = [c for c in cases if c.fold == fold]
        unseen = {c.question for c in asked} | {s for s in stories if fold_of(s) == fold}
        topics = topics_without(unseen)
        held = without(editions, unseen)
        with _search(base, base.tuned(held, topics.values()), held, topics) as knowledge:
            folds.append(Fold([ballot(knowledge, case, MEASURED_ON) for case in asked], new[fold]))
        report(f"fold {fold + 1}: {len(asked)} questions")
    content = {"questions": len(cases), "systems": _systems(folds)}
    MEASURED.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _write_ranking(content)
    report(json.dumps(content, ensure_ascii=False))


def _systems(folds: Sequence[Fold]) -> dict[str, Any]:
    """For each system its weights, found on all folds, and its figures on questions held out."""
    systems: dict[str, Any] = {}
    held, new = {}, {}
    for name, lines in SYSTEMS.items():

        def weigh(parts: Sequence[Fold], lines: Sequence[str] = lines) -> Lines:
            return blended(fit([b for p in parts for b in (*p.asked, *p.new[::NEW_AMONG])], lines), lines)

        found = list(by_the_others(folds, weigh))
        held[name] = np.concatenate([ranks(fold.asked, weights) for fold, weights in found])
        new[name] = np.concatenate([ranks(fold.new, weights) for fold, weights in found])
        systems[name] = {
            "weights": by_line(scaled(weigh(folds), [b for fold in folds for b in fold.asked])),
            "folds": figures_of(held[name]),
            "notices": figures_of(new[name]),
        }
    systems[WHOLE]["embedding_adds"] = {
        "folds": gained(held[WHOLE], held[BY_WORDS]),
        "notices": gained(new[WHOLE], new[BY_WORDS]),
    }
    return systems


def _new_notices(
    base: Base, editions: Sequence[Edition], cases: Sequence[Case], report: Report
) -> list[list[Ballot]]:
    """Each notice as if just imported, without plain words, its questions unheard of anywhere: its topics
    and ways of asking are those that are proposed, by rules fitted without it."""
    ballots: list[list[Ballot]] = [[] for _ in range(FOLDS)]
    reader = Reader.load(None)
    for edition in editions:
        asked = [c for c in cases if c.gold[0].document == edition.instrument]
        if edition.kind is not InstrumentKind.NOTICE or not asked:
            continue
        unseen = {c.question for c in asked}
        topics = topics_without(unseen)
        others = without([e for e in editions if e is not edition], unseen)
        clauses = tuple(
            replace(c, asked_as=(), topics=(), proposed=(), plain="", plain_en="") for c in edition.clauses
        )
        rules = refitted(others, reader)
        brought_in = propose(replace(edition, clauses=clauses), others, topics, reader, rules)
        table = base.tuned(others, topics.values())
        with _search(base, table, [brought_in, *others], topics) as knowledge:
            for case in asked:
                ballots[case.fold].append(ballot(knowledge, case, MEASURED_ON))
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
