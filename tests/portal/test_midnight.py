"""At midnight in Beijing what was published ahead comes into force and what was given an end goes out of it,
in answers, pages and data alike, while the same process runs on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from knowledge.clause import Clause
from portal.library.models import Origin
from portal.library.publication import publish
from portal.library.record import keep_edition
from portal.library.shelving import Shelving

from .small import make_list, make_notice

EVE, DAY = date(2027, 3, 31), date(2027, 4, 1)
BEFORE = datetime(2027, 3, 31, 15, 59, 59, tzinfo=UTC)
AFTER = BEFORE + timedelta(seconds=1)
"""Midnight in Beijing is 16:00 in Greenwich."""
OLD = "3.申请以后可以撤回，应当书面提出。"
NEW = "3.申请以后可以撤回，口头提出即可。"
QUESTION = "湛河区申请以后还能撤回吗？"

Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the time that the portal's calendar reads."""

    def set_to(moment: datetime) -> None:
        class Stopped(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return moment.astimezone(tz)

        monkeypatch.setattr("portal.calendar.datetime", Stopped)

    set_to(BEFORE)
    return set_to


def notice(text: str, begins: date, ends: date | None = None, **changes: object) -> object:
    clauses = (
        Clause("二/3", text, heading="撤回", topics=("withdrawal",), asked_as=("申请以后还能撤回吗",)),
    )
    return make_notice(digest=False, clauses=clauses, in_force_from=begins, in_force_to=ends, **changes)


def put_online(session: Session, shelving: Shelving, *editions: object) -> None:
    for edition in editions:
        keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")  # type: ignore[arg-type]
    session.commit()
    publish(session, shelving, actor="operator")


def answered(client: FlaskClient, question: str = QUESTION) -> list[tuple[str, str, bool]]:
    body = client.post("/api/v1/questions", json={"question": question}).get_json()
    return [(c["document"], c["text"], c["in_force"]) for c in body["citations"]]


def found(client: FlaskClient, words: str = "撤回") -> list[str]:
    body = client.get(f"/api/v1/library/search?q={words}&region=湛河").get_json()
    return [clause["text"] for clause in body["clauses"] if clause["document"] == "zhanhe"]


def test_a_revised_notice_answers_from_its_first_day_on_and_not_a_second_before(
    client: FlaskClient, session: Session, shelving: Shelving, clock: Clock
):
    put_online(session, shelving, notice(OLD, date(2021, 11, 16)), notice(NEW, DAY))
    for moment, text, other in ((BEFORE, OLD, NEW), (AFTER, NEW, OLD), (BEFORE, OLD, NEW)):
        clock(moment)
        assert answered(client) == [("zhanhe", text, True)]
        assert found(client) == [text]
        shown = client.get("/api/v1/library/documents/zhanhe").get_json()
        assert ([c["text"] for c in shown["clauses"]], shown["in_force"]) == ([text], True)
        assert [h["in_force"] for h in shown["history"]] == [text == OLD, text == NEW]
        page = client.get("/library/zhanhe/二/3").get_data(as_text=True)
        assert page.index(text) < page.index(other)  # the other one stands among the versions


def test_a_new_notice_waits_for_its_day(
    client: FlaskClient, session: Session, shelving: Shelving, clock: Clock
):
    put_online(session, shelving, notice(NEW, DAY, instrument="panjin", region="辽宁省/盘锦市"))
    question = "盘锦市申请以后还能撤回吗？"
    assert answered(client, question) == []
    page = client.get("/library/panjin").get_data(as_text=True)
    assert "尚未施行" in page
    assert NEW in page
    clock(AFTER)
    assert answered(client, question) == [("panjin", NEW, True)]
    assert "尚未施行" not in client.get("/library/panjin").get_data(as_text=True)


def test_a_repealed_notice_stays_readable_and_is_marked(
    client: FlaskClient, session: Session, shelving: Shelving, clock: Clock
):
    put_online(session, shelving, notice(OLD, date(2021, 11, 16), EVE))
    assert answered(client) == [("zhanhe", OLD, True)]
    assert "已失效" not in client.get("/library/zhanhe").get_data(as_text=True)
    clock(AFTER)
    assert answered(client) == []
    assert found(client) == []
    for address in ("/library/zhanhe", "/library/zhanhe/二/3"):
        page = client.get(address).get_data(as_text=True)
        assert OLD in page
        assert "已失效" in page
    shown = client.get("/api/v1/library/documents/zhanhe").get_json()
    assert ([c["text"] for c in shown["clauses"]], shown["in_force"]) == ([OLD], False)


def test_a_list_item_is_offered_from_its_first_day_on(
    client: FlaskClient, session: Session, shelving: Shelving, clock: Clock
):
    put_online(session, shelving, make_list("list-one", in_force_to=EVE))
    question = "第一次没有按期申报纳税，会罚吗？"
    assert "list-one" in {document for document, _, _ in answered(client, question)}
    clock(AFTER)
    assert "list-one" not in {document for document, _, _ in answered(client, question)}
    items = client.get("/api/v1/library/lists/list-one/items").get_json()
    assert items["list"]["in_force"] is False
    assert [item["matter"] for item in items["items"]] == ["未按期申报纳税"]


def test_topics_speak_for_the_day(client: FlaskClient, session: Session, shelving: Shelving, clock: Clock):
    clauses = (Clause("二/3", NEW, topics=("withdrawal",)),)
    edition = make_notice("panjin", "辽宁省/盘锦市", digest=False, clauses=clauses, in_force_from=DAY)
    put_online(session, shelving, edition)

    def regions() -> set[str]:
        body = client.get("/api/v1/library/topics/withdrawal").get_json()
        return {place["region"] for place in body["regions"]}

    assert "辽宁省/盘锦市" not in regions()
    clock(AFTER)
    assert "辽宁省/盘锦市" in regions()
