"""Forms that may carry files. They are encrypted as they arrive: no part of them lies open on the disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import IO, TypeVar, cast

from flask import Flask, Request, current_app, g, request
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

from portal.applications import visit
from portal.applications.models import Application
from portal.database import current_session
from portal.settings import Settings

from .acts import HandedIn, Received, hand_in
from .limits import MIB, limits
from .models import Purpose
from .store import Incoming, Store

View = TypeVar("View", bound=Callable[..., object])
_MARK = "rouwen_takes_files"


class FileRequest(Request):
    """A request whose files go to the store where its view takes files, and else into memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if not g.get("takes_files"):
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        incoming = current_store().receive(limits().largest)
        g.incoming = [*g.get("incoming", ()), incoming]
        return cast(IO[bytes], incoming)


def takes_files(view: View) -> View:
    """Marks a view whose form may carry files, from someone with an application open in this browser.

    Its form token is checked here and not before, since reading the form is what brings in the files.
    """

    @wraps(view)
    def receiving(*args: object, **kwargs: object) -> object:
        if request.method == "POST":
            if visit.opened_here() or visit.writing():
                g.takes_files = True
                request.max_content_length = limits().request_mib * MIB
            if current_app.config["WTF_CSRF_ENABLED"]:
                csrf: CSRFProtect = current_app.extensions["csrf"]
                csrf.protect()
        return view(*args, **kwargs)

    return checks_own_token(cast(View, receiving))


def checks_own_token(view: View) -> View:
    """Marks a view that checks the token of its form itself, once it has said how much it may read."""
    setattr(view, _MARK, True)
    return view


def hand_in_files(application: Application, name: str, purpose: Purpose = Purpose.EVIDENCE) -> HandedIn:
    """Keeps what this request sent under ``name``; StateConflict where the application is closed."""
    settings: Settings = current_app.extensions["rouwen.settings"]
    received = [
        Received(sent.filename or "", cast(Incoming, sent.stream))
        for sent in request.files.getlist(name)
        if sent.filename and isinstance(sent.stream, Incoming)
    ]
    if not received:
        return HandedIn()
    return hand_in(
        current_session(),
        current_store(),
        application.id,
        received,
        clamav=settings.clamav,
        purpose=purpose,
    )


def current_store() -> Store:
    store: Store = current_app.extensions["rouwen.uploads"]
    return store


def join_uploads(app: Flask, settings: Settings) -> None:
    """Gives ``app`` its store of files, and lets go of what a request brought in and did not keep."""
    app.extensions["rouwen.uploads"] = Store(settings.data / "uploads")
    app.request_class = FileRequest

    @app.teardown_request
    def let_go(_error: BaseException | None) -> None:
        for incoming in g.pop("incoming", ()):
            incoming.close()


def exempt_from_early_check(app: Flask, csrf: CSRFProtect) -> None:
    """Leaves the form tokens of marked views to those views; called when all routes are there."""
    for view in app.view_functions.values():
        if getattr(view, _MARK, False):
            csrf.exempt(view)
