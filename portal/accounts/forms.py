"""What the forms of the staff area have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import render_template, request

from portal.errors import FieldError
from portal.language import caller_language


def field_text(name: str, longest: int = 200) -> str:
    """A text field without the space around it."""
    return request.form.get(name, "").strip()[:longest]


def secret_text(name: str) -> str:
    """A password or code exactly as typed; one beyond any limit is cut, and so is wrong."""
    return request.form.get(name, "")[:1000]


def form_page(template: str, errors: Iterable[FieldError] = (), **values: object) -> tuple[str, int]:
    """A page with a form; with errors it is a 422 that says at each field what is wrong."""
    told: Mapping[str, str] = {e.field: e.text(caller_language()) for e in errors}
    return render_template(template, errors=told, **values), 422 if told else 200
