"""Puts the jobs of publishing on the app, and lets a process that serves do them."""

from __future__ import annotations

from flask import Flask

from portal.database import Database
from portal.jobs import Consuming, job_queue, join_jobs
from portal.keys import Keyring
from portal.library.holder import knowledge_holder
from portal.settings import Settings

from . import views
from .asking import hand_over_waiting
from .running import run


def join_release_jobs(app: Flask) -> None:
    """The queue of the portal, and the pages of its jobs. Nothing is opened yet."""
    settings, keyring = app.extensions["rouwen.settings"], app.extensions["rouwen.keyring"]
    assert isinstance(settings, Settings)
    assert isinstance(keyring, Keyring)

    def work(number: int) -> None:
        run(app.extensions["rouwen.database"], knowledge_holder(app).shelving, number)

    join_jobs(app, settings, keyring.secret_key, work)
    app.register_blueprint(views.pages)


def start_jobs(app: Flask) -> Consuming:
    """Does the jobs that are handed over, in a thread of this process, and takes up those that wait."""
    queue, database = job_queue(app), app.extensions["rouwen.database"]
    assert isinstance(database, Database)
    consuming = queue.start()
    with database.session() as session:
        hand_over_waiting(session, queue)
    return consuming
