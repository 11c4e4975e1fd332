"""Measuring on questions held out, and fitting the weights of ranking.json to them.

The questions of the training material are parted in five. For each part the ways of asking lose that
part, the embedding is tuned without it, and the search is asked its questions; so the weights are
fitted, and the figures measured, on questions that no leg has seen.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..clause import ClauseRef
from ..edition import Edition
from ..embed import StaticEmbedder
from ..library import Knowledge, open_knowledge
from ..ranking import FILE, LINES, Lines
from ..region import NATION
from ..shelf import Store, build_shelf, by_region
from ..starter import starter_editions, starter_topics
from .export import write_model
from .material import rows
from .recipe import Base, Report

FOLDS = 5
CANDIDATES = 60
SYSTEMS = {
    "lexical": ("lexical", "sound", "widened", "local"),
    "dense": ("dense", "local"),
    "hybrid": ("lexical", "sound", "widened", "dense", "local"),
    "hybrid, asked-as, topics": LINES,
}
MEASURED = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Case:
    """A question, where it is asked, and the clauses that answer it."""

    question: str
    region: str | None
    gold: tuple[ClauseRef, ...]

    @property
    def fold(self) -> int:
        return sha256(self.question.encode()).digest()[0] % FOLDS


@dataclass(frozen=True)
class Ballot:
    """The cards a question may be answered from: their lines, and which are right."""

    refs: tuple[ClauseRef, ...]
    lines: Lines
    right: NDArray[np.bool_]


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
            clauses=tuple(
                replace(c, asked_as=tuple(q for q in c.asked_as if q not in questions)) for c in e.clauses
            ),
        )
        for e in editions
    ]


def opened(editions: Sequence[Edition], model: Path, folder: Path) -> Knowledge:
    """The editions as a release, searched with the model in a folder."""
    embedder = StaticEmbedder(model)
    store = Store(folder)
    digests = [build_shelf(store, region, held, embedder) for region, held in by_region(editions).items()]
    return open_knowledge(folder, 0, digests, starter_topics(), embedder)


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


def fit(ballots: Sequence[Ballot], chosen: Sequence[str], steps: int = 400) -> Lines:
    """Weights, none below 0, under which the right cards are likeliest (softmax over each ballot)."""
    usable = [b for b in ballots if b.right.any()]
    widest = max(len(b.refs) for b in usable)
    lines = torch.zeros(len(usable), widest, len(LINES))
    right = torch.zeros(len(usable), widest, dtype=torch.bool)
    absent = torch.ones(len(usable), widest, dtype=torch.bool)
    for n, b in enumerate(usable):
        lines[n, : len(b.refs)] = torch.from_numpy(b.lines)
        right[n, : len(b.refs)] = torch.from_numpy(b.right)
        absent[n, : len(b.refs)] = False
    used = torch.tensor([float(line in chosen) for line in LINES])
    raw = torch.zeros(len(LINES), requires_grad=True)
    optimizer = torch.optim.Adam([raw], lr=0.05)
    for _ in range(steps):
        scores = (lines @ (torch.nn.functional.softplus(raw) * used * 10)).masked_fill(absent, -1e9)
        loss = (scores.logsumexp(1) - scores.masked_fill(~right, -1e9).logsumexp(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    fitted: Lines = (torch.nn.functional.softplus(raw) * used * 10).detach().numpy()
    return fitted


def figures(ballots: Sequence[Ballot], weights: Lines) -> dict[str, float]:
    """Recall among the first 1, 3 and 10, and the mean reciprocal rank."""
    ranks = []
    for b in ballots:
        order = np.argsort(-(b.lines @ weights), kind="stable")
        places = np.flatnonzero(b.right[order])
        ranks.append(places[0] + 1 if len(places) else np.inf)
    found = np.array(ranks, np.float64)
    return {
        **{f"recall@{k}": round(float((found <= k).mean()), 4) for k in (1, 3, 10)},
        "MRR": round(float((1 / found).mean()), 4),
    }


def scaled(weights: Lines, ballots: Sequence[Ballot]) -> Lines:
    """Weights of the same order under which a right answer scores 0.5 in the median."""
    scores = [float((b.lines[b.right] @ weights).max()) for b in ballots if b.right.any()]
    result: Lines = weights * np.float32(0.5 / float(np.median(scores)))
    return result


def measure_folds(base: Base, data: Path, report: Report, on: date | None = None) -> None:
    """Fit ranking.json and write what was measured, each fold by weights fitted on the others."""
    editions = starter_editions()
    cases = read_cases(data, editions)
    ballots: dict[int, list[Ballot]] = {}
    for fold in range(FOLDS):
        held_out = [c for c in cases if c.fold == fold]
        kept = without(editions, {c.question for c in held_out})
        with tempfile.TemporaryDirectory() as folder:
            write_model(Path(folder) / "model", base.tuned(kept), base.tokenizer)
            knowledge = opened(kept, Path(folder) / "model", Path(folder) / "shelves")
            ballots[fold] = [ballot(knowledge, case, on or date.today()) for case in held_out]
        report(f"fold {fold + 1}: {len(held_out)} questions")
    everything = [b for held in ballots.values() for b in held]
    table = {name: _cross_validated(ballots, lines) for name, lines in SYSTEMS.items()}
    _write_weights(scaled(fit(everything, LINES), everything))
    MEASURED.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, row in table.items():
        report(f"{name}: {row}")


def _cross_validated(ballots: dict[int, list[Ballot]], lines: Sequence[str]) -> dict[str, float]:
    rows_of = []
    for fold, held in ballots.items():
        others = [b for f, part in ballots.items() if f != fold for b in part]
        rows_of.append((len(held), figures(held, fit(others, lines))))
    total = sum(n for n, _ in rows_of)
    return {k: round(sum(n * row[k] for n, row in rows_of) / total, 4) for k in rows_of[0][1]}


def _write_weights(weights: Lines) -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    content["clauses"] = {line: round(float(w), 4) for line, w in zip(LINES, weights, strict=True)}
    FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
