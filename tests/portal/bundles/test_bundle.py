"""The whole case in one file: what is in it, for whom, and that making it holds and leaves nothing."""

from __future__ import annotations

import hashlib
import tracemalloc
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.applications import acts
from portal.applications.acts import last_event
from portal.applications.choice import notice
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.bundles.contents import contents_of
from portal.bundles.packing import pack
from portal.bundles.proof import prove
from portal.database import now
from portal.documents.models import Document
from portal.documents.pdf import pdf_possible
from portal.journal import JournalEntry
from portal.settings import Settings
from portal.uploads.models import Upload
from portal.uploads.store import Store
from portal.wording import Language

from ..applications.cases import NAME, make_application
from ..applications.desk import Desk, bring_to, content, make_desk
from ..small import ZHANHE
from ..staff import signed_in
from ..uploads import samples
from .cases import (
    EVIDENCE,
    INTERNAL,
    REMARK,
    files_in,
    full_case,
    hand_in_file,
    kept,
    store_of,
    taken,
    told,
    without_tokens,
)


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return make_desk(without_tokens(app), session)


@pytest.fixture
def case(session: Session, settings: Settings, desk: Desk) -> Application:
    return full_case(session, settings, desk)


def page_of(body: bytes | str) -> BeautifulSoup:
    return BeautifulSoup(body, "html.parser")


def party_zip(app: Flask, session: Session, code: AccessCode, number: str) -> bytes:
    client = app.test_client()
    client.post("/applications", data={"number": number, "code": code.text})
    response = client.post(f"/applications/{number}/bundle")
    assert response.status_code == 200
    return response.data


def test_the_full_file_holds_everything_of_the_case(desk: Desk, case: Application):
    zipped = taken(desk, case)
    files = files_in(zipped)
    assert files["evidence/01.png"] == EVIDENCE
    assert len(told(zipped, "record/revisions.json")) == 2
    assert told(zipped, "record/messages.json")[0]["text"] == "什么时候来看？"
    assert {e["kind"] for e in told(zipped, "record/entries.json")} >= {"accept", "note", "issue_opinion"}
    assert told(zipped, "record/ledger.json")[0]["matter"] == "占道经营"
    events = [e["act"] for e in told(zipped, "record/journal.json")]
    assert {"application.submit", "application.evidence", "document.issued"} <= set(events)
    assert events[-1] == "application.conclude"
    page = page_of(files["case.html"])
    assert "店" in page.select_one("del").text
    assert "三" in page.select_one("ins").text
    assert INTERNAL in page.text
    assert "complaints" not in "".join(files)


def test_every_document_is_there_in_word_as_pdf_and_as_it_is_stored(
    desk: Desk, case: Application, session: Session
):
    files = files_in(taken(desk, case))
    issued = session.scalars(select(Document).where(Document.application_id == case.id)).all()
    for place, document in enumerate(issued, start=1):
        stem = f"documents/{place:02}-{document.kind}"
        address = f"/staff/cases/{case.number}/documents/{document.id}"
        assert files[f"{stem}.docx"] == desk.client.get(f"{address}.docx").data
        if pdf_possible():
            assert files[f"{stem}.pdf"] == desk.client.get(f"{address}.pdf").data
        assert document.digest.encode() in files[f"{stem}.json"]


def test_the_catalogue_names_what_the_paths_do_not(desk: Desk, session: Session, settings: Settings):
    case = bring_to(session, State.SUBMITTED, desk.officer)
    hand_in_file(session, settings, case, "..\\..\\身份证/张三.png", EVIDENCE)
    name = session.scalars(select(Upload)).one().name
    zipped = taken(desk, case)
    assert all(path.isascii() and ".." not in path and path[0] != "/" for path in files_in(zipped))
    assert name in page_of(files_in(zipped)["catalogue.html"]).text
    links = [a["href"] for a in page_of(files_in(zipped)["catalogue.html"]).select("td a")]
    assert set(links) <= set(files_in(zipped))
    assert "evidence/01.png" in links


