"""What the desk says in passing: to whom nothing is left to do, and with which text a draft is compared."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.library.desk.drafts import open_draft
from portal.library.record import editions_now

from .desk import EDITOR, LIST, bring_in, imported_list
from .staff import signed_in

DOCUMENTS = "/staff/knowledge/documents"


def shown(client: FlaskClient, address: str) -> str:
    return BeautifulSoup(client.get(address).text, "lxml").select_one("main").text


def test_a_list_without_topics_is_not_counted_as_none_of_none(client: FlaskClient, session: Session):
    bring_in(session, imported_list())
    open_draft(session, LIST, actor=EDITOR)
    signed_in(client, Role.EDITOR)
    for address in (f"{DOCUMENTS}/{LIST}", f"{DOCUMENTS}/{LIST}/difference"):
        page = shown(client, address)
        assert "没有要确认的话题和问法" in page, address
        assert "共 0 处" not in page


def test_the_text_compared_with_is_named_by_what_people_know_it_by(client: FlaskClient, session: Session):
    row = next(row for row in editions_now(session) if row.instrument_id == "zhanhe")
    open_draft(session, "zhanhe", actor=EDITOR)
    signed_in(client, Role.EDITOR)
    page = shown(client, f"{DOCUMENTS}/zhanhe/difference")
    assert row.document_number
    assert f"《{row.title}》（{row.document_number}）比较" in page
