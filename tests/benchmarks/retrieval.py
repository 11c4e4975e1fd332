"""Finding the right clause: recall and reciprocal rank, system by system, and beside a stock LangChain stack.

The practice questions are asked here. The questions held out need an embedding that has not seen them;
those figures are measured when the embedding is trained (``python -m knowledge.training DATA --folds``)
and shown beside the others.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.clause import ClauseRef
from knowledge.edition import Edition
from knowledge.embed import SHIPPED_MODEL, load_embedder
from knowledge.library import Knowledge
from knowledge.ranking import LINES, Ranking
from knowledge.region import ancestors, resolve
from knowledge.starter import starter_digests
from tests import shared_folder

from .answering import DOCS, starter_knowledge

MEASURED = Path(__file__).parents[2] / "knowledge" / "training" / "measured.json"
ON = date(2026, 11, 22)
METRICS = ("recall@1", "recall@3", "recall@10", "MRR")
CHUNK, OVERLAP = 300, 60

PARTS = {
    "lexical": ("lexical", "widened", "sound"),
    "dense": ("dense",),
    "hybrid": ("lexical", "widened", "sound", "dense"),
    "hybrid + ways of asking": (
        *("lexical", "widened", "sound", "dense"),
        *("asked", "asked_widened", "closest", "asked_dense"),
    ),
    "hybrid + ways of asking + topics, place": LINES,
}
"""What of the served weights each system keeps; the rest is worth nothing to it."""

Question = tuple[str, str | None, tuple[ClauseRef, ...]]
Ranked = Callable[[str, str | None], Sequence[Iterable[ClauseRef]]]
"""For a question and a region: places in order, each with the clauses that stand there."""


def main() -> None:
    """Prints the table and writes docs/retrieval.md."""
    shared = shared_folder()
    questions = practice(shared) if shared else []
    with tempfile.TemporaryDirectory() as folder:
        knowledge = starter_knowledge(Path(folder))
        table = [*_own_rows(knowledge, questions), *_stock_rows(Path(folder), questions)]
    text = _document(table, len(questions))
    print(text)
    (DOCS / "retrieval.md").write_text(text, encoding="utf-8")


def practice(shared: Path) -> list[Question]:
    """The practice questions that expect an answer, asked alone and from their region."""
    lines = (shared / "questions" / "practice.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["expect"] == "answer" and row["gold"]]
    return [
        (
            row["question"],
            resolve(row["region"]) if row["region"] else None,
            tuple(ClauseRef(g["doc"], g["section"]) for g in row["gold"]),
        )
        for row in rows
    ]


def figures(ranked: Ranked, questions: Sequence[Question]) -> dict[str, float]:
    """Recall among the first 1, 3 and 10 places, and the mean reciprocal rank."""
    ranks = np.array([_rank(ranked(text, region), gold) for text, region, gold in questions])
    recall = {f"recall@{k}": float((ranks <= k).mean()) for k in (1, 3, 10)}
    return {**recall, "MRR": float((1 / ranks).mean())}


def _rank(places: Sequence[Iterable[ClauseRef]], gold: Sequence[ClauseRef]) -> float:
    right = (n for n, refs in enumerate(places, 1) if any(g.covers(r) for r in refs for g in gold))
    return float(next(right, np.inf))


def _own_rows(knowledge: Knowledge, questions: Sequence[Question]) -> list[tuple[str, ...]]:
    systems = json.loads(MEASURED.read_text(encoding="utf-8"))["systems"] if MEASURED.exists() else {}
    rows = []
    for name, lines in PARTS.items():
        weights = {
            line: worth if line in lines else 0.0 for line, worth in Ranking.load().clauses.by_line.items()
        }
        rows.append(
            _row(name, figures(_by_weights(knowledge, weights), questions) if questions else {}, {}, {})
        )
    for name, measured in systems.items():
        asked = figures(_by_weights(knowledge, measured["weights"]), questions) if questions else {}
        rows.append(_row(name, asked, measured["folds"], measured.get("notices", {})))
    whole = figures(_searched(knowledge), questions) if questions else {}
    rows.append(_row("the search as served", whole, {}, {}))
    return rows


def _by_weights(knowledge: Knowledge, weights: dict[str, float]) -> Ranked:
    vector = np.array([weights[line] for line in LINES], np.float32)

    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        found: list[tuple[float, ClauseRef]] = []
        for drawer, servable, lines in knowledge.measured(text, None if region is None else [region], ON):
            scores = lines @ vector
            found += [(-float(scores[n]), drawer.cards[n].ref) for n in np.flatnonzero(servable)]
        return [[ref] for _, ref in sorted(found)[:10]]

    return ranked


def _searched(knowledge: Knowledge) -> Ranked:
    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        hits = knowledge.search(text, regions=None if region is None else [region], on=ON, limit=10)
        return [[hit.ref] for hit in hits]

    return ranked


def _stock_rows(folder: Path, questions: Sequence[Question]) -> list[tuple[str, ...]]:
    """What a LangChain tutorial builds: chunks, BM25Retriever, Chroma, EnsembleRetriever."""
    if not questions:
        return []
    try:
        from langchain_chroma import Chroma
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_core.documents import Document
        from langchain_core.embeddings import Embeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        return [(f"stock LangChain (not installed: {error.name})", *["–"] * 12)]

    class Shipped(Embeddings):
        model = load_embedder()

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return self.model.encode(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    chunks = []
    for edition in starter_digests():
        whole, spans = _written_out(edition)
        for chunk in splitter.split_documents([Document(whole)]):
            start = chunk.metadata["start_index"]
            chunk.metadata = {"region": edition.region, "at": f"{edition.instrument} {start}"}
            chunk.metadata["clauses"] = json.dumps(_under(spans, start, start + len(chunk.page_content)))
            chunks.append(chunk)
    words = BM25Retriever.from_documents(chunks, k=60)
    characters = BM25Retriever.from_documents(chunks, k=60, preprocess_func=list)
    store = Chroma.from_documents(chunks, Shipped(), persist_directory=str(folder / "stock"))
    vectors = store.as_retriever(search_kwargs={"k": 60})
    both = EnsembleRetriever(retrievers=[characters, vectors], weights=[0.5, 0.5])
    retrievers = {
        "stock LangChain: BM25Retriever as it comes": words,
        "stock LangChain: BM25Retriever over characters": characters,
        "stock LangChain: Chroma with the shipped embedding": vectors,
        "stock LangChain: EnsembleRetriever of the two": both,
    }
    return [_row(name, figures(_stock(r), questions), {}, {}) for name, r in retrievers.items()]


def _stock(retriever: object) -> Ranked:
    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        documents = retriever.invoke(text)  # type: ignore[attr-defined]
        path = None if region is None else ancestors(region)
        served = [d for d in documents if path is None or d.metadata["region"] in path]
        return [[ClauseRef(*ref) for ref in json.loads(d.metadata["clauses"])] for d in served[:10]]

    return ranked


def _written_out(edition: Edition) -> tuple[str, list[tuple[ClauseRef, int, int]]]:
    """A document as one text, and where each clause stands in it."""
    text, spans = edition.title + "\n", []
    for clause in edition.clauses:
        spans.append((edition.ref(clause.section), len(text), len(text) + len(clause.text)))
        text += clause.text + "\n"
    return text, spans


def _under(spans: Sequence[tuple[ClauseRef, int, int]], start: int, end: int) -> list[tuple[str, str]]:
    """The clauses that a chunk holds: half of the clause, or half of the chunk."""
    shared = [(ref, min(end, e) - max(start, s), e - s) for ref, s, e in spans]
    return [
        (ref.document, ref.section)
        for ref, both, own in shared
        if both > 0 and (both * 2 >= own or both * 2 >= end - start)
    ]


def _row(name: str, *groups: dict[str, float]) -> tuple[str, ...]:
    return (name, *(f"{group[m]:.3f}" if m in group else "–" for group in groups for m in METRICS))


def _document(table: Sequence[tuple[str, ...]], asked: int) -> str:
    head = [f"{group} {metric}" for group in ("practice", "held out", "new notice") for metric in METRICS]
    return "\n".join(
        [
            "# Finding the clause",
            "",
            f"Written by `make bench`. Practice: {asked} questions that expect an answer, each asked alone, "
            "from its region. Held out: five folds of the training questions; the ways of asking, the "
            "embedding and the weights have not seen the fold asked. New notice: a notice all of whose ways "
            "of asking are missing, as after an import. A place counts when it holds a clause that answers.",
            "",
            f"Embedding {load_embedder().digest}, {_megabytes():.1f} MB. By one author, the held-out figures "
            "are hopeful; the practice questions are few. Differences below 0.02 mean nothing.",
            "",
            "| system | " + " | ".join(head) + " |",
            "|---" * (len(head) + 1) + "|",
            *("| " + " | ".join(row) + " |" for row in table),
            "",
        ]
    )


def _megabytes() -> float:
    return sum(f.stat().st_size for f in SHIPPED_MODEL.rglob("*") if f.is_file()) / 2**20


if __name__ == "__main__":
    main()
