"""Structured logs. They say what happened and how long it took, never what a person wrote."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from pathlib import Path

import structlog
from flask import Flask, Response, g, request

ROOT = Path(__file__).resolve().parent.parent
MAX_FRAMES = 12

log: structlog.stdlib.BoundLogger = structlog.get_logger("rouwen")


def set_up_logs() -> None:
    """One JSON line an event on the error stream. Called by the processes that serve, not by importing."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def join_logs(app: Flask) -> None:
    """Logs each request by its route, so that neither addresses nor query strings are kept."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        started = g.get("started")
        log.info(
            "request",
            method=request.method if request.url_rule else "?",
            route=request.url_rule.rule if request.url_rule else "?",
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1) if started else None,
        )
        return response


def log_failure(error: BaseException, reference: str = "") -> None:
    """Logs where an error arose and of what type it is. Its message stays out: it may quote a question."""
    log.error(
        "failure",
        error=type(error).__qualname__,
        reference=reference,
        frames=[
            f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
        ],
    )


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
