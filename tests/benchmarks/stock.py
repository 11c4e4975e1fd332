"""What a LangChain tutorial builds: chunks, BM25Retriever, Chroma, EnsembleRetriever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import rjieba
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import RecursiveCharacterTextSplitter

from knowledge.clause import ClauseRef
from knowledge.edition import Edition
from knowledge.embed import load_embedder
from knowledge.region import ancestors
from knowledge.starter import starter_digests

from .asked import Ranked

CHUNK, OVERLAP = 300, 60
FETCHED = 60
"""Fetched before those of other regions are left out."""


def stock_systems(folder: Path) -> Mapping[str, Ranked]:
    """Its retrievers by name, over the notices and statutes that ship."""
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever

    chunks = _chunks()
    words = BM25Retriever.from_documents(chunks, k=FETCHED, preprocess_func=rjieba.cut)
    characters = BM25Retriever.from_documents(chunks, k=FETCHED, preprocess_func=list)
    store = Chroma.from_documents(chunks, _Shipped(), persist_directory=str(folder / "stock"))
    vectors = store.as_retriever(search_kwargs={"k": FETCHED})
    both = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])
    return {
        "stock LangChain: BM25Retriever over words": _ranked(words),
        "stock LangChain: BM25Retriever over characters": _ranked(characters),
        "stock LangChain: Chroma with the shipped embedding": _ranked(vectors),
        "stock LangChain: EnsembleRetriever of words and Chroma": _ranked(both),
    }


class _Shipped(Embeddings):
    def __init__(self) -> None:
        self._model = load_embedder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _chunks() -> list[Document]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    chunks = []
    for edition in starter_digests():
        whole, spans = _written_out(edition)
        for chunk in splitter.split_documents([Document(whole)]):
            start = chunk.metadata["start_index"]
            held = _under(spans, start, start + len(chunk.page_content))
            chunk.metadata = {
                "region": edition.region,
                "at": f"{edition.instrument} {start}",
                "clauses": json.dumps(held),
            }
            chunks.append(chunk)
    return chunks


def _ranked(retriever: BaseRetriever) -> Ranked:
    def ranked(text: str, region: str | None) -> list[list[ClauseRef]]:
        documents = retriever.invoke(text)
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
