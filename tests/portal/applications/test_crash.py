"""kill -9 in the middle of submitting and withdrawing: nothing acknowledged is lost, nothing is half done."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.settings import Settings

from .crashing import check_whole, crash_many_times

TIMES = 10


def test_after_every_kill_what_was_acknowledged_is_there_and_nothing_is_half_done(
    settings: Settings, session: Session
):
    told = crash_many_times(settings, TIMES)
    assert len(told.submitted) >= TIMES
    assert check_whole(session, told) >= len(told.submitted)
