"""Puts on the app what editors do with the public's questions."""

from __future__ import annotations

from flask import Flask

from . import work_views


def join_questions(app: Flask) -> None:
    """The list of questions, and asking against drafts."""
    app.register_blueprint(work_views.pages)
