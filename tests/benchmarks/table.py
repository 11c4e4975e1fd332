"""Tables of figures in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
METRICS = ("recall@1", "recall@3", "recall@10", "MRR")
Row = tuple[str, ...]


def markdown(head: Sequence[str], rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def row(name: str, *groups: Mapping[str, float]) -> Row:
    """One system with its figures, group by group; a dash where a group was not measured."""
    return (name, *(f"{group[m]:.3f}" if m in group else "–" for group in groups for m in METRICS))


def head(*groups: str) -> Row:
    return ("system", *(f"{group} {metric}" for group in groups for metric in METRICS))
