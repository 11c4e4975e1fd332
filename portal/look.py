"""How the pages look to this visitor: language, text size, light or dark, region; kept in cookies."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from .language import COOKIE as LANGUAGE_COOKIE
from .language import caller_language
from .phrasing import (
    cited_words,
    date_words,
    moment_words,
    region_typed,
    region_words,
    section_words,
    stated_source,
)
from .settings import Settings
from .wording import wording

YEAR = 365 * 24 * 3600
CHOICES: Mapping[str, tuple[str, ...]] = {
    LANGUAGE_COOKIE: ("zh", "en"),
    "text": ("standard", "large"),
    "theme": ("auto", "light", "dark"),
}
REGION_COOKIE = "region"


@dataclass(frozen=True, slots=True)
class Look:
    theme: str
    text: str


def look() -> Look:
    """As chosen before; light or dark follows the device until someone chooses."""
    return Look(_chosen("theme", "auto"), _chosen("text", "standard"))


def chosen_region() -> str:
    """The region this visitor chose last, as a path or as typed; empty for none."""
    return unquote(request.cookies.get(REGION_COOKIE, ""))[:100]


def remember(response: Response, name: str, value: str) -> None:
    """Keeps a choice in the browser for a year; an empty value forgets it."""
    settings: Settings = current_app.extensions["rouwen.settings"]
    if value:
        response.set_cookie(
            name, quote(value, safe="/"), max_age=YEAR, samesite="Lax", secure=settings.https, path="/"
        )
    else:
        response.delete_cookie(name, path="/", samesite="Lax", secure=settings.https)


def this_address() -> str:
    """Where to come back to after a choice: this page, without the language its address may name."""
    if request.method != "GET":
        return url_for("chat.home")
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return quote(request.path) + (f"?{urlencode(kept)}" if kept else "")


def unsent_question() -> dict[str, str]:
    """The question of a form that could not be taken, so that the error page gives it back; else nothing."""
    if request.endpoint != "chat.ask_question":
        return {}
    try:
        form = request.form
    except HTTPException:  # the form itself is what could not be read
        return {}
    kept = {name: form.get(name, "") for name in ("question", "region", "conversation")}
    return kept if 0 < len(kept["question"]) <= 1000 else {}


def local_address(address: str) -> str:
    """``address`` when it is a page of this site, else the front page."""
    local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if local else url_for("chat.home")


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it."""
    path = Path(current_app.static_folder or "", name)
    return url_for("static", filename=name, v=_digest(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _chosen(name: str, default: str) -> str:
    value = request.cookies.get(name, default)
    return value if value in CHOICES[name] else default


def join_look(app: Flask) -> None:
    """Gives every template its texts (``t``), the visitor's look, and the ways of saying dates and places."""

    @app.context_processor
    def visitor() -> dict[str, object]:
        settings: Settings = app.extensions["rouwen.settings"]
        return {
            "t": wording(caller_language()),
            "look": look(),
            "asset": asset,
            "this_address": this_address,
            "unsent_question": unsent_question,
            "site": settings,
        }

    app.add_template_filter(section_words)
    app.add_template_filter(cited_words)
    app.add_template_filter(stated_source)
    app.add_template_filter(region_typed)
    app.add_template_filter(lambda region: region_words(region, caller_language()), "region_words")
    app.add_template_filter(lambda day: date_words(day, caller_language()), "date_words")
    app.add_template_filter(lambda moment: moment_words(moment, caller_language()), "moment_words")
    app.add_template_filter(datetime.fromisoformat, "as_moment")
