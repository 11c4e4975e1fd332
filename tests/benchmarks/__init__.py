"""Benchmarks: `make bench` runs them all in one go, prints ratios and writes a table under docs/."""

from __future__ import annotations


def run_all() -> int:
    """Runs every benchmark; the exit status is 0 unless one of them cannot run."""
    from . import answering, crashing, retrieval, service

    retrieval.main()
    rows = [*answering.rows(), *service.rows(), *crashing.rows()]
    answering.write(rows)
    return 0
