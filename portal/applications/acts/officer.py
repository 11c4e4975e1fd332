"""What an officer does with a case before it ends. Each act is one commit and leaves one event.

``content`` is what the form of the act says, checked (``case_forms``); ``seen`` the number of the last
event that the officer's page showed: where others came since, the act is refused with what they were. A
word added to the file overtakes nothing, and is taken whatever came in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Protocol

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts.models import Staff
from portal.calendar import CHINA, today
from portal.database import now
from portal.documents import delivery
from portal.documents.issuing import find_document
from portal.documents.kinds import DocumentKind
from portal.errors import FieldError, FieldErrors

from .. import papers
from ..case_forms import paper_act
from ..lifecycle import Act, Role
from ..models import Application, AskedColleague, Message
from .case import Officer, advance, done, entry, hold

Content = Mapping[str, Any]
NOON = time(12)


class OfficerAct(Protocol):
    """The one shape of an officer's acts."""

    def __call__(
        self,
        session: Session,
        application_id: int,
        content: Content,
        officer: Officer,
        *,
        seen: int | None = None,
    ) -> Application: ...


def request_supplement(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Tells the party at once everything that is missing (一次告知补正)."""
    application = _begin(session, application_id, Act.REQUEST_SUPPLEMENT, officer, seen)
    until = papers.paper_day(content["reply_by"])
    number = papers.supplement(session, application, content, officer)
    entry(application, Act.REQUEST_SUPPLEMENT, {**content, "document": number}, officer=officer, due_on=until)
    return done(
        session, application, Act.REQUEST_SUPPLEMENT, {"missing": content["missing"]}, officer=officer
    )


def accept(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Takes the application on."""
    application = _begin(session, application_id, Act.ACCEPT, officer, seen)
    application.accepted_at = now()
    number = papers.acceptance(session, application, content, officer)
    entry(application, Act.ACCEPT, {**content, "document": number}, officer=officer)
    return done(session, application, Act.ACCEPT, {}, officer=officer)


def refuse(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Does not take it on, with the ground, the clause and what the party can do about it."""
    application = _begin(session, application_id, Act.REFUSE, officer, seen)
    application.ground = content["ground"]
    number = papers.refusal(session, application, content, officer)
    entry(application, Act.REFUSE, {**content, "document": number}, officer=officer)
    return done(session, application, Act.REFUSE, {"ground": content["ground"]}, officer=officer)


def record_measure(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Records which methods were used, singly or combined, and in which form."""
    application = _begin(session, application_id, Act.RECORD_MEASURE, officer, seen)
    _set_correction(application, content)
    entry(application, Act.RECORD_MEASURE, content, officer=officer, form="measure", due_on=_due(content))
    detail = {"methods": content["methods"], "form": content["form"]}
    return done(session, application, Act.RECORD_MEASURE, detail, officer=officer)


def offer_commitment(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Lays a commitment letter before the party, to sign or not to sign."""
    application = _begin(session, application_id, Act.RECORD_MEASURE, officer, seen)
    _set_correction(application, content)
    number = papers.commitment(session, application, content, officer)
    content = {**content, "document": number}
    entry(application, Act.RECORD_MEASURE, content, officer=officer, form="commitment", due_on=_due(content))
    return done(session, application, Act.RECORD_MEASURE, {"what": "commitment"}, officer=officer)


def reinspect(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Records what a re-inspection found; more time sets a new day, anything else ends the waiting."""
    application = _begin(session, application_id, Act.RECORD_MEASURE, officer, seen)
    application.correction_due = _due(content) if content["result"] == "more_time" else None
    entry(
        application, Act.RECORD_MEASURE, content, officer=officer, form="reinspection", due_on=_due(content)
    )
    detail = {"what": "reinspection", "result": content["result"]}
    return done(session, application, Act.RECORD_MEASURE, detail, officer=officer)


def record_expert(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Keeps what an expert said of a technical question."""
    application = _begin(session, application_id, Act.RECORD_MEASURE, officer, seen)
    entry(application, Act.RECORD_MEASURE, content, officer=officer, form="expert_opinion", public=False)
    return done(session, application, Act.RECORD_MEASURE, {"what": "expert_opinion"}, officer=officer)


def issue_opinion(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Issues the written opinion (意见书) with its five parts: purpose, content, time, object, officers."""
    application = _begin(session, application_id, Act.ISSUE_OPINION, officer, seen)
    _set_correction(application, content)
    number = papers.opinion(session, application, content, officer)
    entry(
        application, Act.ISSUE_OPINION, {**content, "document": number}, officer=officer, due_on=_due(content)
    )
    return done(session, application, Act.ISSUE_OPINION, {"document": number}, officer=officer)


def issue_document(
    session: Session,
    application_id: int,
    kind: DocumentKind,
    fields: Content,
    officer: Officer,
    *,
    replaces: str = "",
    seen: int | None = None,
) -> Application:
    """Issues a document by itself, such as the notice of a talk, or the correction of one (``replaces``)."""
    act = paper_act(kind, correction=bool(replaces))
    assert act is not None, f"{kind} comes with an act of its own"
    application = _begin(session, application_id, act, officer, seen)
    former = find_document(session, application, replaces) if replaces else None
    number = papers.issue_paper(session, application, kind, fields, officer, former)
    if act is Act.FOLLOW_UP:
        application.poorly_rated_on = None
    return done(session, application, act, {"what": kind.value, "document": number}, officer=officer)


def deliver(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Records the delivery of a document; online only once the party has signed that this is wanted."""
    application = _begin(session, application_id, Act.DELIVER, officer, seen)
    document = find_document(session, application, content["document"])
    try:
        if document is None:
            raise FieldErrors(errors=[FieldError("document", "choose")])
        served = delivery.deliver(
            session, application, document, content["way"], by=officer, note=content["text"]
        )
    except FieldErrors as wrong:
        session.rollback()
        named = {"form": "way", "note": "text"}
        errors = [FieldError(named.get(e.field, e.field), e.word, e.values) for e in wrong.errors]
        raise FieldErrors(errors=errors) from None
    if content["on"] != today().isoformat():  # noted later: it counts from the day it happened
        served.served_at = datetime.combine(date.fromisoformat(content["on"]), NOON, CHINA)
    entry(application, Act.DELIVER, content, officer=officer)
    detail = {"document": content["document"], "way": content["way"]}
    return done(session, application, Act.DELIVER, detail, officer=officer)


def note(
    session: Session,
    application_id: int,
    content: Content,
    officer: Officer,
    *,
    seen: int | None = None,  # noqa: ARG001
) -> Application:
    """A note for the file, or a remark that the party reads too; answers a colleague's question."""
    application = hold(session, application_id)
    advance(session, application, Act.NOTE, Role.OFFICER)
    entry(application, Act.NOTE, content, officer=officer, public=content["public"])
    session.execute(
        delete(AskedColleague).where(
            AskedColleague.application_id == application.id, AskedColleague.staff_id == officer.id
        )
    )
    return done(session, application, Act.NOTE, {"public": content["public"]}, officer=officer)


def note_confirmation(
    session: Session,
    application_id: int,
    content: Content,
    officer: Officer,
    *,
    seen: int | None = None,  # noqa: ARG001
) -> Application:
    """Notes that the party signed the confirmation of electronic delivery on paper, as the officer saw."""
    application = hold(session, application_id)
    advance(session, application, Act.NOTE, Role.OFFICER)
    delivery.confirm_electronic_delivery(
        session,
        application,
        name=content["name"],
        signed_on=content["signed_on"],
        address=content["address"],
        noted_by=officer,
    )
    entry(application, Act.NOTE, content, officer=officer, form="paper_confirmation")
    return done(session, application, Act.NOTE, {"public": True}, officer=officer)


def ask_colleague(
    session: Session,
    application_id: int,
    content: Content,
    officer: Officer,
    *,
    seen: int | None = None,  # noqa: ARG001
) -> Application:
    """Asks a colleague of the same agency for their view (会商); they find it in their queue."""
    application = hold(session, application_id)
    advance(session, application, Act.ASK_COLLEAGUE, Role.OFFICER)
    colleague = _colleague(session, content["colleague"], officer, "colleague")
    session.merge(AskedColleague(application_id=application.id, staff_id=colleague.id, asked_at=now()))
    content = {**content, "name": colleague.name}
    entry(application, Act.ASK_COLLEAGUE, content, officer=officer, public=False)
    return done(session, application, Act.ASK_COLLEAGUE, {"colleague": colleague.name}, officer=officer)


def message(
    session: Session,
    application_id: int,
    content: Content,
    officer: Officer,
    *,
    seen: int | None = None,  # noqa: ARG001
) -> Application:
    """A word to the party."""
    application = hold(session, application_id)
    advance(session, application, Act.MESSAGE, Role.OFFICER)
    said = Message(author=Role.OFFICER.value, text=content["text"])
    application.messages.append(said)
    session.flush()
    return done(session, application, Act.MESSAGE, {"message": said.id}, officer=officer)


def assign(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Gives the case to an officer of the agency."""
    application = hold(session, application_id, seen)
    advance(session, application, Act.ASSIGN, Role.OFFICER)
    colleague = _colleague(session, content["officer"], officer, "officer")
    application.officer_id = colleague.id
    return done(session, application, Act.ASSIGN, {"to": colleague.name}, officer=officer)


def claim(session: Session, application_id: int, officer: Officer) -> Application:
    """Takes a case whose agency the portal could not tell from the name that the party wrote."""
    application = hold(session, application_id)
    advance(session, application, Act.ASSIGN, Role.OFFICER)
    if application.agency_id is not None:  # someone else was quicker
        session.rollback()
        return application
    application.agency_id, application.officer_id = officer.agency_id, officer.id
    return done(session, application, Act.ASSIGN, {"to": officer.name}, officer=officer)


def _begin(
    session: Session, application_id: int, act: Act, officer: Officer, seen: int | None
) -> Application:
    """Holds the case and moves it; whoever acts first on a case nobody has becomes its officer."""
    application = hold(session, application_id, seen)
    advance(session, application, act, Role.OFFICER)
    application.officer_id = application.officer_id or officer.id
    return application


def _set_correction(application: Application, content: Content) -> None:
    application.correction_due = _due(content) or application.correction_due


def _due(content: Content) -> date | None:
    return papers.paper_day(str(content.get("due_on") or ""))


def _colleague(session: Session, staff_id: str, officer: Officer, field: str) -> Staff:
    colleague = session.get(Staff, int(staff_id)) if staff_id.isdecimal() else None
    if colleague is None or colleague.agency_id != officer.agency_id or not colleague.active:
        session.rollback()
        raise FieldErrors(errors=[FieldError(field, "choose")])
    return colleague
