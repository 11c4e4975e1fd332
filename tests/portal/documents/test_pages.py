"""Documents over HTTP: who gets them, in which form, and what is recorded."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document as WordFile
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.applications.models import Application
from portal.documents import formats, pdf
from portal.documents.delivery import confirmation_of, deliver, marked_at
from portal.documents.kinds import DocumentKind
from portal.documents.layouts import Layout
from portal.documents.models import DeliveryConfirmation, Mark
from portal.journal import JournalEntry
from portal.settings import Settings
from portal.uploads.models import Upload

from ..applications.test_pages import page_of
from ..staff import signed_in
from ..uploads import samples
from ..uploads.test_pages import open_submitted
from .papers import AGENCY, make_document, make_officer
from .test_formats import make_layout, needs_font


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    make_officer(session)
    return client


@pytest.fixture
def address(client: FlaskClient) -> str:
    """Where an application that was handed in is open in this browser."""
    return open_submitted(client)


@pytest.fixture
def case(address: str, session: Session) -> Application:
    return session.scalars(select(Application)).one()


def lines_of(response: Any) -> str:
    return "\n".join(paragraph.text for paragraph in WordFile(BytesIO(response.data)).paragraphs)


def openings(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(JournalEntry).where(JournalEntry.act == "document.opened")).all())


def test_a_party_reads_its_document_and_the_first_opening_is_recorded(
    client: FlaskClient, address: str, case: Application, session: Session
):
    document = make_document(session, case, content="<b>收回</b>梯子 {{ 7*7 }}")
    listed = page_of(client.get(address)).select_one("#documents")
    assert document.number in listed.text
    assert "还没有送达" in listed.text
    assert "还没有打开" in listed.text
    page = page_of(client.get(f"{address}/documents/{document.id}"))
    assert page.select_one(".paper h1").text == "柔性执法意见书"
    assert "<b>收回</b>梯子 {{ 7*7 }}" in page.select_one(".paper").text
    assert page.select_one(".paper b") is None
    first = marked_at(session, document, Mark.OPENED)
    word = client.get(f"{address}/documents/{document.id}.docx")
    assert document.number in lines_of(word)
    assert word.headers["Content-Disposition"].startswith("attachment;")
    assert openings(session) == 1
    assert marked_at(session, document, Mark.OPENED) == first
    assert "首次打开：" in page_of(client.get(address)).select_one("#documents").text


@needs_font
def test_a_document_comes_as_pdf(client: FlaskClient, address: str, case: Application, session: Session):
    document = make_document(session, case)
    response = client.get(f"{address}/documents/{document.id}.pdf")
    assert (response.mimetype, response.data[:5]) == ("application/pdf", b"%PDF-")


def test_without_a_font_the_pages_say_so_and_offer_word_and_print(
    client: FlaskClient, address: str, case: Application, session: Session, monkeypatch: pytest.MonkeyPatch
):
    document = make_document(session, case)
    monkeypatch.setattr(pdf, "_faces", lambda folders: None)
    shown = page_of(client.get(f"{address}/documents/{document.id}"))
    assert "做不了 PDF" in shown.text
    assert not shown.select("a[href$='.pdf']")
    assert shown.select("a[href$='.docx']")
    response = client.get(f"{address}/documents/{document.id}.pdf")
    assert response.status_code == 503
    assert "请下载 Word" in response.text


def test_the_receipt_comes_as_page_and_word_without_the_code(
    client: FlaskClient, address: str, case: Application
):
    page = page_of(client.get(f"{address}/receipt"))
    assert page.select_one(".paper h1").text == "提交回执"
    assert case.number in page.text
    word = client.get(f"{address}/receipt.docx")
    assert case.number in lines_of(word)
    assert case.number in word.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["documents/{}", "documents/{}.docx", "documents/{}.pdf"])
def test_a_document_is_only_there_for_its_own_party(
    app: Flask, client: FlaskClient, address: str, case: Application, session: Session, path: str
):
    document = make_document(session, case)
    stranger = app.test_client()
    there = f"{address}/{path.format(document.id)}"
    refused = stranger.get(there, headers={"Accept": "text/html"})
    unknown = stranger.get(f"/applications/RW2020-000009/{path.format(document.id)}")
    assert refused.status_code == unknown.status_code == 404
    own = open_submitted(stranger)
    assert stranger.get(f"{own}/{path.format(document.id)}").status_code == 404
    assert client.get(f"{address}/{path.format(document.id + 1000)}").status_code == 404
    assert openings(session) == 0
    assert client.get(there).status_code == 200


@pytest.mark.parametrize("path", ["receipt", "receipt.docx", "receipt.pdf", "delivery"])
def test_receipt_and_confirmation_are_only_there_for_their_party(app: Flask, address: str, path: str):
    assert app.test_client().get(f"{address}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["documents/1.exe", "documents/x", "receipt.txt", "documents/999999999999999999999"]
)
def test_an_address_that_leads_nowhere_is_a_404(client: FlaskClient, address: str, path: str):
    assert client.get(f"{address}/{path}").status_code == 404


def test_an_internal_document_is_not_shown_to_the_party(
    client: FlaskClient, address: str, case: Application, session: Session
):
    draft = make_document(session, case, DocumentKind.EXEMPTION)
    assert draft.number not in client.get(address).text
    assert client.get(f"{address}/documents/{draft.id}").status_code == 404


def test_a_correction_is_told_on_the_document_that_it_replaces(
    client: FlaskClient, address: str, case: Application, session: Session
):
    first = make_document(session, case)
    second = make_document(session, case, replaces=first)
    assert f"已由 {second.number} 更正代替" in client.get(f"{address}/documents/{first.id}").text
    assert f"更正并代替 {first.number}" in client.get(f"{address}/documents/{second.id}").text


def test_the_layout_of_the_agency_is_used_and_a_bad_one_passed_over(
    client: FlaskClient, address: str, case: Application, session: Session, settings: Settings
):
    document = make_document(session, case)
    folder = settings.data / "templates" / AGENCY
    folder.mkdir(parents=True)
    (folder / "opinion.docx").write_bytes(make_layout("本局版式 {{ number }}"))
    word = client.get(f"{address}/documents/{document.id}.docx")
    assert lines_of(word) == f"本局版式 {document.number}"
    (folder / "opinion.docx").write_bytes(b"PK spoilt")
    word = client.get(f"{address}/documents/{document.id}.docx")
    assert "柔性执法意见书" in lines_of(word)


def test_an_officer_of_the_agency_reads_documents_and_evidence_and_leaves_no_opening(
    app: Flask, client: FlaskClient, address: str, case: Application, session: Session
):
    draft = make_document(session, case, DocumentKind.EXEMPTION)
    client.post(
        f"{address}/change",
        data={**case.current.statement, "revision": "1", "files": [(BytesIO(samples.png()), "照片.png")]},
    )
    upload = session.scalars(select(Upload)).one()
    officer, other, editor = (app.test_client() for _ in range(3))
    signed_in(officer, Role.OFFICER, agency=AGENCY)
    signed_in(other, Role.OFFICER, agency="别的机关")
    signed_in(editor, Role.EDITOR, agency=AGENCY)
    base = f"/staff/cases/{case.number}"
    assert "草拟稿" in officer.get(f"{base}/documents/{draft.id}").text
    assert draft.number in lines_of(officer.get(f"{base}/documents/{draft.id}.docx"))
    assert officer.get(f"{base}/evidence/{upload.token}").data == samples.png()
    assert openings(session) == 0
    for path in (f"documents/{draft.id}", f"documents/{draft.id}.docx", f"evidence/{upload.token}"):
        assert other.get(f"{base}/{path}").status_code == 404
        assert client.get(f"{base}/{path}").status_code == 303
        assert editor.get(f"{base}/{path}").status_code == 403


def sign(client: FlaskClient, where: str, content: bytes | None = None, **changes: str) -> Any:
    data: dict[str, Any] = {"name": "王某", "signed_on": "2026-11-20", "address": "", **changes}
    if content is not None:
        data["scan"] = (BytesIO(content), "签名.jpg")
    return client.post(f"{where}/delivery", data=data, content_type="multipart/form-data")


def test_a_party_signs_and_ends_electronic_delivery(
    client: FlaskClient, address: str, case: Application, session: Session
):
    page = page_of(client.get(f"{address}/delivery"))
    assert "都不是可靠的电子签名" in page.text
    assert not page.select("input[type=checkbox]")
    assert sign(client, address, samples.jpg()).status_code == 303
    confirmation = confirmation_of(session, case)
    assert confirmation is not None
    assert (confirmation.name, confirmation.upload_id is not None) == ("王某", True)
    assert "已确认" in client.get(f"{address}/delivery").text
    document = make_document(session, case)
    deliver(session, case, document, "online", by=make_officer(session))
    session.commit()
    assert "在本站送达" in page_of(client.get(address)).select_one("#documents").text
    client.post(f"{address}/delivery/end")
    session.expire_all()
    assert confirmation_of(session, case) is None
    timeline = page_of(client.get(address)).select_one(".timeline").text
    assert "签署电子送达确认书" in timeline
    assert "终止电子送达" in timeline


def test_a_signature_that_is_missing_or_wrong_is_told_and_what_was_typed_stays(
    client: FlaskClient, address: str, session: Session
):
    page = page_of(response := sign(client, address, name="", signed_on="昨天", address="王某 138"))
    assert response.status_code == 422
    assert [a["href"] for a in page.select("#trouble a")] == ["#name", "#signed_on", "#scan"]
    assert page.select_one("#address")["value"] == "王某 138"
    page = page_of(sign(client, address, b"MZ"))
    assert "不是能收的类型" in page.select_one("#scan-wrong").text
    assert page.select_one("#name")["value"] == "王某"
    page = page_of(sign(client, address, samples.jpg(), name=""))
    assert "已经收到 签名.jpg" in page.text
    assert sign(client, address).status_code == 303
    assert session.scalars(select(DeliveryConfirmation)).one().name == "王某"


def test_a_broken_layout_at_the_last_moment_still_gives_a_document(
    client: FlaskClient, address: str, case: Application, session: Session, monkeypatch: pytest.MonkeyPatch
):
    document = make_document(session, case)
    monkeypatch.setattr(formats, "layout_of", lambda *_: Layout(b"PK spoilt"))
    word = client.get(f"{address}/documents/{document.id}.docx")
    assert document.number in lines_of(word)
