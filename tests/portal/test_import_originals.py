"""The pages of a PDF stand beside its clauses as pictures: for its own editor, drawn when asked for."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.library.desk.intake import page_views
from portal.library.desk.intake.limits import limits
from tests.knowledge.hostile_pages import forms_without_end

from .imports import NOTICE, brought, page_of, pending, workbook
from .small import everything_stored
from .staff import send, signed_in

PAGES = 3


def notice_pdf(first_page: tuple[float, float] = (595, 842)) -> bytes:
    """The notice on two pages, and a third without a word."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    paper = canvas.Canvas(stream, pagesize=first_page)
    lines = NOTICE.strip().splitlines()
    for part in (lines[:6], lines[6:]):
        paper.setFont("STSong-Light", 14)
        for n, line in enumerate(part):
            paper.drawString(80, 750 - 30 * n, line)
        paper.showPage()
        paper.setPageSize((595, 842))
    paper.showPage()
    paper.save()
    return stream.getvalue()


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


@pytest.fixture
def address(editor: FlaskClient) -> str:
    return brought(editor, "办法.pdf", notice_pdf())


def test_the_pages_of_a_pdf_stand_beside_its_clauses_each_with_its_text(editor: FlaskClient, address: str):
    page = page_of(editor.get(address))
    pictures = page.select(".original-page > img")
    assert [picture["src"] for picture in pictures] == [
        f"{address}/pages/{n}.png" for n in range(1, PAGES + 1)
    ]
    assert all(picture["loading"] == "lazy" and picture["alt"] for picture in pictures)
    first, second, third = page.select(".original-page")
    assert "推行柔性执法" in first.select_one("details").text
    assert "撤回自己的申请" in second.select_one("details").text
    assert third.select_one("details") is None
    clause = page.select_one("[aria-label='二、（二）']")
    assert clause.select_one("a")["href"] == "#page-2"
    assert clause.select_one("a").text == "第 2 页"


def test_a_page_is_drawn_when_asked_for_and_kept_nowhere(editor: FlaskClient, session: Session, address: str):
    before = everything_stored(session)
    drawn = editor.get(f"{address}/pages/2.png")
    assert (drawn.status_code, drawn.mimetype) == (200, "image/png")
    assert drawn.headers["Cache-Control"] == "no-store"
    picture = Image.open(io.BytesIO(drawn.data))
    assert picture.width == limits().page_width
    assert picture.convert("L").getextrema()[0] < 100, "there is ink on it"
    assert everything_stored(session) == before


@pytest.mark.parametrize("page", [0, PAGES + 1, 99999])
def test_a_page_that_is_not_there_is_not_found(editor: FlaskClient, address: str, page: int):
    assert editor.get(f"{address}/pages/{page}.png").status_code == 404


def test_the_pages_are_for_nobody_else_and_gone_with_the_import(
    editor: FlaskClient, app: Flask, address: str
):
    for role in (Role.EDITOR, Role.REVIEWER):
        other = app.test_client()
        signed_in(other, role)
        assert other.get(f"{address}/pages/1.png").status_code in (403, 404)
    assert app.test_client().get(f"{address}/pages/1.png").status_code == 303
    send(editor, f"{address}/discard", address)
    assert editor.get(f"{address}/pages/1.png").status_code == 404


@pytest.mark.parametrize(("name", "content"), [("办法.txt", NOTICE.encode()), ("清单.xlsx", workbook())])
def test_what_has_no_pages_shows_its_text_and_no_pictures(editor: FlaskClient, name: str, content: bytes):
    address = brought(editor, name, content)
    assert not page_of(editor.get(address)).select(".original-page")
    assert editor.get(f"{address}/pages/1.png").status_code == 404


def test_pages_beyond_the_limit_are_told_by_their_text(
    editor: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
):
    few = replace(limits(), pages=1)
    monkeypatch.setattr("portal.library.desk.intake.preview.limits", lambda: few)
    monkeypatch.setattr(page_views, "limits", lambda: few)
    page = page_of(editor.get(address))
    assert len(page.select(".original-page > img")) == 1
    assert page.select(".original-page")[1].select_one("details").has_attr("open")
    assert editor.get(f"{address}/pages/1.png").status_code == 200
    assert editor.get(f"{address}/pages/2.png").status_code == 404


def test_a_page_that_cannot_be_drawn_says_so_and_the_import_goes_on(
    editor: FlaskClient, session: Session, address: str, monkeypatch: pytest.MonkeyPatch
):
    pending(session)[0].content = forms_without_end()
    session.commit()
    short = replace(limits(), page_seconds=1)
    monkeypatch.setattr(page_views, "limits", lambda: short)
    refused = editor.get(f"{address}/pages/1.png", headers={"Accept": "image/*"})
    assert refused.status_code == 422
    assert editor.get(address).status_code == 200


def test_a_huge_page_is_drawn_at_the_size_of_any(editor: FlaskClient):
    address = brought(editor, "大.pdf", notice_pdf((14_400, 14_400)))
    picture = Image.open(io.BytesIO(editor.get(f"{address}/pages/1.png").data))
    assert picture.width * picture.height <= limits().page_pixels * 1.01


def test_the_limits_of_a_drawn_page_are_sane():
    told = limits()
    assert 1 <= told.pages <= 500
    assert told.page_width * told.page_width * 1.4143 <= told.page_pixels <= 4_000_000, "a whole A4 page"
    assert 1 <= told.page_seconds <= 10
    assert 128 <= told.page_mib <= 1024
