"""Serving documents: online only after a signature, opened and acknowledged once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.calendar import today
from portal.database import Database
from portal.documents.delivery import (
    acknowledge,
    confirm_electronic_delivery,
    confirmation_of,
    confirmation_text,
    deliver,
    end_electronic_delivery,
    record_opening,
)
from portal.documents.issuing import documents_of
from portal.documents.models import DeliveryForm, Document, DocumentMark
from portal.errors import FieldErrors
from portal.uploads.models import Purpose, Upload
from portal.wording import Language, wording

from ..applications.test_races import at_once
from ..small import everything_stored
from .papers import make_case, make_document, make_officer

DAY = "2026-11-20"


def make_scan(session: Session, application: Application, kind: str = "jpg", **changes: object) -> Upload:
    given = {
        "token": f"t{application.id}{kind}",
        "application_id": application.id,
        "purpose": Purpose.SIGNATURE.value,
        "kind": kind,
        "size": 1,
        "digest": "0" * 64,
        "scanned": False,
        "name": f"签名.{kind}",
        "key": "k",
        **changes,
    }
    scan = Upload(**given)
    session.add(scan)
    session.flush()
    return scan


def wrong_fields(act: object) -> list[tuple[str, str]]:
    with pytest.raises(FieldErrors) as wrong:
        act()  # type: ignore[operator]
    return [(error.field, error.word) for error in wrong.value.errors]


def test_a_typed_name_and_a_tick_are_no_signature(session: Session):
    case = make_case(session)
    told = wrong_fields(lambda: confirm_electronic_delivery(session, case, name="王某", signed_on=DAY))
    assert told == [("scan", "signature")]
    assert "都不是可靠的电子签名" in wording(Language.CHINESE)("delivery.nature")


def test_everything_that_is_missing_is_told_at_once(session: Session):
    case = make_case(session)
    later = (today() + timedelta(days=1)).isoformat()
    for day, word in (("昨天", "date"), (later, "date_future")):
        told = wrong_fields(lambda d=day: confirm_electronic_delivery(session, case, name=" ", signed_on=d))
        assert told == [("name", "required"), ("signed_on", word), ("scan", "signature")]


def test_a_scan_must_be_a_picture_of_this_applications_signature(session: Session):
    case, other = make_case(session), make_case(session)
    for scan in (
        make_scan(session, case, "mp4"),
        make_scan(session, other),
        make_scan(session, case, "png", purpose=Purpose.EVIDENCE.value),
    ):
        told = wrong_fields(
            lambda s=scan: confirm_electronic_delivery(session, case, name="王某", signed_on=DAY, scan=s)
        )
        assert told == [("scan", "signature_kind")]


def test_online_delivery_waits_for_the_signed_confirmation(session: Session):
    case, officer = make_case(session), make_officer(session)
    document = make_document(session, case)
    told = wrong_fields(lambda: deliver(session, case, document, DeliveryForm.ONLINE, by=officer))
    assert told == [("form", "not_confirmed")]
    deliver(session, case, document, DeliveryForm.POST, by=officer, note="挂号信")
    confirm_electronic_delivery(session, case, name="王某", signed_on=DAY, scan=make_scan(session, case))
    deliver(session, case, document, DeliveryForm.ONLINE, by=officer)
    session.commit()
    (filed,) = documents_of(session, case)
    assert [delivery.form for delivery in filed.served] == ["online", "post"]
    assert filed.served_at is not None


def test_signed_paper_may_be_noted_by_an_officer_and_ended_by_the_party(session: Session):
    case, officer = make_case(session), make_officer(session)
    document = make_document(session, case)
    confirm_electronic_delivery(session, case, name="王某", signed_on=DAY, noted_by=officer)
    confirmation = confirmation_of(session, case)
    assert confirmation is not None
    assert (confirmation.noted_by, confirmation.version) == (
        "李某",
        confirmation_text(Language.ENGLISH).version,
    )
    assert end_electronic_delivery(session, case)
    assert not end_electronic_delivery(session, case)
    assert wrong_fields(lambda: deliver(session, case, document, "online", by=officer)) == [
        ("form", "not_confirmed")
    ]


def test_only_this_cases_documents_are_served_and_no_internal_one(session: Session):
    case, officer = make_case(session), make_officer(session)
    elsewhere = make_document(session)
    draft = make_document(session, case, "exemption")
    for document in (elsewhere, draft):
        told = wrong_fields(lambda d=document: deliver(session, case, d, "post", by=officer))
        assert told == [("document", "choose")]
    assert wrong_fields(lambda: deliver(session, case, draft, "pigeon", by=officer)) == [("form", "choose")]


def test_only_what_was_served_is_acknowledged_and_once(session: Session):
    case, officer = make_case(session), make_officer(session)
    document = make_document(session, case)
    assert wrong_fields(lambda: acknowledge(session, document)) == [("document", "not_served")]
    deliver(session, case, document, "in_person", by=officer)
    assert acknowledge(session, document, "王某")
    assert not acknowledge(session, document, "王某")
    session.commit()
    assert documents_of(session, case)[0].acknowledged_at is not None


def test_of_many_openings_at_once_one_is_the_first(database: Database, session: Session):
    document = make_document(session)

    def open_it(own: Session) -> bool:
        first = record_opening(own, own.get_one(Document, document.id))
        own.commit()
        return first

    results = at_once(database, *[open_it] * 6)
    assert sorted(map(str, results)) == ["False"] * 5 + ["True"]
    session.rollback()
    assert len(session.scalars(select(DocumentMark)).all()) == 1


def test_who_signed_is_not_readable_in_the_database(session: Session):
    case, officer = make_case(session), make_officer(session)
    document = make_document(session, case)
    confirm_electronic_delivery(
        session, case, name="欧阳签名", signed_on=DAY, address="13900001111", noted_by=officer
    )
    deliver(session, case, document, "post", by=officer, note="寄到欧阳签名处")
    acknowledge(session, document, "欧阳签名")
    session.commit()
    stored = everything_stored(session)
    assert "欧阳签名" not in stored
    assert "13900001111" not in stored
