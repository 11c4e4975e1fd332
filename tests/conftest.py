"""What all tests share: where two workers run them at a time, each has servers of its own."""

from __future__ import annotations

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Of the servers that are named, this worker takes those of its own number; who only hands out the tests
    takes none."""
    if "PYTEST_XDIST_WORKER" not in os.environ and config.getoption("numprocesses", None):
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for name in ("TEST_REDIS_URL", "TEST_CHROMA_URL"):
        if servers := os.environ.get(name, "").split():
            os.environ[name] = servers[int(worker) % len(servers)]
