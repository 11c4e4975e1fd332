"""Benchmarks: `make bench` runs them all in one go, prints ratios and writes a table under docs/."""

from __future__ import annotations


def run_all() -> int:
    """Runs every benchmark; the exit status is 0 unless one of them cannot run."""
    from . import answering, crashing, publishing, retrieval, service

    stages = answering.rows()
    retrieval.main(stages)
    answering.write([*stages, *service.rows(), *publishing.rows(), *crashing.rows()])
    return 0
