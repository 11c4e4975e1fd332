"""The pages around the assistant: what it is, privacy, accessibility, whom to ask."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from .language import caller_language
from .look import CHOICES, local_address, remember
from .permissions import public
from .settings import Settings
from .wording import prose

pages = Blueprint("pages", __name__)


@pages.get("/about")
@public
def about() -> str:
    return _prose("about")


@pages.get("/privacy")
@public
def privacy() -> str:
    settings: Settings = current_app.extensions["rouwen.settings"]
    return _prose("privacy", *(["privacy_model"] if settings.model else []))


@pages.get("/accessibility")
@public
def accessibility() -> str:
    return _prose("accessibility")


@pages.get("/help", endpoint="help")
@public
def help_page() -> str:
    return _prose("help")


@pages.post("/preferences")
@public
def preferences() -> Response:
    """Keeps one choice of the visitor and goes back to the page it was made on."""
    response = redirect(local_address(request.form.get("next", "")), 303)
    for name, allowed in CHOICES.items():
        value = request.form.get(name)
        if value in allowed:
            remember(response, name, value)
    return response


def _prose(name: str, *further: str) -> str:
    pages_of = prose(caller_language())
    sections = [*pages_of[name], *(section for other in further for section in pages_of[other])]
    return render_template("prose.html", name=name, sections=sections, here=name)
