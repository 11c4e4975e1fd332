"""One table from what went wrong to status and words, as problem+json (RFC 9457) or as a page."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from knowledge.vectors import StoreUnavailableError

from .language import caller_language
from .logs import log_failure
from .phrasing import region_words
from .wording import Language

PROBLEM_TYPE = "application/problem+json"
TABLE = Path(__file__).with_name("wording") / "problems.json"

_BY_STATUS = {
    400: "unreadable",
    403: "forbidden",
    404: "not_found",
    405: "method",
    413: "too_large",
    415: "media_type",
}


@cache
def table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return data


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; ``word`` names its wording in the table."""

    field: str
    word: str
    values: Mapping[str, object] = dataclass_field(default_factory=dict)

    def text(self, language: Language) -> str:
        joined = {k: "、".join(v) if isinstance(v, list | tuple) else v for k, v in self.values.items()}
        words: str = table()["fields"][self.word][language]
        return words.format(**joined)

    def to_json(self, language: Language) -> dict[str, object]:
        body: dict[str, object] = {"field": self.field, "detail": self.text(language)}
        if "candidates" in self.values:
            body["candidates"] = self.values["candidates"]
        return body


class Problem(Exception):  # noqa: N818  named for what the caller is told
    """Something a caller can be told. ``slug`` is its row in the table."""

    slug = "refused"

    def __init__(
        self,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(self.slug)
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.values = values
        self.status: int = status or table()["problems"][self.slug]["status"]
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)

    def title(self, language: Language) -> str:
        words: str = table()["problems"][self.slug]["title"][language]
        return words

    def detail(self, language: Language) -> str:
        words: str = table()["problems"][self.slug]["detail"][language]
        return words.format(**self.values)

    def sentence(self, language: Language = Language.CHINESE) -> str:
        """One line for the command line: the fields' words where there are any."""
        return "".join(e.text(language) for e in self.errors) or self.detail(language)

    def to_json(self, language: Language) -> dict[str, object]:
        body: dict[str, object] = {
            "type": f"urn:rouwen:problem:{self.slug.replace('_', '-')}",
            "title": self.title(language),
            "status": self.status,
            "detail": self.detail(language),
        }
        if self.errors:
            body["errors"] = [e.to_json(language) for e in self.errors]
        return body


class Unreadable(Problem):
    slug = "unreadable"


class Forbidden(Problem):
    slug = "forbidden"


class NotFound(Problem):
    slug = "not_found"


class UnknownConversation(Problem):
    slug = "unknown_conversation"


class InProgress(Problem):
    slug = "in_progress"


class UnsupportedMedia(Problem):
    slug = "media_type"


class FieldErrors(Problem):
    slug = "fields"


class KeyReused(Problem):
    slug = "key_reused"


class TooMany(Problem):
    slug = "too_many"


class NotReady(Problem):
    slug = "not_ready"


class SwitchedOff(Problem):
    """Nothing is answered, or nothing for ``region`` while the other regions go on."""

    slug = "switched_off"

    def __init__(self, *, region: str = "") -> None:
        super().__init__(region=region)
        self.region = region

    def detail(self, language: Language) -> str:
        if not self.region:
            return super().detail(language)
        words: str = table()["problems"][self.slug]["detail_region"][language]
        return words.format(region=region_words(self.region, language))


class Busy(Problem):
    slug = "busy"


class _OfStatus(Problem):
    """A problem that the framework found, told in the words of its status."""

    def __init__(self, slug: str, **values: Any) -> None:  # noqa: ANN401  passed on
        self.slug = slug
        super().__init__(**values)


def problem_of(error: Exception) -> Problem:
    """The problem that an error is to its caller. One that nobody foresaw is logged under a reference."""
    match error:
        case Problem():
            return error
        case CSRFError():
            return _OfStatus("form_expired")
        case StaleDataError():
            return _OfStatus("edit_conflict")
        case HTTPException():
            status = error.code or 500
            told = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
            return _OfStatus(_BY_STATUS.get(status, "refused"), status=status, headers=told)
        case OperationalError() | StoreUnavailableError():
            log_failure(error)
            return NotReady(retry_after=5)
        case _:
            reference = secrets.token_hex(4)
            log_failure(error, reference)
            return _OfStatus("internal", reference=reference)


def join_errors(app: Flask) -> None:
    """Every error of ``app`` becomes a problem, in JSON or on a page; never a stack trace."""

    @app.errorhandler(Exception)
    def told(error: Exception) -> Response:
        if isinstance(error, HTTPException) and (error.code or 500) < 400:
            return make_response(error.get_response())  # a redirect to the canonical address
        return _respond(problem_of(error))


def _respond(problem: Problem) -> Response:
    language = caller_language()
    if wants_json():
        body = json.dumps(problem.to_json(language), ensure_ascii=False)
        response = make_response(body, problem.status)
        response.content_type = PROBLEM_TYPE
    else:
        detail = problem.detail(language) + "".join(e.text(language) for e in problem.errors)
        page = render_template(
            "error.html", status=problem.status, title=problem.title(language), detail=detail
        )
        response = make_response(page, problem.status)
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = language.tag
    return response


def wants_json() -> bool:
    """True for the API and for callers that would rather have JSON than a page."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM_TYPE])
    return best in ("application/json", PROBLEM_TYPE) or not request.accept_mimetypes.accept_html
