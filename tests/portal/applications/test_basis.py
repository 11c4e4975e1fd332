"""What a case rests on changes: its officer is told, looks at it, and the party's choice stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.clause import ClauseRef
from knowledge.edition import Edition
from knowledge.exemption import ListOutcome
from portal import journal
from portal.applications import acts
from portal.applications.acts import Officer, events
from portal.applications.basis import BasisChange, changes_of, open_change, rests_on
from portal.applications.lifecycle import State
from portal.applications.mailing import keep_address
from portal.applications.models import Application
from portal.errors import FieldErrors
from portal.journal import JournalEntry
from portal.library import publication
from portal.library.desk.drafts import needed_draft, write_edition
from portal.library.desk.items.case_acts import confirm_untyped
from portal.library.desk.release import publish_approved, roll_back
from portal.library.models import Origin
from portal.library.record import keep_edition
from portal.library.shelving import Shelving
from portal.mail.models import Letter
from portal.wording import Language

from ..desk import EDITOR, PUBLISHER, approved_draft
from ..small import ZHANHE, ZHOUSHAN, make_list, make_notice
from .cases import apply, make_application, make_draft
from .desk import bring_to, content, make_desk, make_officer

ITEM = {"item_list": "list-one", "item_number": "1"}
LATER = date.today() + timedelta(days=40)


@pytest.fixture
def officer(session: Session) -> Officer:
    return make_officer(session)


def changed_list(outcome: ListOutcome = ListOutcome.MAY_BE_EXEMPT) -> Edition:
    listed = make_list()
    return replace(listed, items=(replace(listed.items[0], outcome=outcome),))


def publish(session: Session, shelving: Shelving, edition: Edition | None = None) -> int:
    """Publishes an edition as the command line does."""
    keep_edition(session, edition or changed_list(), origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    return publication.publish(session, shelving, actor="operator").release


def case_on_the_list(session: Session) -> Application:
    return make_application(session, **ITEM)


def happened(session: Session, case: Application) -> list[str]:
    session.expire_all()
    return [e.act.removeprefix("application.") for e in events(session, case)]


def sections(change: BasisChange | None) -> list[str]:
    assert change is not None
    return [f"{t.document}#{t.section} {t.kind}" for t in change.touches]


def test_a_case_rests_on_its_item_its_pre_check_and_what_its_party_was_told(session: Session):
    case = make_application(session, **ITEM)
    case.verdict = {
        "release": 1,
        "verdict": {"item": {"list": "list-two", "number": 7}},
        "citations": [{"document": "apl2021", "section": "第三十三条"}],
    }
    refs = rests_on(case)
    assert {
        ClauseRef("list-one", "1"),
        ClauseRef("list-two", "7"),
        ClauseRef("apl2021", "第三十三条"),
    } <= refs
    told = {ref.section for ref in refs if ref.document == "zhanhe"}
    assert told == {"二/（三）/1", "二/（三）/3"}, "choice and withdrawal, and how it ends"
    assert not any(ref.document == "zhoushan" for ref in refs)


def test_publishing_a_change_flags_the_case_that_rests_on_it_and_no_other(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    other = bring_to(session, State.ACCEPTED, officer)
    release = publish(session, shelving)
    change = open_change(session, case)
    assert change is not None
    assert sections(change) == ["list-one#1 changed"]
    assert (change.against, change.release) == (1, release)
    assert open_change(session, other) is None
    assert happened(session, case)[-1] == "basis_changed"
    assert "basis_changed" not in happened(session, other)
    told = session.scalars(select(JournalEntry).where(JournalEntry.act == "release.publish")).all()
    assert told[-1].detail["cases"] == 1
    assert case.state == State.ACCEPTED, "a flag is no act upon the case"
    assert journal.verify(session) > 0


def test_a_release_that_touches_nothing_tells_nobody(session: Session, shelving: Shelving, officer: Officer):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    listed = make_list()
    asked = replace(listed, items=(replace(listed.items[0], asked_as=("忘了报税怎么办",)),))
    publish(session, shelving, asked)
    assert open_change(session, case) is None
    assert session.scalars(select(BasisChange)).all() == []


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SUPPLEMENT_REQUESTED, State.ACCEPTED])
def test_every_case_under_way_is_flagged(
    session: Session, shelving: Shelving, officer: Officer, state: State
):
    case = bring_to(session, state, officer, **ITEM)
    publish(session, shelving)
    assert open_change(session, case) is not None


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.TERMINATED, State.CONCLUDED, State.ARCHIVED])
def test_a_case_that_is_done_is_not(session: Session, shelving: Shelving, officer: Officer, state: State):
    case = bring_to(session, state, officer, **ITEM)
    publish(session, shelving)
    assert changes_of(session, case) == ()


def test_a_repealed_notice_flags_the_cases_of_its_region(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer)
    case.verdict = {"release": 1, "verdict": {}, "citations": [{"document": "zhanhe", "section": "二/3"}]}
    session.commit()
    publish(session, shelving, make_notice(in_force_to=LATER))
    change = open_change(session, case)
    assert sections(change) == ["zhanhe#二 removed", "zhanhe#二/3 removed"]
    assert {t.since for t in change.touches} == {LATER + timedelta(days=1)}  # type: ignore[union-attr]


def test_going_back_settles_a_flag_that_nobody_has_looked_at(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    publish(session, shelving)
    roll_back(session, shelving, 1, actor=PUBLISHER, reason="先核对")
    session.expire_all()
    assert open_change(session, case) is None
    (change,) = changes_of(session, case)
    assert (change.settled_at is not None, change.settled_by) == (True, None)
    assert happened(session, case)[-2:] == ["basis_changed", "basis_restored"]


def test_going_back_flags_again_where_the_officer_had_looked(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    second = publish(session, shelving)
    acts.check_basis(session, case.id, content("check_basis"), officer)
    assert open_change(session, case) is None
    third = publication.roll_back(session, shelving, 1, actor="operator").release
    change = open_change(session, case)
    assert change is not None
    assert (change.against, change.release) == (second, third)
    assert sections(change) == ["list-one#1 changed"]


def test_what_comes_on_top_becomes_part_of_the_flag_that_is_open(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    publish(session, shelving)
    third = publish(session, shelving, changed_list(ListOutcome.LIGHTER))
    assert len(changes_of(session, case)) == 1
    change = open_change(session, case)
    assert change is not None
    assert (change.against, change.release) == (1, third)
    assert happened(session, case).count("basis_changed") == 2


def test_an_officer_who_looks_at_it_settles_it_with_reasons_in_the_file(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    publish(session, shelving)
    acts.check_basis(session, case.id, content("check_basis"), officer)
    (change,) = changes_of(session, case)
    assert (change.open_for, change.settled_by) == (None, officer.id)
    (entry,) = case.of_kind("check_basis")
    assert (entry.public, entry.content["result"]) == (False, "goes_on")
    assert happened(session, case)[-1] == "check_basis"
    with pytest.raises(FieldErrors) as refused:
        acts.check_basis(session, case.id, content("check_basis"), officer)
    assert [error.word for error in refused.value.errors] == ["basis_unchanged"]


def test_an_application_that_comes_in_after_the_change_it_was_written_before_is_flagged(
    session: Session, shelving: Shelving
):
    chosen = acts.record_choice(session, _notice(), accepted=True, channel="page")
    draft = make_draft(session, chosen)
    acts.save_draft(session, chosen.id, ITEM, code=_code())
    publish(session, shelving)
    assert open_change(session, draft) is None, "a draft is its writer's own"
    acts.submit(session, draft.id)
    change = open_change(session, draft)
    assert sections(change) == ["list-one#1 changed"]
    assert happened(session, draft)[-2:] == ["submit", "basis_changed"]


def test_an_application_written_since_the_change_is_not(session: Session, shelving: Shelving):
    publish(session, shelving)
    chosen = acts.record_choice(session, _notice(), accepted=True, channel="page")
    draft = make_draft(session, chosen)
    acts.save_draft(session, chosen.id, ITEM, code=_code())
    acts.submit(session, draft.id)
    assert changes_of(session, draft) == ()


def test_what_a_case_rests_on_is_stored_encrypted_and_goes_when_the_party_has_its_data_deleted(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.SUBMITTED, officer, **ITEM)
    publish(session, shelving)
    raw = session.connection().exec_driver_sql("SELECT parts FROM basis_changes").scalar_one()
    assert "list-one" not in raw
    event = events(session, case)[-1]
    assert event.detail == {"release": 2}
    acts.withdraw(session, case.id)
    case.closed_at = case.closed_at.replace(year=case.closed_at.year - 6)  # type: ignore[union-attr]
    session.commit()
    acts.erase(session, case.id)
    assert changes_of(session, case) == ()


def test_a_change_through_the_desk_flags_in_the_very_release(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    approved_draft(session, "list-one", lambda: _writes(session, changed_list()))
    outcome = publish_approved(session, shelving, actor=PUBLISHER)
    change = open_change(session, case)
    assert change is not None
    assert change.release == outcome.release
    assert journal.verify(session) > 0


def test_a_party_that_wants_mail_is_told_once_however_often_its_basis_changes(
    session: Session, shelving: Shelving, officer: Officer
):
    case = bring_to(session, State.ACCEPTED, officer, **ITEM)
    other = bring_to(session, State.ACCEPTED, officer, **ITEM)
    keep_address(session, case, "wang@example.com", Language.CHINESE)
    publish(session, shelving)
    roll_back(session, shelving, 1, actor=PUBLISHER, reason="有误")
    (letter,) = session.scalars(select(Letter))
    assert (letter.recipient, letter.values["number"]) == ("wang@example.com", case.number)
    assert open_change(session, other) is None


def test_the_page_of_the_case_shows_old_and_new_side_by_side(
    app: Flask, session: Session, shelving: Shelving
):
    desk = make_desk(app, session)
    case = bring_to(session, State.ACCEPTED, desk.officer, **ITEM)
    assert not desk.page(f"/staff/cases/{case.number}").select("#basis-notice")
    assert desk.client.get(f"/staff/cases/{case.number}/check-basis").status_code == 404
    publish(session, shelving)
    session.expire_all()
    page = desk.page(f"/staff/cases/{case.number}")
    link = page.select_one("#basis-notice a")
    assert link is not None
    shown = desk.page(str(link["href"]))
    text = shown.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]
    assert "试验免罚清单 序号 1" in text
    assert [d.get_text() for d in shown.select("del, ins")] == ["首违不罚", "可以不予处罚"]
    assert "未按期申报纳税" in text, "what the item is about is shown too"
    assert desk.does(case, "check_basis").status_code == 303
    assert not desk.page(f"/staff/cases/{case.number}").select("#basis-notice")
    settled = desk.page(str(link["href"])).select_one("main")
    assert f"{desk.staff.name} 已于" in settled.get_text(" ", strip=True)  # type: ignore[union-attr]


def test_another_agency_and_another_case_are_the_same_404(app: Flask, session: Session, shelving: Shelving):
    desk, other = make_desk(app, session), make_desk(app, session, agency="湛河区水利局")
    case = bring_to(session, State.ACCEPTED, desk.officer, **ITEM)
    second = bring_to(session, State.ACCEPTED, desk.officer)
    publish(session, shelving)
    change = open_change(session, case)
    assert change is not None
    address = "/staff/cases/{}/basis/{}"
    assert desk.client.get(address.format(case.number, change.id)).status_code == 200
    assert other.client.get(address.format(case.number, change.id)).status_code == 404
    assert desk.client.get(address.format(second.number, change.id)).status_code == 404
    assert desk.client.get(address.format(case.number, change.id + 1)).status_code == 404


def test_the_queue_marks_flagged_cases_and_finds_them(app: Flask, session: Session, shelving: Shelving):
    desk = make_desk(app, session)
    case = bring_to(session, State.ACCEPTED, desk.officer, **ITEM)
    other = bring_to(session, State.ACCEPTED, desk.officer)
    publish(session, shelving)
    session.expire_all()
    rows = {r.select_one("a").get_text(): r.get_text() for r in desk.page("/staff/cases").select("tbody tr")}  # type: ignore[union-attr]
    assert "依据有变" in rows[case.number]
    assert "依据有变" not in rows[other.number]
    found = desk.page("/staff/cases?basis=changed")
    assert [a.get_text() for a in found.select("tbody th a")] == [case.number]


@pytest.mark.parametrize(("region", "ground"), [(ZHANHE, "basis_changed"), (ZHOUSHAN, "basis_lapsed")])
def test_the_form_of_termination_proposes_the_ground_of_the_region(
    app: Flask, session: Session, shelving: Shelving, region: str, ground: str
):
    desk = make_desk(app, session)
    case = bring_to(session, State.ACCEPTED, desk.officer, **ITEM)
    case.region = region
    session.commit()
    address = f"/staff/cases/{case.number}/terminate"
    assert not desk.page(address).select("input[name=ground][checked]")
    publish(session, shelving)
    session.expire_all()
    (chosen,) = desk.page(address).select("input[name=ground][checked]")
    assert chosen["value"] == ground


def test_an_act_from_a_page_older_than_the_flag_is_held_up_by_it(
    app: Flask, session: Session, shelving: Shelving
):
    desk = make_desk(app, session)
    case = bring_to(session, State.ACCEPTED, desk.officer, **ITEM)
    values = desk.values(case, "issue_opinion")
    publish(session, shelving)
    session.expire_all()
    refused = desk.client.post(f"/staff/cases/{case.number}/issue-opinion", data=values)
    assert refused.status_code == 409
    assert "办理依据有变动，提示承办人核对" in refused.text


def test_the_party_reads_that_the_basis_was_updated_and_may_do_all_it_could(
    client: FlaskClient, session: Session, shelving: Shelving
):
    address, code = apply(client, **ITEM)
    before = client.get(address, headers=code).get_json()["acts"]
    publish(session, shelving)
    told = client.get(f"{address}/events", headers=code).get_json()["events"][-1]
    assert told["label"] == "办理依据有更新，机关将据此核对；您的选择不受影响"
    assert (told["by"], told["detail"]) == ("本站依据库", {"release": 2})
    assert client.get(address, headers=code).get_json()["acts"] == before
    assert client.post(f"{address}/withdrawal", headers=code, json={}).get_json()["state"] == "withdrawn"


def _writes(session: Session, edition: Edition) -> None:
    """Puts another text in the open draft, as an editor does, and confirms what its items say."""
    write_edition(needed_draft(session, edition.instrument), edition)
    session.commit()
    for item in edition.items:
        confirm_untyped(session, item.ref, actor=EDITOR)


def _notice():
    from portal.applications.choice import notice
    from portal.wording import Language

    return notice(ZHANHE, Language.CHINESE)


def _code():
    from portal.applications.numbers import AccessCode

    return AccessCode.make()


def citing(session: Session, officer: Officer) -> Application:
    """A case under way whose pre-check cites the digest of the notice."""
    case = bring_to(session, State.ACCEPTED, officer)
    case.verdict = {
        "release": 1,
        "given_at": "2026-11-20T08:00:00+00:00",
        "verdict": {"outcome": "needs_facts", "conditions": []},
        "citations": [{"document": "zhanhe", "section": "二/3"}],
    }
    session.commit()
    return case


def official(text: str = "3.申请人可以撤回申请。") -> Edition:
    notice = make_notice(digest=False)
    clauses = tuple(replace(c, text=text) if c.section == "二/3" else c for c in notice.clauses)
    return replace(notice, clauses=clauses)


def test_the_official_text_in_place_of_its_digest_asks_nobody_and_shows_both(
    session: Session, shelving: Shelving, app: Flask
):
    desk = make_desk(app, session)
    case = citing(session, desk.officer)
    letters = len(session.scalars(select(Letter)).all())
    publish(session, shelving, official())
    assert open_change(session, case) is None
    assert happened(session, case)[-1] == "basis_restated"
    assert len(session.scalars(select(Letter)).all()) == letters
    (kept,) = changes_of(session, case)
    assert kept.is_restated
    told = session.scalars(select(JournalEntry).where(JournalEntry.act == "release.publish")).all()
    assert "cases" not in told[-1].detail
    page = desk.client.get(f"/staff/cases/{case.number}").text
    assert 'id="basis-notice"' not in page
    assert "换成了同一份文件的正式文本，不用核对" in page
    shown = desk.client.get(f"/staff/cases/{case.number}/basis/{kept.id}").text
    assert "摘要换成了正式文本" in shown
    assert make_notice().clause("二/3").text in shown  # type: ignore[union-attr]
    assert "3.申请人可以撤回申请。" in shown
    assert "check-basis" not in shown
    assert "<del>" not in shown


def test_a_real_revision_after_it_still_asks(session: Session, shelving: Shelving, officer: Officer):
    case = citing(session, officer)
    publish(session, shelving, official())
    publish(session, shelving, official("3.不得撤回。"))
    assert sections(open_change(session, case)) == ["zhanhe#二/3 changed"]
    assert happened(session, case)[-1] == "basis_changed"


def test_the_official_text_settles_no_revision_that_nobody_has_looked_at(
    session: Session, shelving: Shelving, officer: Officer
):
    case = citing(session, officer)
    publish(session, shelving, replace(official("3.不得撤回。"), digest=True))
    publish(session, shelving, official("3.任何人不得撤回。"))
    assert sections(open_change(session, case)) == ["zhanhe#二/3 restated"]


def test_another_issue_in_place_of_the_digest_is_a_change(
    session: Session, shelving: Shelving, officer: Officer
):
    case = citing(session, officer)
    publish(session, shelving, replace(official(), document_number="试政发〔2026〕9号"))
    assert sections(open_change(session, case)) == ["zhanhe#二/3 changed"]
