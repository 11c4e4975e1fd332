"""A publication costs what changed: nothing else is built, opened, probed or read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

import knowledge.library
import knowledge.shelf
from knowledge import record
from knowledge.library import Knowledge
from knowledge.topic_index import TopicIndex
from portal.library.desk.hindrances import hindrances
from portal.library.desk.release import approved
from portal.library.held import held_now
from portal.library.holder import KnowledgeHolder, current_knowledge
from portal.library.models import EditionRow, Origin
from portal.library.publication import PublicationError, publish, roll_back, sweep
from portal.library.record import current_release, keep_edition
from portal.library.shelving import Shelving
from portal.library.status import status_of

from .small import ZHANHE, ZHOUSHAN, make_list, make_notice

REWORDED = "改过的标题"
DAY = date(2024, 1, 1)


@dataclass
class Work:
    """What was built, opened, probed and read meanwhile: regions of shelves, instruments of editions."""

    built: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    topics: int = 0


@contextmanager
def watched() -> Iterator[Work]:
    work = Work()
    with pytest.MonkeyPatch.context() as patch:

        def noting(place: Any, name: str, note: Callable[[Any, tuple[Any, ...]], None]) -> None:
            act = getattr(place, name)

            def noted(*given: Any, **named: Any) -> Any:
                result = act(*given, **named)
                note(result, given)
                return result

            patch.setattr(place, name, noted)

        def topics(_index: object, _given: object) -> None:
            work.topics += 1

        noting(knowledge.shelf.Catalogue, "save", lambda _, given: work.built.append(str(given[1])))
        noting(knowledge.library, "open_shelf", lambda shelf, _: work.opened.append(shelf.region))
        noting(Knowledge, "search", lambda _, given: work.probed.extend(s.region for s in given[0].shelves))
        noting(record, "edition_from_json", lambda edition, _: work.read.append(edition.instrument))
        noting(TopicIndex, "build", topics)
        yield work


def reword(session: Session, instrument: str = "zhanhe", region: str = ZHANHE, title: str = REWORDED) -> None:
    keep_edition(
        session, make_notice(instrument, region, title=title), origin=Origin.COMMAND_LINE, author="operator"
    )
    session.commit()
    session.expunge_all()


def test_publishing_a_changed_notice_builds_opens_probes_and_reads_its_region_alone(
    session: Session, shelving: Shelving
):
    reword(session)
    with watched() as work:
        publish(session, shelving, actor="operator")
    assert len(work.built) == 2  # the clauses and the items of one shelf
    assert (work.opened, work.probed) == ([ZHANHE], [ZHANHE])
    assert set(work.read) == {"zhanhe"}


def test_a_list_of_several_regions_touches_the_shelves_of_these(session: Session, shelving: Shelving):
    row = keep_edition(
        session,
        make_list("list-two", f"{ZHANHE}、{ZHOUSHAN}"),
        origin=Origin.COMMAND_LINE,
        author="operator",
    )
    session.commit()
    session.expunge_all()
    with watched() as work:
        publish(session, shelving, actor="operator")
    assert sorted(work.opened) == sorted([ZHANHE, ZHOUSHAN])
    assert set(work.read) == {"zhanhe", "zhoushan", row.instrument_id}


def test_rolling_back_builds_and_opens_nothing_and_reads_what_differs(session: Session, shelving: Shelving):
    """The two texts are read for the cases and answers that rest on them, and nothing else is."""
    reword(session)
    publish(session, shelving, actor="operator")
    session.expunge_all()
    with watched() as work:
        roll_back(session, shelving, 1, actor="operator")
    assert replace(work, read=[]) == Work()
    assert work.read == ["zhanhe", "zhanhe"]


def test_a_reader_opens_and_probes_only_the_shelves_that_changed(
    session: Session, shelving: Shelving, holder: KnowledgeHolder
):
    before = holder.current(session)
    reword(session)
    publish(session, shelving, actor="operator")
    with watched() as work:
        after = holder.current(session)
    assert (work.opened, work.probed, work.topics) == ([ZHANHE], [ZHANHE], 0)
    assert {s.region for s in after.shelves} == {s.region for s in before.shelves}
    assert {s.region for s in after.shelves if s not in before.shelves} == {ZHANHE}
    assert (before.edition("zhanhe", DAY), after.edition("zhanhe", DAY)) == (
        make_notice(),
        make_notice(title=REWORDED),
    )


def test_what_hinders_a_release_is_found_without_reading_what_stays(session: Session):
    with watched() as work:
        assert hindrances(session, approved(session), held_now(session)) == ()
    assert work.read == []


def test_an_edition_that_is_not_what_the_record_says_is_not_published(session: Session, shelving: Shelving):
    reword(session)
    session.execute(
        update(EditionRow).where(EditionRow.title == REWORDED).values(digest=record.digest(make_notice()))
    )
    session.commit()
    with pytest.raises(PublicationError, match="“zhanhe”的内容与登记的校验值不符"):
        publish(session, shelving, actor="operator")
    assert current_release(session).number == 1  # type: ignore[union-attr]


def test_a_request_reads_one_release_from_beginning_to_end(app: Flask, session: Session, shelving: Shelving):
    with app.test_request_context("/"):
        first = current_knowledge()
        reword(session)
        publish(session, shelving, actor="operator")
        assert current_knowledge() is first
    with app.test_request_context("/"):
        assert current_knowledge().release == 2


def test_the_status_says_what_an_interrupted_publication_left(session: Session, shelving: Shelving):
    orphan = shelving.build("安徽省/六安市", [make_notice("orphan", "安徽省/六安市")])
    status = status_of(session, shelving)
    assert (status.strays, status.to_json()["strays"]) == ((orphan,), [orphan])
    assert "1 份，运行 rouwen setup 即清除" in status.text()
    sweep(session, shelving)
    assert status_of(session, shelving).strays == ()
