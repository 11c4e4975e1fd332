"""What the operator can watch: Prometheus counters and times, none of which names a person or a question."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Metrics:
    registry: CollectorRegistry
    requests: Counter
    request_seconds: Histogram
    answers: Counter
    answer_seconds: Histogram
    feedback: Counter
    applications: Counter
    code_guesses: Counter

    @classmethod
    def make(cls) -> Metrics:
        registry = CollectorRegistry()
        return cls(
            registry,
            Counter("rouwen_requests", "Requests", ["route", "method", "status"], registry=registry),
            Histogram(
                "rouwen_request_seconds", "Time a request took", ["route"], buckets=SECONDS, registry=registry
            ),
            Counter(
                "rouwen_answers", "Answers by status and writer", ["status", "written_by"], registry=registry
            ),
            Histogram("rouwen_answer_seconds", "Time the assistant took", buckets=SECONDS, registry=registry),
            Counter("rouwen_feedback", "Feedback on answers", ["helpful"], registry=registry),
            Counter("rouwen_applications", "Acts of parties on applications", ["act"], registry=registry),
            Counter("rouwen_code_guesses", "Numbers and codes that did not match", registry=registry),
        )

    def text(self) -> bytes:
        """Everything measured: of all workers where they share a folder, else of this process."""
        registry = self.registry
        if values.ValueClass._multiprocess:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def join_metrics(app: Flask) -> None:
    metrics = Metrics.make()
    app.extensions["rouwen.metrics"] = metrics

    @app.before_request
    def start() -> None:
        g.measured_from = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "?"
        method = request.method if request.url_rule else "?"
        metrics.requests.labels(route, method, response.status_code).inc()
        if "measured_from" in g:
            metrics.request_seconds.labels(route).observe(time.perf_counter() - g.measured_from)
        return response


def current_metrics() -> Metrics:
    metrics: Metrics = current_app.extensions["rouwen.metrics"]
    return metrics
