"""Puts on the app what editors do with the public's questions."""

from __future__ import annotations

from flask import Flask

from portal.library.desk.trial import join_trials

from . import try_views, work_views


def join_questions(app: Flask) -> None:
    """The list of questions, and asking against drafts."""
    join_trials(app)
    for pages in (work_views.pages, try_views.pages):
        app.register_blueprint(pages)
