"""The public and own material that the model is made from, as read from a data folder.

Only sources that may be shipped in a model are read: statutes and official documents (outside
copyright), MIT-licensed question sets, and what was written for this project.
"""

from __future__ import annotations

import gzip
import html
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDS = 5
SOURCES = {
    "laws_articles.jsonl.gz": "law articles (LawRefBook/Laws); statutes, outside copyright",
    "env_notices.jsonl.gz": "environmental regulations and notices (Fungwingwaa/cee); official documents",
    "cases.jsonl.gz": "case titles and paragraphs (LawRefBook/Laws); official cases",
    "stard_q2statute.jsonl.gz": "lay questions and statutes (oneal2000/STARD); MIT",
    "lecoqa_q2answer.jsonl.gz": "lay questions and answers (oneal2000/LeCoQA); MIT",
    "lexeval.jsonl.gz": "legal questions (CSHaitao/LexEval); MIT",
    "questions.jsonl": "questions, their words only; written for this project",
    "utterances.jsonl": "utterances, their words only; written for this project",
    "items.jsonl": "stories, their words only; written for this project",
}


@dataclass(frozen=True)
class Article:
    law: str
    chapter: str
    number: str
    text: str


@dataclass(frozen=True)
class Material:
    """Everything read, in a fixed order."""

    articles: tuple[Article, ...]
    answered: tuple[tuple[str, str], ...]
    """Lay questions with a statute or an answer."""
    paragraphs: tuple[str, ...]
    questions: tuple[str, ...]
    """Every question as somebody would put it, for term statistics and the tokenizer: never with what
    it means or what answers it, so that those can be measured on them."""


def read_material(folder: Path, limit: int | None = None) -> Material:
    """Read the folder; ``limit`` keeps a sample of the articles (for tests and quick runs)."""
    articles = [
        Article(r["law"], r["path"].rpartition("/")[2], r["no"], r["text"])
        for r in rows(folder / "laws_articles.jsonl.gz")
        if len(r["text"]) >= 12
    ]
    random.Random(1).shuffle(articles)
    answered = [
        (r["q"], r["d"])
        for name in ("stard_q2statute", "lecoqa_q2answer", "lexeval", "cases")
        for r in rows(folder / f"{name}.jsonl.gz")
        if r.get("q") and r.get("d")
    ]
    paragraphs = [
        html.unescape(r["text"]).replace("\u2003", "").strip()
        for r in rows(folder / "env_notices.jsonl.gz")
        if 30 <= len(r["text"]) <= 1500
    ]
    questions = [r["question"] for r in rows(folder / "questions.jsonl")]
    questions += [r["text"] for r in rows(folder / "utterances.jsonl")]
    questions += [r["question"] for r in rows(folder / "items.jsonl")]
    questions += sorted({q for q, _ in answered})
    kept = tuple(articles[:limit])
    return Material(kept, tuple(answered), tuple(paragraphs), tuple(questions))


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON-lines file, packed or not; none where it does not exist."""
    if not file.exists():
        return
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    for line in content.splitlines():
        yield json.loads(line)


def fold_of(question: str) -> int:
    """The part a question belongs to: the same in every run."""
    return sha256(question.encode()).digest()[0] % FOLDS
