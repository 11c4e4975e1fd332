"""Puts the desk on the app."""

from __future__ import annotations

from flask import Flask

from portal.accounts.navigation import Entry, offer
from portal.library.making import copy_views
from portal.library.making import views as making_views

from . import release_views, text_views, topic_views, views
from .intake import page_views as import_page_views
from .intake import row_views as import_row_views
from .intake import views as import_views
from .items import views as item_views
from .jobs.joining import join_release_jobs


def join_desk(app: Flask) -> None:
    """The pages of the desk and their place in the staff area."""
    from portal.golden import check_pages
    from portal.golden import pages as golden_pages  # it rests on the desk itself
    from portal.rules import pages as rule_pages

    for pages in (
        topic_views.pages,
        release_views.pages,
        making_views.pages,
        copy_views.pages,
        import_views.pages,
        import_row_views.pages,
        import_page_views.pages,
        item_views.pages,
        text_views.pages,
        views.pages,
        golden_pages.pages,
        check_pages.pages,
        rule_pages.pages,
    ):
        app.register_blueprint(pages)
    join_release_jobs(app)
    offer(app, Entry("knowledge", "desk.index", views.READERS, order=20))
