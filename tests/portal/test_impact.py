"""What a publication would touch is told before it is done, and whoever rests on it is told when it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import record
from knowledge.edition import Edition
from portal.accounts.models import Role
from portal.applications.flagging import CaseWatcher
from portal.applications.models import Application
from portal.chat.acts import ask
from portal.chat.citing import AnswerWatcher
from portal.journal import JournalEntry
from portal.library import publication
from portal.library.desk.drafts import needed_draft
from portal.library.holder import KnowledgeHolder
from portal.library.models import Origin
from portal.library.record import keep_edition
from portal.library.shelving import Shelving
from portal.library.watch import flagged_by, watchers_of
from portal.rules.watching import RuleWatcher
from portal.settings import Settings
from portal.workbench import Workbench

from .applications.cases import make_application
from .applications.desk import make_officer
from .desk import approved_draft
from .small import ScriptedAssistant, make_notice
from .staff import AGENCY, send, signed_in

RELEASES = "/staff/knowledge/releases"


def revised() -> Edition:
    """The notice with another rule on withdrawing, which the sample answers cite."""
    notice = make_notice()
    clauses = tuple(
        replace(c, text="3.申请受理以前可以撤回。") if c.section == "二/3" else c for c in notice.clauses
    )
    return replace(notice, clauses=clauses)


def waits(session: Session, edition: Edition) -> None:
    """An approved draft with this text."""

    def writes() -> None:
        draft = needed_draft(session, edition.instrument)
        draft.edition.content = record.edition_to_json(edition)
        draft.edition.digest = record.digest(edition)
        session.commit()

    approved_draft(session, edition.instrument, writes)


def case_citing(session: Session, section: str = "二/3") -> Application:
    case = make_application(session)
    case.verdict = {"release": 1, "verdict": {}, "citations": [{"document": "zhanhe", "section": section}]}
    session.commit()
    return case


def reads(client: FlaskClient, address: str = RELEASES) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def told(page: BeautifulSoup) -> str:
    box = page.select_one(".impact-totals")
    assert box is not None
    return box.get_text(" ", strip=True)


@pytest.fixture
def publisher(app: Flask) -> FlaskClient:
    client = app.test_client()
    signed_in(client, Role.PUBLISHER, agency="湛河区司法局")
    return client


def test_before_a_publication_the_page_counts_what_rests_on_it(
    publisher: FlaskClient,
    session: Session,
    assistant: ScriptedAssistant,
    holder: KnowledgeHolder,
):
    make_officer(session)
    case_citing(session)
    case_citing(session, "二")
    case_citing(session, "二/4")
    for _ in range(2):
        ask(session, holder.current(session), None, text="申请以后还能撤回吗")
    waits(session, revised())
    page = reads(publisher)
    assert "在办案件：2 件" in told(page)
    assert f"{AGENCY} 2 件" in told(page)
    assert "回答：2 个" in told(page)
    line = page.select_one(".impact-line")
    assert line is not None
    assert "改动 1 处" in line.text
    assert "在办案件 2 件，过去的回答 2 个" in line.text
    (part,) = page.select(".impact-parts li")
    assert part.get_text(" ", strip=True).endswith("有改动")
    assert page.select("a[href$='/documents/zhanhe/difference']")
    assert "RW20" not in page.text, "who may not read cases is told no numbers"


def test_who_may_read_the_cases_finds_their_numbers(app: Flask, session: Session):
    make_officer(session)
    case = case_citing(session)
    elsewhere = make_officer(session, agency="湛河区水利局")
    waits(session, revised())
    both, other = app.test_client(), app.test_client()
    signed_in(both, Role.PUBLISHER, Role.OFFICER, agency=AGENCY)
    signed_in(other, Role.PUBLISHER, Role.OFFICER, agency="湛河区水利局")
    assert elsewhere.agency_id
    links = reads(both).select(".impact-totals a")
    assert [(a.text, a["href"]) for a in links] == [(case.number, f"/staff/cases/{case.number}")]
    assert reads(other).select(".impact-totals a") == []
    assert "在办案件：1 件" in told(reads(other))


def test_a_draft_that_changes_only_what_leads_to_the_text_concerns_nobody(
    publisher: FlaskClient, session: Session
):
    case_citing(session)
    notice = make_notice()
    asked = replace(notice, clauses=tuple(replace(c, asked_as=("能撤吗",)) for c in notice.clauses))
    waits(session, asked)
    page = reads(publisher)
    assert page.select(".impact-totals, .impact-line") == []
    assert "不涉及案件和回答" in page.text


def test_after_it_the_history_tells_how_many_were_flagged(publisher: FlaskClient, session: Session):
    case_citing(session)
    waits(session, revised())
    assert send(publisher, f"{RELEASES}/publish", RELEASES, subject=["zhanhe"]).status_code == 303
    current = reads(publisher).select_one(".releases .current")
    assert current is not None
    assert "已提示 1 件在办案件的承办人核对依据" in current.text
    session.rollback()
    assert flagged_by(session, [1, 2]) == {2: 1}


def test_going_back_is_told_before_it_is_done_too(
    publisher: FlaskClient, session: Session, shelving: Shelving
):
    case_citing(session)
    keep_edition(session, revised(), origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    publication.publish(session, shelving, actor="operator")
    assert reads(publisher).select(f"a[href='{RELEASES}/1/impact']")
    page = reads(publisher, f"{RELEASES}/1/impact")
    assert "在办案件：1 件" in told(page)
    assert "内容没有变化" in reads(publisher, f"{RELEASES}/2/impact").text
    assert publisher.get(f"{RELEASES}/9/impact").status_code == 404


def test_the_pages_and_the_command_line_tell_the_same_watchers(app: Flask, settings: Settings):
    bench = Workbench(settings)
    with app.extensions["rouwen.database"].session() as pages, bench.database.session() as line:
        for session in (pages, line):
            assert [type(w) for w in watchers_of(session)] == [RuleWatcher, CaseWatcher, AnswerWatcher]
    bench.database.engine.dispose()


def test_the_journal_has_with_the_release_how_many_answers_cite_what_it_changes(
    session: Session, assistant: ScriptedAssistant, holder: KnowledgeHolder, shelving: Shelving
):
    ask(session, holder.current(session), None, text="申请以后还能撤回吗")
    keep_edition(session, revised(), origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    publication.publish(session, shelving, actor="operator")
    event = session.scalars(select(JournalEntry).where(JournalEntry.act == "release.publish")).one()
    assert event.detail["answers"] == 1
    assert "cases" not in event.detail
