"""What all tests share: where two workers run them at a time, each has servers of its own."""

from __future__ import annotations

import os

import pytest

SLOW = (
    "test_publisher_killed.py",
    "test_publication_under_fire.py",
    "test_release_jobs.py",
    "test_training.py",
    "test_description.py",
    "test_crash.py",
)
"""Files of few tests that each take long: handed out first, so that no worker waits alone at the end."""


def pytest_configure(config: pytest.Config) -> None:
    """Of the servers that are named, this worker takes those of its own number; who only hands out the tests
    takes none."""
    if "PYTEST_XDIST_WORKER" not in os.environ and config.getoption("numprocesses", None):
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for name in ("TEST_REDIS_URL", "TEST_CHROMA_URL"):
        if servers := os.environ.get(name, "").split():
            os.environ[name] = servers[int(worker) % len(servers)]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: ("journeys" not in item.path.parts, item.path.name not in SLOW))
