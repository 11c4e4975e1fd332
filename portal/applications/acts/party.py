"""What a party does with its application. Each act is one commit and leaves one event in the journal.

A withdrawal takes effect on whatever open state it meets; a change made from an older revision is told
what came in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.calendar import today
from portal.database import now
from portal.documents import delivery
from portal.documents.issuing import find_document, forget_documents
from portal.errors import FieldError, FieldErrors
from portal.parties.models import forget_keepers
from portal.uploads.files import forget_files

from .. import papers
from ..basis import forget_changes
from ..case_forms import poor_ratings
from ..choice import Notice
from ..lifecycle import Act, Role, State
from ..mailing import forget_address
from ..models import Application, Complaint, Message, Revision
from ..numbers import AccessCode
from ..problems import CaseConflict, EditConflict, NotYetErasable
from ..retention import erasable_on
from ..statement import FIELDS, Statement, check_statement, clean, differences, empty_statement
from .applying import make_choice
from .case import Keep, advance, agency_named, done, entry, events, fresh, hold

MAX_MESSAGE = 1000
BEARS_ON_A_CHANGE = (Act.CHANGE, Act.SUPPLEMENT, Act.ISSUE_OPINION)
"""What a party should know of before it changes its application."""


def change(
    session: Session,
    application_id: int,
    values: Mapping[str, object],
    *,
    revision: int | None = None,
    seen: int | None = None,
    act: Act = Act.CHANGE,
    evidence: bool = False,
    keep: Keep | None = None,
) -> Application:
    """A new revision with ``values`` in place of what stood there; in a draft it is the draft that changes.

    ``act`` is CHANGE, or SUPPLEMENT in answer to what the officer asked for. Raises EditConflict where
    another revision came since ``revision``, CaseConflict where an opinion was issued since the event
    ``seen``, FieldErrors where a field is wrong or nothing changes, unless new ``evidence`` came with it.
    """
    application = hold(session, application_id)
    try:
        advance(session, application, act, Role.PARTY)
        before = application.current
        if revision is not None and revision != before.number:
            raise EditConflict(before.number, _changed_since(application, revision))
        _refuse_unseen(session, application, seen)
        statement = _changed(before.statement, values, whole=application.state != State.DRAFT)
        changed = [d.field for d in differences(before.statement, statement)]
        if not changed and not evidence:
            raise FieldErrors(errors=[FieldError("", "unchanged")])
    except (EditConflict, CaseConflict, FieldErrors):
        session.rollback()
        raise
    if application.state == State.DRAFT:
        before.statement = statement
    else:
        application.revisions.append(Revision(number=before.number + 1, statement=statement))
    if "agency" in changed and application.state != State.ACCEPTED:  # it goes to whom it now names
        application.agency_id, application.officer_id = agency_named(session, statement), None
    detail = {"revision": application.current.number, "fields": changed}
    return done(session, application, act, detail, keep=keep)


def withdraw(session: Session, application_id: int, keep: Keep | None = None) -> Application:
    """Takes the application back, at once, whatever open state it is in; no consent, no reason."""
    return _end(session, application_id, Act.WITHDRAW, "", keep)


def stop(session: Session, application_id: int) -> Application:
    """Refuses what the agency started, or asks it to stop: at once, whatever open state it is in."""
    return _end(session, application_id, Act.STOP, "stopped")


def ask_ordinary_procedure(session: Session, application_id: int) -> Application:
    """Ends soft enforcement at the party's wish; the matter goes the ordinary way."""
    return _end(session, application_id, Act.ASK_ORDINARY_PROCEDURE, "ordinary_procedure")


def answer_offer(
    session: Session, application_id: int, notice: Notice, *, accepted: bool, code: AccessCode
) -> Application:
    """Accepts or declines what the agency offers, with the notice of the right to choose that was read.

    ``code`` replaces the link of the offer, which is stale from then on.
    """
    act = Act.ACCEPT_OFFER if accepted else Act.DECLINE_OFFER
    application = hold(session, application_id)
    advance(session, application, act, Role.PARTY)
    application.choice = make_choice(notice, accepted=accepted, channel="page")
    application.code_hash = code.hash()
    if accepted:
        application.accepted_at = now()
    return done(session, application, act, {"notice": notice.version})


def send_message(session: Session, application_id: int, text: str) -> Message:
    """A word from the party to the officer."""
    text = clean(text)
    if not text:
        raise FieldErrors(errors=[FieldError("message", "required")])
    if len(text) > MAX_MESSAGE:
        values = {"limit": MAX_MESSAGE, "length": len(text)}
        raise FieldErrors(errors=[FieldError("message", "too_long", values)])
    application = hold(session, application_id)
    advance(session, application, Act.MESSAGE, Role.PARTY)
    message = Message(author=Role.PARTY.value, text=text)
    application.messages.append(message)
    session.flush()
    done(session, application, Act.MESSAGE, {"message": message.id})
    return message