def test_the_manifest_lists_every_file_and_the_journal_the_zip_itself(
    desk: Desk, case: Application, session: Session
):
    zipped = taken(desk, case)
    listed = {f["path"]: f for f in told(zipped, "manifest.json")["files"]}
    for path, body in files_in(zipped).items():
        if path != "manifest.json":
            assert listed.pop(path)["sha256"] == hashlib.sha256(body).hexdigest()
    assert listed == {}
    session.rollback()
    event = session.scalars(select(JournalEntry).where(JournalEntry.act == "case.exported")).one()
    assert event.actor == desk.officer.actor
    assert event.detail["sha256"] == hashlib.sha256(zipped).hexdigest()
    assert NAME not in str(event.detail)


def test_the_same_record_gives_the_same_bytes(
    app: Flask, desk: Desk, case: Application, session: Session, settings: Settings
):
    made = []
    with app.test_request_context():
        for _ in range(2):
            held = contents_of(session, case, store_of(settings), settings, Language.CHINESE, internal=True)
            pack(held, out := BytesIO())
            made.append(out.getvalue())
    assert made[0] == made[1]


def test_only_the_agency_that_handles_the_case_takes_it_out(app: Flask, desk: Desk, case: Application):
    other = make_desk(app, desk.session, agency="别的机关")
    above = app.test_client()
    signed_in(above, Role.SUPERVISOR, agency="平顶山市司法局", region="河南省/平顶山市")
    editor = app.test_client()
    signed_in(editor, Role.EDITOR)
    unknown = other.client.post("/staff/cases/RW2026-999999/bundle")
    for client in (other.client, above):
        refused = client.post(f"/staff/cases/{case.number}/bundle")
        assert (refused.status_code, refused.text) == (404, unknown.text)
    assert editor.post(f"/staff/cases/{case.number}/bundle").status_code == 403
    assert "bundle" not in above.get(f"/staff/cases/{case.number}").text
    assert app.test_client().post(f"/staff/cases/{case.number}/bundle").status_code in (302, 303)
    assert desk.client.get(f"/staff/cases/{case.number}/bundle").status_code in (404, 405)


def test_a_supervisor_of_the_agency_itself_takes_it_out(app: Flask, desk: Desk, case: Application):
    client = app.test_client()
    signed_in(client, Role.SUPERVISOR, agency=desk.staff.agency.name)
    assert client.post(f"/staff/cases/{case.number}/bundle").status_code == 200


def test_taking_it_out_needs_the_token_of_the_page(app: Flask, session: Session, settings: Settings):
    desk = make_desk(app, session)
    application = bring_to(session, State.SUBMITTED, desk.officer)
    address = f"/staff/cases/{application.number}"
    assert desk.client.post(f"{address}/bundle").status_code == 400
    token = desk.page(address).select_one(".bundle [name=csrf_token]")["value"]
    assert desk.client.post(f"{address}/bundle", data={"csrf_token": token}).status_code == 200
    assert "上次导出" in desk.page(address).select_one(".bundle").text


def test_the_party_takes_its_own_data_without_what_is_internal(app: Flask, desk: Desk, session: Session):
    code = AccessCode.make()
    application = make_application(session, code)
    acts.accept(session, application.id, content("accept"), desk.officer)
    acts.note(session, application.id, content("note", text=INTERNAL), desk.officer)
    acts.note(session, application.id, content("note", text=REMARK, public="yes"), desk.officer)
    taken(desk, application)
    zipped = party_zip(app, session, code, application.number)
    files = files_in(zipped)
    everything = b"\n".join(files.values()).decode("utf-8", "replace")
    assert REMARK in everything
    assert INTERNAL not in everything
    assert desk.officer.actor not in everything
    assert "case.exported" not in everything
    assert "record/ledger.json" not in files
    assert "documents/01-acceptance.docx" in files
    assert all("actor" not in event for event in told(zipped, "record/journal.json"))


def test_the_party_sees_the_offer_to_take_it_and_a_stranger_the_same_404(app: Flask, desk: Desk, session):
    code = AccessCode.make()
    number = make_application(session, code).number
    client = app.test_client()
    refused = client.post(f"/applications/{number}/bundle")
    assert (refused.status_code, client.post("/applications/RW2026-999999/bundle").status_code) == (404, 404)
    client.post("/applications", data={"number": number, "code": code.text})
    form = page_of(client.get(f"/applications/{number}/data").text).select_one("form.row")
    assert form["action"] == f"/applications/{number}/bundle"


