"""What the forms of the staff area have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.errors import FieldError, Problem
from portal.language import caller_language

Answer = str | Response | tuple[str, int]
"""What a view of the staff area gives back."""


def field_text(name: str, longest: int = 200) -> str:
    """A text field without the space around it and without characters that cannot be seen."""
    return "".join(c for c in request.form.get(name, "") if c.isprintable()).strip()[:longest]


def field_lines(name: str) -> str:
    """A text of several lines without the space around it; the ends of lines as we write them."""
    return "\n".join(request.form.get(name, "").split("\r\n")).strip()


def typed_form() -> Mapping[str, str]:
    """What was typed, where the form was sent; nothing at a first look."""
    return request.form if request.method == "POST" else {}


def secret_text(name: str) -> str:
    """A password or code exactly as typed; one beyond any limit is cut, and so is wrong."""
    return request.form.get(name, "")[:1000]


def form_page(template: str, errors: Iterable[FieldError] = (), **values: object) -> tuple[str, int]:
    """A page with a form; with errors it is a 422 that says at each field what is wrong."""
    told: Mapping[str, str] = {e.field: e.text(caller_language()) for e in errors}
    return render_template(template, errors=told, **values), 422 if told else 200


def problem_page(template: str, problem: Problem | None, **values: object) -> tuple[str, int]:
    """A page with a form, also after an act that was refused: with its words and its status."""
    page, status = form_page(template, problem.errors if problem else (), problem=problem, **values)
    return page, problem.status if problem else status
