"""Whether the portal lives, whether it can answer, and what it measures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from .errors import NotReady
from .library.holder import current_knowledge
from .metrics import CONTENT_TYPE, current_metrics
from .permissions import Permission, public, requires

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def get_health() -> dict[str, Any]:
    """The process is up."""
    return {"status": "ok"}


@health.get("/readyz")
@public
def get_readiness() -> dict[str, Any]:
    """The database, the release in force and its store answer; 503 where one of them does not."""
    knowledge = current_knowledge()
    if not knowledge.store.vectors.alive():
        raise NotReady(retry_after=5)
    return {"status": "ready", "release": knowledge.release, "shelves": len(knowledge.shelves)}


@health.get("/metrics")
@requires(Permission.METRICS_READ)
def get_metrics() -> Response:
    """Counters and times, for Prometheus."""
    return Response(current_metrics().text(), content_type=CONTENT_TYPE)
