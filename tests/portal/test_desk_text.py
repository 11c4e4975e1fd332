"""The text of a draft is written on the desk: details, clauses, and nobody's words are overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from knowledge.clause import ClauseRef
from portal import journal
from portal.accounts.models import Role
from portal.errors import FieldErrors, NotFound
from portal.library.desk import annotating as desk
from portal.library.desk.drafts import DraftMoved, needed_draft, open_draft
from portal.library.desk.release import publish_approved
from portal.library.desk.review import approve, submit
from portal.library.desk.text_acts import (
    ClauseWords,
    TextChanged,
    add_clause,
    details_of,
    digest_of_clause,
    digest_of_details,
    edit_clause,
    edit_details,
    remove_clause,
)
from portal.library.details import Details
from portal.library.held import held_now
from portal.library.models import EditionState
from portal.library.publication import publish
from portal.library.shelving import Shelving

from .desk import EDITOR, NINGBO, PUBLISHER, REVIEWER, SECOND, bring_in, does, on_desk, part
from .staff import send, signed_in

DOCUMENT = "/staff/knowledge/documents/shanqian"
DETAILS, TALK = f"{DOCUMENT}/details", ClauseRef("shanqian", "二/（四）")


@pytest.fixture
def draft(session: Session) -> Session:
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    return session


def seen(session: Session, place: ClauseRef = TALK) -> str:
    return digest_of_clause(part(session, place.section))


def told(session: Session, **changes: object) -> Details:
    return replace(details_of(on_desk(session)), **changes)


def test_details_change_in_the_text_and_in_the_columns(draft: Session):
    changed = told(
        draft, title="山前区办法", in_force_to=date(2027, 1, 31), region=f"{NINGBO}、浙江省/温州市"
    )
    edit_details(draft, "shanqian", changed, digest_of_details(on_desk(draft)), actor=SECOND)
    row, edition = needed_draft(draft, "shanqian").edition, on_desk(draft)
    assert (edition.title, edition.in_force_to, edition.regions[1]) == (
        "山前区办法",
        date(2027, 1, 31),
        "浙江省/温州市",
    )
    assert (row.title, row.in_force_to, row.region) == (edition.title, edition.in_force_to, edition.region)
    assert needed_draft(draft, "shanqian").authors == ["operator", SECOND]
    assert journal.verify(draft)


def test_details_that_another_wrote_meanwhile_are_not_overwritten(draft: Session):
    before = digest_of_details(on_desk(draft))
    edit_details(draft, "shanqian", told(draft, title="先写的"), before, actor=SECOND)
    with pytest.raises(TextChanged):
        edit_details(draft, "shanqian", told(draft, title="后写的"), before, actor=EDITOR)
    assert on_desk(draft).title == "先写的"


def test_a_clause_is_written_and_keeps_what_stands_beside_it(draft: Session):
    does(draft, desk.confirm_topic("withdrawal"), TALK.section)
    edit_clause(draft, TALK, ClauseWords("约谈", "（四）约谈应当由两人进行。"), seen(draft), actor=EDITOR)
    clause = part(draft, TALK.section)
    assert (clause.heading, clause.text, clause.topics) == (
        "约谈",
        "（四）约谈应当由两人进行。",
        ("withdrawal",),
    )


def test_a_confirmation_beside_the_text_is_no_change_of_the_text(draft: Session):
    before = seen(draft)
    does(draft, desk.confirm_topic("withdrawal"), TALK.section, actor=SECOND)
    edit_clause(draft, TALK, ClauseWords("", "（四）改过。"), before, actor=EDITOR)
    assert part(draft, TALK.section).text == "（四）改过。"


def test_a_clause_that_another_wrote_meanwhile_is_neither_overwritten_nor_removed(draft: Session):
    before = seen(draft)
    edit_clause(draft, TALK, ClauseWords("", "（四）先写的。"), before, actor=SECOND)
    with pytest.raises(TextChanged):
        edit_clause(draft, TALK, ClauseWords("", "（四）后写的。"), before, actor=EDITOR)
    with pytest.raises(TextChanged):
        remove_clause(draft, TALK, before, actor=EDITOR)
    assert part(draft, TALK.section).text == "（四）先写的。"


def test_a_clause_is_added_after_its_neighbours(draft: Session):
    add_clause(draft, ClauseRef("shanqian", "二/（四）/1"), ClauseWords("", "1.提前通知。"), actor=EDITOR)
    add_clause(draft, ClauseRef("shanqian", "三"), ClauseWords("附则", "三、附则"), actor=EDITOR)
    add_clause(draft, ClauseRef("shanqian", "二/（五）"), ClauseWords("", "（五）归档。"), actor=EDITOR)
    sections = [clause.section for clause in on_desk(draft).clauses]
    assert sections == ["二", "二/（三）", "二/（四）", "二/（四）/1", "二/（五）", "三"]


@pytest.mark.parametrize(
    ("section", "word"),
    [
        ("", "required"),
        ("二/（四）", "section_taken"),
        ("九/1", "section_parent"),
        ("二//1", "section_form"),
        ("二/（四） 1", "section_form"),
        ("二/" + "长" * 41, "section_form"),
    ],
)
def test_a_section_that_cannot_be_is_refused(draft: Session, section: str, word: str):
    with pytest.raises(FieldErrors) as wrong:
        add_clause(draft, ClauseRef("shanqian", section), ClauseWords("", "文字"), actor=EDITOR)
    assert [(e.field, e.word) for e in wrong.value.errors] == [("section", word)]
    assert len(on_desk(draft).clauses) == 3


def test_a_clause_goes_with_all_that_stands_below_it(draft: Session):
    remove_clause(draft, ClauseRef("shanqian", "二"), seen(draft, ClauseRef("shanqian", "二")), actor=EDITOR)
    assert on_desk(draft).clauses == ()


@pytest.mark.parametrize(
    "words", [ClauseWords("", ""), ClauseWords("长" * 201, "好"), ClauseWords("", "长" * 20_001)]
)
def test_words_that_cannot_be_are_refused_at_their_field(draft: Session, words: ClauseWords):
    with pytest.raises(FieldErrors):
        edit_clause(draft, TALK, words, seen(draft), actor=EDITOR)


def test_nothing_is_written_in_what_was_handed_in_or_is_not_there(draft: Session):
    with pytest.raises(NotFound):
        edit_clause(draft, ClauseRef("shanqian", "九"), ClauseWords("", "好"), "", actor=EDITOR)
    before = seen(draft)
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    with pytest.raises(DraftMoved):
        edit_clause(draft, TALK, ClauseWords("", "好"), before, actor=EDITOR)


def test_what_was_written_is_published_under_its_new_region(draft: Session, shelving: Shelving):
    changed = told(draft, region="浙江省/温州市")
    edit_details(draft, "shanqian", changed, digest_of_details(on_desk(draft)), actor=EDITOR)
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    approve(draft, needed_draft(draft, "shanqian", EditionState.IN_REVIEW), actor=REVIEWER)
    outcome = publish_approved(draft, shelving, actor=PUBLISHER)
    assert outcome.published == ("shanqian",)


@pytest.fixture
def editor(client: FlaskClient, draft: Session) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml")


def test_an_editor_writes_details_and_mends_what_is_wrong(editor: FlaskClient, draft: Session):
    form = soup(editor.get(DETAILS).text)
    typed = {box["name"]: box.get("value", "") for box in form.select("form.panel-form input[name]")}
    typed.pop("csrf_token")
    wrong = send(editor, DETAILS, **{**typed, "region": "没有这个地方", "title": "新标题"})
    assert wrong.status_code == 422
    assert soup(wrong.text).select_one("#region-wrong")
    assert soup(wrong.text).select_one("#title")["value"] == "新标题"
    assert send(editor, DETAILS, **{**typed, "title": "新标题"}).status_code == 303
    assert on_desk(draft).title == "新标题"


def test_an_editor_writes_adds_and_removes_a_clause(editor: FlaskClient, draft: Session):
    page = f"{DOCUMENT}/text?section=二/（四）"
    told = {"section": "二/（四）", "seen": seen(draft), "heading": ""}
    assert send(editor, f"{DOCUMENT}/text", page, **told, text="（四）新的。").status_code == 303
    late = send(editor, f"{DOCUMENT}/text", page, **told, text="（四）更晚。")
    assert late.status_code == 409
    shown = soup(late.text)
    assert (shown.select_one("#text").text, shown.select_one("blockquote").text) == (
        "（四）更晚。",
        "（四）新的。",
    )
    fresh = shown.select_one("[name=seen]")["value"]
    assert (
        send(editor, f"{DOCUMENT}/text", page, **{**told, "seen": fresh}, text="（四）更晚。").status_code
        == 303
    )
    adding = f"{DOCUMENT}/text/new"
    wrong = send(editor, adding, section="九/1", text="好")
    assert soup(wrong.text).select_one("#section-wrong")
    assert send(editor, adding, section="三", text="三、附则").status_code == 303
    gone = send(editor, f"{DOCUMENT}/text", page, section="二/（四）", seen=seen(draft), do="remove")
    assert gone.status_code == 303
    assert [clause.section for clause in on_desk(draft).clauses] == ["二", "二/（三）", "三"]


def test_only_an_editor_writes(client: FlaskClient, draft: Session):
    signed_in(client, Role.REVIEWER)
    for address in (DETAILS, f"{DOCUMENT}/text?section=二", f"{DOCUMENT}/text/new"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("first", [date(2022, 1, 1), date(2021, 1, 1)])
def test_another_first_day_of_the_same_issue_replaces_the_edition_that_was_wrong(
    session: Session, shelving: Shelving, first: date
):
    bring_in(session)
    publish(session, shelving, actor="operator")
    open_draft(session, "shanqian", actor=EDITOR)
    changed = replace(details_of(on_desk(session)), in_force_from=first)
    edit_details(session, "shanqian", changed, digest_of_details(on_desk(session)), actor=EDITOR)
    submit(session, needed_draft(session, "shanqian"), actor=EDITOR)
    approve(session, needed_draft(session, "shanqian", EditionState.IN_REVIEW), actor=REVIEWER)
    publish_approved(session, shelving, actor=PUBLISHER)
    shown = [row for row in held_now(session) if row.instrument_id == "shanqian"]
    assert [row.in_force_from for row in shown] == [first]


def test_a_new_issue_with_a_later_first_day_stands_beside_the_one_before(
    session: Session, shelving: Shelving
):
    bring_in(session)
    publish(session, shelving, actor="operator")
    open_draft(session, "shanqian", actor=EDITOR)
    told = {"in_force_from": date(2027, 1, 1), "document_number": "甬政发〔2026〕9号"}
    changed = replace(details_of(on_desk(session)), **told)
    edit_details(session, "shanqian", changed, digest_of_details(on_desk(session)), actor=EDITOR)
    submit(session, needed_draft(session, "shanqian"), actor=EDITOR)
    approve(session, needed_draft(session, "shanqian", EditionState.IN_REVIEW), actor=REVIEWER)
    publish_approved(session, shelving, actor=PUBLISHER)
    assert len([row for row in held_now(session) if row.instrument_id == "shanqian"]) == 2


def test_a_clause_may_be_as_long_as_it_says_and_nothing_is_lost_when_the_draft_is_handed_in_meanwhile(
    editor: FlaskClient, draft: Session
):
    page, text = f"{DOCUMENT}/text?section=二/（四）", "长" * 19_000
    told = {"section": "二/（四）", "heading": "", "text": text}
    assert send(editor, f"{DOCUMENT}/text", page, **told, seen=seen(draft)).status_code == 303
    fresh, token = seen(draft), soup(editor.get(page).text).select_one("[name=csrf_token]")["value"]
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    late = editor.post(f"{DOCUMENT}/text", data={**told, "csrf_token": token, "text": "改短", "seen": fresh})
    assert late.status_code == 409
    assert soup(late.text).select_one("#text").text == "改短"
    details = editor.post(
        DETAILS, data={"csrf_token": token, "title": "新标题", "region": NINGBO, "seen": "x"}
    )
    assert details.status_code == 409
    assert soup(details.text).select_one("#title")["value"] == "新标题"
