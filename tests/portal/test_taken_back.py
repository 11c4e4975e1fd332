"""What a rollback took back is found again at the desk, and says that it is not shown."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.library.desk.release import publish_approved, roll_back
from portal.library.shelving import Shelving

from .desk import PUBLISHER, approved_draft, bring_in
from .staff import send, signed_in

KNOWLEDGE = "/staff/knowledge"
DOCUMENT = f"{KNOWLEDGE}/documents/shanqian"


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "lxml")


def test_a_document_taken_back_is_listed_as_such_and_opened_again(
    client: FlaskClient, session: Session, shelving: Shelving
):
    bring_in(session)
    approved_draft(session)
    publish_approved(session, shelving, actor=PUBLISHER)
    signed_in(client, Role.EDITOR)
    listed = shown(client, KNOWLEDGE).select_one(f".documents tr:has([href='{DOCUMENT}'])")
    assert listed is not None
    assert "已发布" in listed.text
    roll_back(session, shelving, 1, actor=PUBLISHER, reason="先撤下")

    rows = shown(client, KNOWLEDGE).select(".documents tbody tr")
    assert DOCUMENT in rows[0].select_one("a")["href"], "what waits comes first"
    assert "已撤下" in rows[0].text
    page = shown(client, DOCUMENT)
    assert "公众看不到" in page.select_one(".progress-box").text
    assert len(page.select(".progress-box form")) == 1
    assert send(client, f"{DOCUMENT}/open", DOCUMENT).status_code == 303
    rows = shown(client, KNOWLEDGE).select(f".documents tr:has([href='{DOCUMENT}'])")
    assert ["起草中" in row.text for row in rows] == [True]


def test_a_document_shown_in_an_older_text_stays_listed_once_as_published(
    client: FlaskClient, session: Session, shelving: Shelving
):
    bring_in(session)
    approved_draft(session)
    first = publish_approved(session, shelving, actor=PUBLISHER).release
    approved_draft(session)
    publish_approved(session, shelving, actor=PUBLISHER)
    roll_back(session, shelving, first, actor=PUBLISHER, reason="先看看")
    signed_in(client, Role.EDITOR)
    rows = shown(client, KNOWLEDGE).select(f".documents tr:has([href='{DOCUMENT}'])")
    assert ["已发布" in row.text for row in rows] == [True]
    assert len(shown(client, DOCUMENT).select(".progress-box form")) == 2
