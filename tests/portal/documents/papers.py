"""Documents to test with."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.accounts.acts import add_staff
from portal.accounts.models import Agency, Role, Staff
from portal.applications.models import Application
from portal.documents.issuing import issue
from portal.documents.kinds import DocumentKind, FieldKind, kind_of
from portal.documents.models import Document

from ..applications.cases import make_application

AGENCY = "湛河区城市管理局"
ON = date(2026, 11, 24)
OFFICERS = ["李某 豫D0001", "赵某 豫D0002"]
SAMPLES: dict[FieldKind, object] = {
    FieldKind.TEXT: "一行",
    FieldKind.LONG: "第一段。\n第二段。",
    FieldKind.LINES: ["甲", "乙"],
    FieldKind.OFFICERS: OFFICERS,
    FieldKind.DAY: "2026-12-01",
}


def make_fields(kind: str = DocumentKind.OPINION, **changes: object) -> dict[str, object]:
    """Every field of a kind."""
    fields = {f.id: next(iter(f.choices), SAMPLES.get(f.kind, "")) for f in kind_of(kind).fields}
    return {**fields, **changes}


def make_officer(session: Session, agency: str = AGENCY, name: str = "李某") -> Staff:
    known = session.query(Staff).filter_by(name=name).one_or_none()
    return known or add_staff(session, name, Role.OFFICER, agency).staff


def make_case(session: Session, **changes: object) -> Application:
    """An application to an agency that this portal knows."""
    if session.query(Agency).filter_by(name=AGENCY).one_or_none() is None:
        session.add(Agency(name=AGENCY))
        session.flush()
    return make_application(session, **changes)


def make_document(
    session: Session,
    application: Application | None = None,
    kind: str = DocumentKind.OPINION,
    *,
    replaces: Document | None = None,
    **changes: object,
) -> Document:
    """One that is issued and committed."""
    officer = make_officer(session)
    case = application or make_case(session)
    document = issue(session, case, kind, make_fields(kind, **changes), officer, ON, replaces)
    session.commit()
    return document
