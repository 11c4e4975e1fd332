"""What was public and was put right stays in the history of an item: its words, its days, the change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from knowledge.edition import Edition
from knowledge.exemption import Condition, ListOutcome
from portal.library import publication
from portal.library.models import EditionRow, Origin, Release, ReleaseEdition
from portal.library.record import editions_now, keep_edition
from portal.library.replaced import Replaced, replaced_versions
from portal.library.shelving import Shelving

from .small import make_list, make_notice

ITEM = "1"


def listed(
    *conditions: str, outcome: ListOutcome = ListOutcome.FIRST_OFFENCE_EXEMPT, **more: object
) -> Edition:
    edition = make_list(**more)
    item = replace(edition.items[0], conditions=tuple(map(Condition, conditions)), outcome=outcome)
    return replace(edition, items=(item,))


def publish(session: Session, shelving: Shelving, *editions: Edition) -> int:
    for edition in editions:
        keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    return publication.publish(session, shelving, actor="operator").release


def told(session: Session, instrument: str = "list-one", section: str = ITEM) -> tuple[Replaced, ...]:
    from portal.library.record import current_release, edition_of

    release = current_release(session)
    assert release is not None
    held = [edition_of(row) for row in editions_now(session) if row.instrument_id == instrument]
    return replaced_versions(session, instrument, section, held, release=release.number)


def words(one: Replaced) -> dict[str, list[tuple[str, str]]]:
    return {name: [(run.kind.value, run.text) for run in runs] for name, runs in one.changes}


def moment(session: Session, release: int) -> object:
    return session.get_one(Release, release).made_at


def test_what_a_correction_replaced_on_the_same_first_day_is_told_with_its_days(
    session: Session, shelving: Shelving
):
    wrong = publish(session, shelving, listed("金额不超过5000元"))
    right = publish(session, shelving, listed("金额不超过500元"))
    latest, first = told(session)
    assert (latest.since, latest.until) == (moment(session, wrong), moment(session, right))
    assert words(latest) == {
        "conditions": [("same", "金额不超过"), ("removed", "5000"), ("added", "500"), ("same", "元")]
    }
    assert (first.since, first.until) == (moment(session, 1), moment(session, wrong))


def test_another_outcome_is_replaced_whole_and_in_words(session: Session, shelving: Shelving):
    publish(session, shelving, listed("初次违法", "及时改正", outcome=ListOutcome.MAY_BE_EXEMPT))
    (one,) = told(session)
    (name, runs), *rest = one.changes
    assert (name, rest) == ("outcome", [])
    assert [run.kind.value for run in runs] == ["removed", "added"]
    assert not any(run.text.isascii() for run in runs)


def test_what_says_the_same_is_no_further_version(session: Session, shelving: Shelving):
    listed_now = make_list()
    asked = replace(listed_now, items=(replace(listed_now.items[0], asked_as=("忘了报税",)),))
    publish(session, shelving, asked)
    assert told(session) == (), "it still says what it said"
    release = publish(session, shelving, listed("金额不超过500元"))
    (one,) = told(session)
    assert (one.since, one.until) == (moment(session, 1), moment(session, release))


def test_what_was_taken_back_and_what_came_again_are_told_by_their_days(session: Session, shelving: Shelving):
    publish(session, shelving, listed("金额不超过500元"))
    publication.roll_back(session, shelving, 1, actor="operator")
    (taken_back,) = told(session)
    assert (taken_back.since, taken_back.until) == (moment(session, 2), moment(session, 3))
    publication.roll_back(session, shelving, 2, actor="operator")
    assert [(one.since, one.until) for one in told(session)] == [
        (moment(session, 3), moment(session, 4)),
        (moment(session, 1), moment(session, 2)),
    ]


def test_an_edition_that_still_answers_for_its_own_days_is_not_replaced(session: Session, shelving: Shelving):
    publish(session, shelving, listed("金额不超过500元", in_force_from=date(2022, 1, 1)))
    assert told(session) == ()


def test_a_clause_and_what_stands_below_it_are_told_too(session: Session, shelving: Shelving):
    notice = make_notice()
    clauses = tuple(replace(c, text="3.不得撤回。") if c.section == "二/3" else c for c in notice.clauses)
    publish(session, shelving, replace(notice, clauses=clauses))
    for section in ("二/3", "二"):
        (one,) = told(session, "zhanhe", section)
        assert "added" in {run.kind.value for _, runs in one.changes for run in runs}
    assert told(session, "zhanhe", "二/4") == ()
    assert told(session, "zhanhe", "九") == ()


def test_an_item_that_the_correction_dropped_is_told_whole(session: Session, shelving: Shelving):
    two = make_list()
    second = replace(two.items[0], number="2", matter="未按期备案")
    publish(session, shelving, replace(two, items=(*two.items, second)))
    publish(session, shelving, two)
    (one,) = told(session, section="2")
    assert words(one)["matter"] == [("removed", "未按期备案")]


@pytest.mark.parametrize("releases", [5, 400])
def test_it_asks_as_little_of_many_releases_as_of_few(session: Session, shelving: Shelving, releases: int):
    publish(session, shelving, listed("金额不超过500元"))
    now = [row.id for row in editions_now(session)]
    first = session.get_one(Release, 2)
    numbers = range(3, 3 + releases)
    copied = {c.name: getattr(first, c.name) for c in Release.__table__.columns}
    session.execute(insert(Release), [{**copied, "number": n} for n in numbers])
    held = [{"release": n, "edition_id": e} for n in numbers for e in now]
    session.execute(insert(ReleaseEdition), held)
    session.commit()
    asked: list[str] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *a: asked.append(a[2]))
    found = replaced_versions(session, "list-one", ITEM, [listed("金额不超过500元")], release=numbers[-1])
    assert len(found) == 1
    assert len(asked) == 3
    assert session.query(EditionRow).count() == 5


def test_the_page_of_an_item_shows_it(client: FlaskClient, session: Session, shelving: Shelving):
    publish(session, shelving, listed("金额不超过5000元"))
    publish(session, shelving, listed("金额不超过500元"))
    page = BeautifulSoup(client.get("/library/list-one/1").text, "html.parser")
    section = page.select_one("section.history")
    assert section is not None
    assert "更正以前公开过的文字" in section.text
    lines = section.select("#replaced ~ ol > li")
    assert len(lines) == 2
    assert "公开" in lines[0].text
    assert lines[0].select_one("del").text == "5000"  # type: ignore[union-attr]
    assert "更正以前公开过的文字" not in client.get("/library/zhanhe/二/3").text
