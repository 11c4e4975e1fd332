"""Why a job was refused, kept so that the page can tell it as if the act had been refused before its eyes."""

from __future__ import annotations

from typing import Any

from portal.errors import FieldError, Problem


class Refused(Problem):
    """A problem that was kept with a job: the same words and status as when it arose."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.slug = kept["slug"]
        errors = [FieldError(e["field"], e["word"], e["values"]) for e in kept["errors"]]
        super().__init__(errors=errors, status=kept["status"], **kept["values"])


def kept_problem(problem: Problem) -> dict[str, Any]:
    """A problem as JSON."""
    return {
        "slug": problem.slug,
        "status": problem.status,
        "values": dict(problem.values),
        "errors": [{"field": e.field, "word": e.word, "values": dict(e.values)} for e in problem.errors],
    }
