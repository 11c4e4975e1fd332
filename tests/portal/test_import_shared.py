"""The real notices and lists beside the checkout go in through the page, each within seconds."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.library.desk.drafts import draft_of
from portal.library.publication import gaps
from portal.library.record import edition_of
from tests import shared_folder

from .imports import IMPORT, decide, form_of, page_of, pending, upload
from .staff import signed_in

FOLDER = shared_folder() or Path()
SECONDS = 3

pytestmark = pytest.mark.skipif(shared_folder() is None, reason="the real files stand beside the checkout")


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


def sourced_rows(file: Path) -> int:
    """How many items a list holds; one that was only remembered does not come in."""
    with file.open(encoding="utf-8-sig") as table:
        return sum(row["source_url"] != "memory" for row in csv.DictReader(table))


def test_the_five_notices_go_in_through_the_page(editor: FlaskClient, session: Session):
    with (FOLDER / "notices" / "notices.csv").open(encoding="utf-8-sig") as table:
        told = {row["file"]: row for row in csv.DictReader(table)}
    for name, row in told.items():
        started = time.process_time()
        done = upload(editor, (name, (FOLDER / "notices" / name).read_bytes()))
        address = done.headers["Location"]
        form = form_of(editor, address)
        assert time.process_time() - started < SECONDS
        assert form["title"] == row["title"]
        assert form["document_number"] == row["document_number"]
        assert form["region"] in (row["region"], "")
        typed = {
            "instrument": row["id"],
            "region": row["region"],
            "issued_on": row["issued_on"],
            "in_force_from": row["issued_on"],
            "department": row["department"],
        }
        assert decide(editor, address, "draft", **typed).status_code == 303
        draft = draft_of(session, row["id"])
        assert draft is not None
        assert gaps(draft.edition) == ()
        assert len(edition_of(draft.edition).clauses) > 20
    assert pending(session) == []


def test_all_lists_go_in_through_the_page_at_once(editor: FlaskClient, session: Session):
    files = sorted((FOLDER / "lists").glob("*.csv"))
    done = upload(editor, *((file.name, file.read_bytes()) for file in files))
    assert (done.status_code, len(pending(session))) == (303, len(files))
    assert len(page_of(editor.get(IMPORT)).select(".pending tbody tr")) == len(files) == 83
    items, unsettled = 0, []
    for one in pending(session):
        address = f"{IMPORT}/{one.id}"
        form = form_of(editor, address)
        assert form["instrument"] == one.name.removesuffix(".csv")
        assert form["title"]
        assert decide(editor, address, "draft").status_code == 303
        draft = draft_of(session, form["instrument"])
        assert draft is not None
        items += len(edition_of(draft.edition).items)
        unsettled += gaps(draft.edition)
    assert items == sum(sourced_rows(file) for file in files)
    assert len(unsettled) <= 8, unsettled  # lists whose own file leaves the region open
