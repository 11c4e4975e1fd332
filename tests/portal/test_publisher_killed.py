"""A publisher that is killed without warning leaves the old release or the new one, never a third thing; one
in the background leaves a job that says which."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.library import publication
from portal.library.desk.jobs.standing import Standing
from portal.library.shelving import Shelving
from portal.library.status import status_of
from portal.settings import Settings

from .golden import keep, make_question
from .job_killing import finish_what_was_interrupted, kill_consumers
from .killing import kill_many_times, publish_what_was_interrupted
from .staff import make_staff

TIMES = 10
CONSUMERS = 6


def test_a_killed_publisher_leaves_the_old_release_or_the_new_and_a_restart_leaves_no_trace(
    settings: Settings, session: Session, shelving: Shelving
):
    done = kill_many_times(settings, session, shelving, TIMES)
    assert done < TIMES, "every publisher was done before it was killed"
    publish_what_was_interrupted(session, shelving)
    told = status_of(session, shelving)
    gone = publication.sweep(session, shelving)
    assert gone == told.strays
    status = status_of(session, shelving)
    assert (status.servable, status.drafts, status.strays) == (True, (), ())
    assert status.journal is not None
    kept = publication.kept_shelves(session)
    assert {name.rpartition("-")[0] for name in shelving.store.vectors.names()} <= kept


def test_a_killed_consumer_leaves_a_job_that_says_whether_its_release_is_there(
    settings: Settings, session: Session, shelving: Shelving
):
    keep(session, make_question("a"))
    publisher = make_staff(session, Role.PUBLISHER).name
    stands = kill_consumers(settings, session, shelving, CONSUMERS, publisher)
    assert Standing.LOST in stands, "every job was done before its consumer was killed"
    finish_what_was_interrupted(settings, session, publisher)
    publication.sweep(session, shelving)
    status = status_of(session, shelving)
    assert (status.servable, status.drafts, status.strays) == (True, (), ())
