"""Documents are checked, numbered without gaps, sealed, and never changed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal import journal
from portal.accounts.models import Agency
from portal.applications.models import Application
from portal.database import Database
from portal.documents.issuing import digest_of, documents_of, issue, receipt_of, sheet_of
from portal.documents.kinds import DocumentKind, FieldKind, kind_of, kinds
from portal.documents.models import Document, IssuedDocumentError
from portal.errors import FieldErrors
from portal.journal import JournalEntry
from portal.settings import Settings
from portal.wording import Language

from ..applications.cases import NAME
from ..applications.test_races import at_once
from ..small import ZHANHE, everything_stored
from .papers import AGENCY, ON, make_case, make_document, make_fields, make_officer


def wrong_fields(act: object, *args: object) -> dict[str, str]:
    with pytest.raises(FieldErrors) as wrong:
        act(*args)  # type: ignore[operator]
    return {error.field: error.text(Language.CHINESE) for error in wrong.value.errors}


def test_every_kind_has_its_data_and_its_names():
    assert {kind.id for kind in kinds()} == set(DocumentKind)
    for kind in kinds():
        assert kind.name(Language.CHINESE) == kind.title
        assert kind.name(Language.ENGLISH)
        asked = {field.id for field in kind.fields}
        used = {part.field or part.needs or part.unless for part in kind.parts} - {""}
        assert used <= asked, kind.id
        assert all(bool(f.choices) == (f.kind is FieldKind.CHOICE) for f in kind.fields)


def test_an_opinion_has_the_five_parts_that_the_notices_ask_for():
    opinion = kind_of("opinion")
    five = ("purpose", "content", "time", "object", "officers")
    assert all(opinion.field(name).required for name in five)
    assert {part.field for part in opinion.parts} >= set(five)


@pytest.mark.parametrize("kind", [k for k in DocumentKind if k is not DocumentKind.COMMITMENT])
def test_every_kind_can_be_issued_with_all_its_fields(session: Session, kind: DocumentKind):
    document = make_document(session, kind=kind)
    sheet = sheet_of(document)
    assert (sheet.title, sheet.recipient, sheet.agency) == (kind_of(kind).title, NAME, AGENCY)
    assert sheet.day == "2026年11月24日"
    said = "\n".join((sheet.opening, *(line for section in sheet.sections for line in section.lines)))
    assert "{" not in said
    asked = [field.id for field in kind_of(kind).fields if field.kind is FieldKind.TEXT]
    assert said.count("一行") >= len(asked)


HANDS_OVER = {
    DocumentKind.EXEMPTION: "a decision that binds, with its remedies",
    DocumentKind.REFUSAL: "ends what nobody has begun, with its remedies",
}


@pytest.mark.parametrize("kind", [kind for kind in DocumentKind if kind not in HANDS_OVER])
def test_every_document_of_a_case_tells_that_soft_enforcement_is_ones_own_choice(kind: DocumentKind):
    """The right to choose (湛河 二(三)1, 舟山 二(三)1) is told wherever a party signs or reads."""
    told = "".join(line for part in kind_of(kind).parts for line in part.lines) + kind_of(kind).opening
    assert any(word in told for word in ("自主决定", "撤回", "不作为加重处理的理由"))


def test_headings_are_counted_over_the_parts_that_are_there(session: Session):
    sheet = sheet_of(make_document(session, facts="", methods=[], deadline="", check=""))
    assert [s.heading for s in sheet.sections][:4] == ["一、目的", "二、内容", "三、时间", "四、柔性执法对象"]


def test_what_is_missing_or_wrong_is_told_at_its_field(session: Session):
    case, officer = make_case(session), make_officer(session)
    fields = make_fields(
        purpose=" ", officers=["李某 豫D0001"], deadline="明天", time="很" * 300, colour="红"
    )
    told = wrong_fields(issue, session, case, "opinion", fields, officer, ON)
    assert told == {
        "colour": "没有这个字段。",
        "purpose": "不能为空。",
        "time": "最多 200 个字，现有 300 个。",
        "officers": "至少要有 2 行。",
        "deadline": "日期应写成 2026-11-22 这样。",
    }
    fields = make_fields(officers="李某\n赵某 豫D0002")
    assert "officers" in wrong_fields(issue, session, case, "opinion", fields, officer, ON)
    fields = make_fields("exemption", limb="because")
    assert list(wrong_fields(issue, session, case, "exemption", fields, officer, ON)) == ["limb"]
    assert session.scalars(select(Document)).all() == []


def test_all_that_is_missing_is_told_at_once_and_none_is_an_error(session: Session):
    case, officer = make_case(session), make_officer(session)
    told = wrong_fields(
        issue, session, case, "supplement", make_fields("supplement", missing=[]), officer, ON
    )
    assert told == {"missing": "不能为空。"}
    sheet = sheet_of(make_document(session, case, DocumentKind.SUPPLEMENT, missing="营业执照\n照片\n\n"))
    assert sheet.sections[0].lines == ("1. 营业执照", "2. 照片")


def test_a_commitment_letter_exists_only_where_the_region_has_one(session: Session):
    case, officer = make_case(session), make_officer(session)
    fields = make_fields("commitment")
    told = wrong_fields(issue, session, case, "commitment", fields, officer, ON)
    assert told == {"kind": "当地的通知没有规定这种文书。"}
    case.region = "辽宁省/盘锦市"
    sheet = sheet_of(issue(session, case, "commitment", fields, officer, ON))
    conditions = next(s for s in sheet.sections if "五项" in s.heading)
    assert [line[:3] for line in conditions.lines[:5]] == [f"（{n}）" for n in "一二三四五"]
    assert sheet.signers == ("agency", "party")
    assert kind_of("commitment").used_in("安徽省/六安市/金安区")
    assert not kind_of("commitment").used_in(ZHANHE)


def test_numbers_run_without_gaps_in_each_series_of_an_agency_and_year(session: Session):
    case, officer = make_case(session), make_officer(session)

    def number(kind: str, on: date = ON) -> str:
        made = issue(session, case, kind, make_fields(kind), officer, on)
        session.commit()
        return made.number.removeprefix(AGENCY)

    assert number("opinion") == "柔意〔2026〕1号"
    assert [number("acceptance"), number("supplement")] == ["柔通〔2026〕1号", "柔通〔2026〕2号"]
    assert number("opinion") == "柔意〔2026〕2号"
    assert number("opinion", date(2027, 1, 1)) == "柔意〔2027〕1号"
    with pytest.raises(FieldErrors):
        issue(session, case, "opinion", {}, officer, ON)
    issue(session, case, "opinion", make_fields(), officer, ON)
    session.rollback()
    assert number("opinion") == "柔意〔2026〕3号"
    other = Agency(name="湛河区税务局")
    session.add(other)
    session.flush()
    case.agency_id = other.id
    assert issue(session, case, "opinion", make_fields(), officer, ON).number == "湛河区税务局柔意〔2026〕1号"


def test_the_portal_issues_for_an_agency_that_it_does_not_know(session: Session):
    case = make_case(session, agency="另一个机关")
    document = issue(session, case, "withdrawal", make_fields("withdrawal"), None, ON)
    assert (document.number, document.issuer, document.agency_id) == ("柔问柔通〔2026〕1号", "portal", None)
    assert sheet_of(document).agency == "另一个机关"


def test_what_was_issued_cannot_be_changed_or_deleted(session: Session):
    document = make_document(session)
    document.content = {**document.content, "fields": {}}
    with pytest.raises(IssuedDocumentError):
        session.commit()
    session.rollback()
    session.delete(document)
    with pytest.raises(IssuedDocumentError):
        session.commit()
    session.rollback()
    assert digest_of(document) == document.digest


def test_a_correction_is_a_new_document_that_names_the_one_it_replaces(session: Session):
    case = make_case(session)
    first = make_document(session, case)
    second = make_document(session, case, purpose="改好的目的", replaces=first)
    assert sheet_of(second).replaces == first.number
    latest, before = documents_of(session, case)
    assert (latest.document, latest.replaced_by) == (second, None)
    assert (before.document, before.replaced_by) == (first, second)
    officer = make_officer(session)
    told = wrong_fields(issue, session, case, "opinion", make_fields(), officer, ON, first)
    assert told == {"replaces": "这份文书已经有一份更正。"}
    fields = make_fields("acceptance")
    told = wrong_fields(issue, session, case, "acceptance", fields, officer, ON, second)
    assert list(told) == ["replaces"]
    session.rollback()
    other = make_case(session)
    assert list(wrong_fields(issue, session, other, "opinion", make_fields(), officer, ON, second)) == [
        "replaces"
    ]


def test_issuing_leaves_one_event_that_names_nobody(session: Session):
    document = make_document(session)
    events = session.scalars(select(JournalEntry).where(JournalEntry.act == "document.issued")).all()
    assert [event.subject for event in events] == [f"document:{document.number}"]
    assert events[0].detail["digest"] == document.digest
    assert journal.verify(session)


def test_nothing_of_a_document_is_readable_in_the_database(session: Session):
    make_document(session, content="请把藏青色的梯子收回店内。")
    stored = everything_stored(session)
    assert "藏青色" not in stored
    assert NAME not in stored


def test_an_internal_document_is_not_the_partys_to_read(session: Session):
    case = make_case(session)
    draft = make_document(session, case, DocumentKind.EXEMPTION)
    assert sheet_of(draft).mark.startswith("草拟稿")
    assert documents_of(session, case) == ()
    assert [filed.document for filed in documents_of(session, case, internal=True)] == [draft]


def test_what_was_typed_stays_as_typed_but_for_what_no_paper_can_show(session: Session):
    typed = "甲\x00\x07乙\u202e丙\t丁{party}{0}{{7*7}}\ud800\uffff\r\n第二行"
    sheet = sheet_of(make_document(session, content=typed))
    content = next(s for s in sheet.sections if s.heading.endswith("内容"))
    assert content.lines == ("甲乙丙 丁{party}{0}{{7*7}}", "第二行")


def test_a_receipt_is_made_from_what_was_handed_in(session: Session):
    case = make_case(session)
    sheet = receipt_of(case, ("照片.jpg",))
    assert case.number in sheet.opening
    assert any("照片.jpg" in section.lines for section in sheet.sections)
    assert any("本地未规定" in line for section in sheet.sections for line in section.lines)


def test_many_at_once_get_numbers_without_gaps(database: Database, session: Session):
    case, officer = make_case(session), make_officer(session)

    def write(own: Session) -> str:
        known = own.get_one(Application, case.id)
        made = issue(own, known, "opinion", make_fields(), officer, ON)
        own.commit()
        return made.number

    numbers = [str(result) for result in at_once(database, *[write] * 12)]
    assert sorted(numbers, key=lambda n: (len(n), n)) == [f"{AGENCY}柔意〔2026〕{n}号" for n in range(1, 13)]
    session.rollback()
    assert journal.verify(session)


PROGRAM = """
import sys
from tests.portal.documents.papers import ON, make_fields, make_officer
from tests.portal.small import open_database, small_settings
from pathlib import Path
from portal.applications.models import Application
from portal.documents.issuing import issue
database = open_database(small_settings(Path(sys.argv[1])))
with database.session() as session:
    for _ in range(5):
        case = session.get_one(Application, int(sys.argv[2]))
        issue(session, case, "opinion", make_fields(), make_officer(session), ON)
        session.commit()
"""


def test_several_processes_at_once_get_numbers_without_gaps(settings: Settings, session: Session):
    case = make_case(session)
    make_officer(session)
    session.commit()
    command = [sys.executable, "-c", PROGRAM, str(settings.data), str(case.id)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    troubles = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], troubles
    serials = session.scalars(select(Document.serial).order_by(Document.serial)).all()
    assert list(serials) == list(range(1, 16))


def test_a_document_goes_with_its_application(session: Session):
    make_document(session)
    session.execute(text("DELETE FROM applications"))
    session.commit()
    assert session.scalars(select(Document)).all() == []
