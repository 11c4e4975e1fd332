"""A list is copied from a higher authority's, and the copy is told of what changes there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from knowledge.edition import Edition
from portal import journal
from portal.accounts.models import Role
from portal.errors import FieldErrors, NotFound
from portal.library.desk.drafts import (
    at_work,
    discard_draft,
    draft_of,
    needed_draft,
    open_draft,
    write_edition,
)
from portal.library.desk.items.case_acts import confirm_passing
from portal.library.desk.release import publish_approved
from portal.library.desk.review import approve, submit
from portal.library.details import Details
from portal.library.making.copying import (
    changes_above,
    copies_behind,
    copy_list,
    follow_original,
    original_of,
)
from portal.library.making.due import due_now
from portal.library.models import EditionState, Origin
from portal.library.publication import publish
from portal.library.record import edition_of, keep_edition
from portal.library.shelving import Shelving

from .desk import EDITOR, PUBLISHER, REVIEWER
from .small import ZHANHE, ZHOUSHAN, make_list
from .staff import send, signed_in

PROVINCE = "浙江省"
CITY = Details(instrument="city-list", title="舟山市轻微违法清单", region=ZHOUSHAN, department="市城管局")


def published(session: Session, shelving: Shelving, *matters: str) -> None:
    """The province's list with one item for each matter."""
    (item,) = make_list("province-list", PROVINCE).items
    items = tuple(replace(item, number=str(n), matter=matter) for n, matter in enumerate(matters, start=1))
    edition = make_list("province-list", PROVINCE, items=items)
    keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    publish(session, shelving, actor="operator")


@pytest.fixture
def province(session: Session, shelving: Shelving) -> Session:
    published(session, shelving, "乱贴广告", "占道堆物")
    return session


def own(session: Session) -> Edition:
    row = at_work(session, "city-list")
    assert row is not None
    return edition_of(row)


def test_the_copy_is_a_draft_of_its_own_region_that_names_its_original(province: Session):
    assert copy_list(province, "province-list", CITY, actor=EDITOR) == "city-list"
    copy = own(province)
    assert [(i.number, i.matter, i.region, i.list) for i in copy.items] == [
        ("1", "乱贴广告", ZHOUSHAN, "city-list"),
        ("2", "占道堆物", ZHOUSHAN, "city-list"),
    ]
    assert "试验免罚清单" in copy.source
    assert needed_draft(province, "city-list").authors == [EDITOR]
    assert copies_behind(province) == []
    assert journal.verify(province)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (replace(CITY, instrument=None), "instrument"),
        (replace(CITY, instrument="province-list"), "instrument"),
        (replace(CITY, title=None), "title"),
        (replace(CITY, region=None), "region"),
        (replace(CITY, region=ZHANHE), "region"),
    ],
)
def test_what_a_copy_cannot_be_is_said_at_the_field(province: Session, told: Details, field: str):
    with pytest.raises(FieldErrors) as wrong:
        copy_list(province, "province-list", told, actor=EDITOR)
    assert [error.field for error in wrong.value.errors] == [field]
    assert draft_of(province, "city-list") is None


def test_only_a_public_list_is_copied(province: Session):
    for nothing in ("zhanhe", "nowhere"):
        with pytest.raises(NotFound):
            copy_list(province, nothing, CITY, actor=EDITOR)


def test_a_change_above_is_told_and_taken_over_into_the_draft(province: Session, shelving: Shelving):
    copy_list(province, "province-list", CITY, actor=EDITOR)
    draft = needed_draft(province, "city-list")
    first, second = own(province).items
    write_edition(draft, replace(own(province), items=(replace(first, matter="市里的说法"), second)))
    province.commit()
    published(province, shelving, "乱贴小广告", "占道堆放杂物", "夜间噪声")
    assert [due.what for due in due_now(province)] == ["original"]
    found = follow_original(province, "city-list", actor=EDITOR)
    assert (set(found.taken), found.kept) == ({"2", "3"}, ("1",))
    assert [item.matter for item in own(province).items] == ["市里的说法", "占道堆放杂物", "夜间噪声"]
    assert copies_behind(province) == []
    with pytest.raises(NotFound):
        follow_original(province, "city-list", actor=EDITOR)


def test_a_change_that_says_nothing_new_is_not_told(province: Session, shelving: Shelving):
    copy_list(province, "province-list", CITY, actor=EDITOR)
    (item,) = make_list("province-list", PROVINCE).items
    items = tuple(
        replace(item, number=n, matter=m, asked_as=("墙上能贴吗",))
        for n, m in (("1", "乱贴广告"), ("2", "占道堆物"))
    )
    edition = make_list("province-list", PROVINCE, items=items)
    keep_edition(province, edition, origin=Origin.COMMAND_LINE, author="operator")
    publish(province, shelving, actor="operator")
    original = original_of(province, "city-list")
    assert original is not None
    assert changes_above(original, own(province)) is None


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "lxml")


def test_an_editor_copies_and_follows_on_the_pages(
    client: FlaskClient, province: Session, shelving: Shelving
):
    signed_in(client, Role.EDITOR)
    documents = "/staff/knowledge/documents"
    copying = page(client, f"{documents}/province-list").select_one("a[href$='/copy']")["href"]
    wrong = send(client, copying, copying, title="舟山市清单", instrument="City List", region="舟山市")
    assert wrong.status_code == 422
    shown = BeautifulSoup(wrong.text, "lxml")
    assert shown.select_one("#instrument-wrong")
    assert shown.select_one("#title")["value"] == "舟山市清单"
    done = send(client, copying, copying, title="舟山市清单", instrument="city-list", region="舟山市")
    assert done.headers["Location"].endswith("/documents/city-list")
    published(province, shelving, "乱贴小广告", "占道堆物")
    making = f"{documents}/city-list/making"
    assert "1 项可以取用" in page(client, making).select_one("[aria-labelledby=original]").text
    assert send(client, f"{documents}/city-list/follow", making).status_code == 303
    assert "底本没有新的变动" in page(client, making).text
    province.expire_all()
    assert own(province).items[0].matter == "乱贴小广告"


def test_who_does_not_write_copies_nothing(client: FlaskClient, province: Session):
    signed_in(client, Role.REVIEWER)
    assert client.get("/staff/knowledge/documents/province-list/copy").status_code == 403


def test_a_change_that_was_taken_into_a_discarded_draft_is_told_again(province: Session, shelving: Shelving):
    copy_list(province, "province-list", CITY, actor=EDITOR)
    approved_list(province, shelving)
    published(province, shelving, "乱贴小广告", "占道堆物")
    open_draft(province, "city-list", actor=EDITOR)
    follow_original(province, "city-list", actor=EDITOR)
    assert copies_behind(province) == []
    discard_draft(province, "city-list", actor=EDITOR)
    assert [copy.instrument_id for copy in copies_behind(province)] == ["city-list"]
    open_draft(province, "city-list", actor=EDITOR)
    assert follow_original(province, "city-list", actor=EDITOR).taken == ("1",)


def approved_list(session: Session, shelving: Shelving) -> None:
    """Publishes the open draft of the city's list."""
    confirm_passing(session, "city-list", actor=EDITOR)
    submit(session, needed_draft(session, "city-list"), actor=EDITOR)
    approve(session, needed_draft(session, "city-list", EditionState.IN_REVIEW), actor=REVIEWER)
    publish_approved(session, shelving, actor=PUBLISHER)
