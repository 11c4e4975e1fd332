"""The page of releases: what cannot be published is not ticked, and the impact is that of what is ticked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from knowledge.topic import Topic
from portal.accounts.models import Role
from portal.library.desk.drafts import next_editions
from portal.library.desk.hindrances import hindered, hindrances
from portal.library.desk.models import Draft
from portal.library.desk.release import approved
from portal.library.desk.topic_changes import new_topic
from portal.library.models import Release
from portal.library.record import current_release

from .desk import EDITOR, REVIEWER
from .small import ZHOUSHAN, make_notice
from .staff import make_staff, send, sign_in_as, signed_in
from .test_impact import RELEASES, case_citing, reads, revised, waits


def other_revised() -> object:
    notice = make_notice("zhoushan", ZHOUSHAN)
    return replace(
        notice, clauses=tuple(replace(c, text=c.text + "另有规定的除外。") for c in notice.clauses)
    )


@pytest.fixture
def two(session: Session) -> Session:
    """Two revised notices that wait, one of them with a case that rests on it."""
    case_citing(session)
    waits(session, revised())
    waits(session, other_revised())  # type: ignore[arg-type]
    return session


@pytest.fixture
def publisher(app: Flask) -> FlaskClient:
    client = app.test_client()
    signed_in(client, Role.PUBLISHER)
    return client


def goes_stale(session: Session, instrument: str) -> None:
    """As if another text had been published since the draft was opened."""
    draft = session.query(Draft).filter(Draft.open_for == instrument).one()
    draft.base_id = None
    session.commit()


def ticked(page: BeautifulSoup) -> list[object]:
    return [box["value"] for box in page.select("input[name=subject][checked]")]


def counted(page: BeautifulSoup) -> list[object]:
    return [mark["value"] for mark in page.select("#impact input[name=counted]") if mark["value"]]


def test_a_draft_that_cannot_be_published_is_not_ticked_and_says_why(publisher: FlaskClient, two: Session):
    goes_stale(two, "zhanhe")
    page = reads(publisher, RELEASES)
    assert ticked(page) == counted(page) == ["zhoushan"]
    row = page.select_one(".candidates li:has(input[value=zhanhe])")
    assert row is not None
    assert "草稿打开之后已发布了另一版" in row.text
    impact = page.select_one("#impact")
    assert impact is not None
    assert "没有在办案件" in impact.text, "the case rests on the one that is not ticked"
    assert "草稿打开之后" not in impact.text


def test_whoever_had_a_part_in_a_draft_has_it_not_ticked(app: Flask, two: Session):
    client = app.test_client()
    sign_in_as(client, two, make_staff(two, Role.PUBLISHER, name=REVIEWER))
    page = reads(client, RELEASES)
    assert ticked(page) == []
    assert page.text.count("须由别人发布") == 2
    assert "没有勾选要发布的内容" in page.text


def test_what_only_a_hindered_piece_would_bring_hinders_others(session: Session):
    new_topic(session, Topic("fees", "收费", "收费的规定", asked_as=("要交钱吗",)), actor=EDITOR)
    notice = revised()
    waits(session, replace(notice, clauses=tuple(replace(c, topics=("fees",)) for c in notice.clauses)))
    ready = approved(session)
    assert [d.subject for d in ready.drafts] == ["zhanhe"]
    assert ready.changes == (), "the topic is still being written"
    why = hindered(session, ready)
    assert list(why) == ["zhanhe"]
    assert "收费" in why["zhanhe"][0]


def test_the_piece_of_the_page_follows_the_ticks(publisher: FlaskClient, two: Session):
    one = reads(publisher, f"{RELEASES}/impact?subject=zhanhe")
    assert counted(one) == ["zhanhe"]
    assert "在办案件：1 件" in one.text
    assert "湛河区" in one.text
    assert "舟山" not in one.text
    other = reads(publisher, f"{RELEASES}/impact?subject=zhoushan&subject=nothing")
    assert counted(other) == ["zhoushan"]
    assert "没有在办案件" in other.text
    assert "没有勾选" in reads(publisher, f"{RELEASES}/impact").text
    assert one.select("html, nav, form") == []


def test_without_scripts_a_button_reckons_anew_and_keeps_what_was_typed(publisher: FlaskClient, two: Session):
    page = BeautifulSoup(
        send(publisher, f"{RELEASES}/impact", RELEASES, subject=["zhoushan"], note="先发舟山").text,
        "html.parser",
    )
    assert ticked(page) == counted(page) == ["zhoushan"]
    assert page.select_one("#note")["value"] == "先发舟山"  # type: ignore[index]
    assert page.select("#recount button[formaction$='/releases/impact']")


def test_nothing_is_published_under_the_impact_of_other_ticks(publisher: FlaskClient, two: Session):
    sent = {"subject": ["zhoushan"], "counted": ["", "zhanhe", "zhoushan"]}
    refused = send(publisher, f"{RELEASES}/publish", RELEASES, **sent)
    assert refused.status_code == 409
    page = BeautifulSoup(refused.text, "html.parser")
    assert "勾选变了" in page.text
    assert ticked(page) == counted(page) == ["zhoushan"]
    assert two.query(Release).count() == 1
    done = send(publisher, f"{RELEASES}/publish", RELEASES, subject=["zhoushan"], counted=["", "zhoushan"])
    assert done.status_code == 303
    two.rollback()
    assert current_release(two).number == 2  # type: ignore[union-attr]


def test_who_only_reads_sees_no_button_and_may_not_reckon_by_form(app: Flask, two: Session):
    client = app.test_client()
    signed_in(client, Role.EDITOR)
    page = reads(client, RELEASES)
    assert page.select("#recount") == []
    assert ticked(page) == counted(page) == ["zhanhe", "zhoushan"]
    assert send(client, f"{RELEASES}/impact", "/staff/knowledge/golden/new").status_code == 403


def test_a_hindrance_names_its_piece(two: Session):
    goes_stale(two, "zhoushan")
    ready = approved(two)
    rows = next_editions(two, [draft.edition for draft in ready.drafts])
    assert {h.subject for h in hindrances(two, ready, rows)} == {"zhoushan"}
