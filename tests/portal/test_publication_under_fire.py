"""While workers answer without pause, releases come and go: every answer is wholly of one of them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.library import publication
from portal.library.shelving import Shelving
from portal.library.status import status_of
from portal.settings import Settings

from .firing import WORKERS, check_every_answer, publish_and_roll_back, under_fire
from .small import WITHDRAW

TIMES = 15


def test_no_answer_fails_or_mixes_two_releases_while_publications_and_rollbacks_run(
    settings: Settings, session: Session, shelving: Shelving
):
    with under_fire(settings.data) as told:
        publish_and_roll_back(session, shelving, TIMES)
    assert len(told.answers) > WORKERS * TIMES
    assert len(told.releases()) > TIMES // 2
    check_every_answer(session, told.answers)
    publication.sweep(session, shelving)
    status = status_of(session, shelving)
    assert (status.release, status.servable, status.drafts, status.strays) == (TIMES + 1, True, (), ())
    assert status.journal is not None


def test_an_answer_that_says_of_one_release_what_stands_in_another_would_be_found_out(
    session: Session, shelving: Shelving
):
    publish_and_roll_back(session, shelving, 1)

    def answer(release: int, text: str) -> dict[str, object]:
        return {"status": 200, "release": release, "cited": [(release, "zhanhe", "二/3", text)]}

    check_every_answer(session, [answer(1, WITHDRAW), answer(2, f"{WITHDRAW}（第1稿）")])
    with pytest.raises(AssertionError):
        check_every_answer(session, [answer(2, WITHDRAW)])
    with pytest.raises(AssertionError):
        check_every_answer(session, [answer(1, f"{WITHDRAW}（第1稿）")])