def test_a_file_that_is_gone_or_damaged_is_named_and_the_rest_is_there(
    desk: Desk, session: Session, settings: Settings
):
    case = bring_to(session, State.SUBMITTED, desk.officer)
    for number, body in enumerate((samples.png(2), samples.png(3), samples.png(4)), start=1):
        hand_in_file(session, settings, case, f"图{number}.png", body)
    tokens = session.scalars(select(Upload.token).order_by(Upload.id)).all()
    folder = settings.data / "uploads" / "kept"
    (folder / tokens[0]).unlink()
    (folder / tokens[1]).write_bytes(b"x" * 40)
    zipped = taken(desk, case)
    assert [path for path in files_in(zipped) if path.startswith("evidence/")] == ["evidence/03.png"]
    rows = {row["name"]: row for row in told(zipped, "catalogue.json")["rows"]}
    assert [rows[f"图{n}.png"]["note"] for n in (1, 2, 3)] == ["gone", "gone", ""]
    assert "缺失或损坏" in files_in(zipped)["catalogue.html"].decode()


def test_a_large_file_is_never_held_whole(app: Flask, desk: Desk, session: Session, settings: Settings):
    case = bring_to(session, State.SUBMITTED, desk.officer)
    hand_in_file(session, settings, case, "录像.mp4", samples.mp4(data=bytes(48 * 1024 * 1024)))
    desk.client.post(f"/staff/cases/{case.number}/bundle").close()  # what is loaded once is loaded
    tracemalloc.start()
    response = desk.client.post(f"/staff/cases/{case.number}/bundle", buffered=False)
    size = sum(len(block) for block in response.response)
    response.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == response.content_length > 48 * 1024 * 1024
    assert peak < 16 * 1024 * 1024


def test_nothing_of_it_stays_on_the_disk(desk: Desk, case: Application, settings: Settings):
    response = desk.client.post(f"/staff/cases/{case.number}/bundle")
    response.close()
    incoming = settings.data / "uploads" / "incoming"
    assert list(incoming.iterdir()) == []


def test_a_full_disk_is_told_and_nothing_recorded(
    desk: Desk, case: Application, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Store, "free", lambda self: 1024)
    response = desk.client.post(f"/staff/cases/{case.number}/bundle")
    assert response.status_code == 503
    assert "磁盘空间不够" in response.text
    assert session.scalar(select(JournalEntry).where(JournalEntry.act == "case.exported")) is None


def test_taking_it_out_is_no_news_for_an_officer_in_the_middle_of_an_act(
    desk: Desk, case: Application, session: Session
):
    before = last_event(session, case)
    taken(desk, case)
    session.rollback()
    assert last_event(session, case) == before


@pytest.mark.parametrize("state", [s for s in State if s not in (State.DRAFT, State.DECLINED)])
def test_a_case_of_every_state_can_be_taken_out_and_proved(
    desk: Desk, session: Session, state: State, tmp_path: Path
):
    case = bring_to(session, state, desk.officer)
    assert prove(kept(tmp_path, taken(desk, case))).number == case.number


def test_a_draft_and_an_erased_case_can_be_taken_out(
    app: Flask, desk: Desk, session: Session, settings: Settings, tmp_path: Path
):
    told, code = notice(ZHANHE, Language.CHINESE), AccessCode.make()
    choice = acts.record_choice(session, told, accepted=True, channel="page")
    draft = acts.save_draft(session, choice.id, {"matter": "还没写完"}, code=code)
    zipped = party_zip(app, session, code, draft.number)
    assert "还没写完" in files_in(zipped)["case.html"].decode()
    case = full_case(session, settings, desk)
    session.execute(update(Application).values(closed_at=now() - timedelta(days=9000)))
    session.commit()
    acts.erase(session, case.id)
    zipped = taken(desk, case)
    assert NAME not in b"".join(files_in(zipped).values()).decode("utf-8", "replace")
    assert prove(kept(tmp_path, zipped)).events > 8