def commit(session: Session, application_id: int, content: Mapping[str, Any]) -> Application:
    """Signs the commitment letter that the agency offered, of the party's own will."""
    return _simple(session, application_id, Act.COMMIT, content, "sign_commitment")


def acknowledge(session: Session, application_id: int, number: str) -> Application:
    """Confirms that a document was received: nothing more, and no agreement with it."""
    application = hold(session, application_id)
    advance(session, application, Act.ACKNOWLEDGE, Role.PARTY)
    document = find_document(session, application, number)
    try:
        if document is None:
            raise FieldErrors(errors=[FieldError("document", "choose")])
        if not delivery.acknowledge(session, document):  # clicked twice: it is done
            session.rollback()
            return fresh(session, application_id)
    except FieldErrors:
        session.rollback()
        raise
    return done(session, application, Act.ACKNOWLEDGE, {"document": number})


def rate(session: Session, application_id: int, content: Mapping[str, Any]) -> Application:
    """Rates the service in five steps; the latest rating counts, and a bad one has to be answered."""
    application = hold(session, application_id)
    advance(session, application, Act.RATE, Role.PARTY)
    entry(application, Act.RATE, content)
    application.poorly_rated_on = today() if content["stars"] in poor_ratings() else None
    return done(session, application, Act.RATE, {"stars": content["stars"]})


def complain(session: Session, application_id: int, content: Mapping[str, Any]) -> Application:
    """A complaint, for the supervisor; it stops nothing and costs nothing."""
    application = hold(session, application_id)
    advance(session, application, Act.COMPLAIN, Role.PARTY)
    complaint = Complaint(application=application, text=content["text"])
    session.add(complaint)
    session.flush()
    return done(session, application, Act.COMPLAIN, {"complaint": complaint.id})


def erase(session: Session, application_id: int) -> Application:
    """Deletes everything that was stated and written, as soon as the retention rule allows it.

    The number, what was done and when stay: numbers have no gaps and the journal is never shortened.
    """
    application = hold(session, application_id)
    allowed = erasable_on(application)
    if allowed is not None and allowed > today():
        session.rollback()
        raise NotYetErasable(allowed)
    advance(session, application, Act.ERASE, Role.PARTY)
    del application.revisions[:-1]
    application.current.statement = empty_statement()
    application.messages.clear()
    application.entries.clear()
    application.verdict = None
    application.code_hash = AccessCode.make().hash()  # nobody holds this one
    application.erased_at = now()
    session.execute(delete(Complaint).where(Complaint.application_id == application.id))
    forget_changes(session, application)
    forget_documents(session, application)
    forget_files(session, application)
    forget_address(session, application)
    forget_keepers(session, application)
    return done(session, application, Act.ERASE, {})


def _simple(
    session: Session, application_id: int, act: Act, content: Mapping[str, Any], form: str = ""
) -> Application:
    application = hold(session, application_id)
    advance(session, application, act, Role.PARTY)
    entry(application, act, content, form=form)
    return done(session, application, act, {})


def _end(
    session: Session, application_id: int, act: Act, ground: str, keep: Keep | None = None
) -> Application:
    application = hold(session, application_id)
    before = application.state
    advance(session, application, act, Role.PARTY)
    application.ground = ground
    if before != State.DRAFT:
        issue = papers.withdrawal if act is Act.WITHDRAW else papers.party_ending
        issue(session, application)
    return done(session, application, act, {"from": before}, keep=keep)


def _refuse_unseen(session: Session, application: Application, seen: int | None) -> None:
    if seen is None:
        return
    since = events(session, application, after=seen)
    bearing = [e for e in since if e.act.rpartition(".")[2] in BEARS_ON_A_CHANGE]
    if bearing:
        raise CaseConflict(State(application.state), tuple(bearing), since[-1].number)


def _changed(before: Mapping[str, object], values: Mapping[str, object], *, whole: bool) -> Statement:
    """The statement with some values replaced; a draft may still lack what it lacked."""
    replaced = {**empty_statement(), **before, **{f: v for f, v in values.items() if f in FIELDS}}
    if whole:
        return check_statement(replaced)
    given = [field for field in FIELDS if field in values]
    return {**replaced, **check_statement(replaced, given)}


def _changed_since(application: Application, revision: int) -> tuple[str, ...]:
    then = next((r for r in application.revisions if r.number == revision), application.revisions[0])
    return tuple(d.field for d in differences(then.statement, application.current.statement))
