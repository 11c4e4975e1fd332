"""What a party does with its application. Each act is one commit and leaves one event in the journal.

An act first takes hold of the application's row, so that acts upon one application follow each other:
each meets the state that the one before left. A withdrawal therefore takes effect on whatever open state
it meets, and a change made from an older revision is told what came in between.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import journal
from portal.accounts.models import Agency
from portal.calendar import today
from portal.database import now
from portal.errors import FieldError, FieldErrors
from portal.journal import JournalEntry

from .choice import Notice
from .lifecycle import Act, Role, State, WrongStateError, next_state
from .models import Application, ChoiceNotice, Message, Revision
from .numbers import AccessCode, next_number
from .problems import EditConflict, StateConflict
from .statement import FIELDS, Statement, check_statement, clean, differences, empty_statement

PARTY = "party"
MAX_MESSAGE = 1000

Keep = Callable[[Application], None]
"""Called in the act's own transaction, just before its commit: what must stand or fall with the act."""


def record_choice(session: Session, notice: Notice, *, accepted: bool, channel: str) -> ChoiceNotice:
    """Records that the right to choose was told, in which words, and what was chosen."""
    chosen = _chosen(notice, accepted=accepted, channel=channel)
    session.add(chosen)
    act = "choice.accepted" if accepted else "choice.declined"
    detail = {"region": notice.region, "version": notice.version, "channel": channel}
    journal.append(session, PARTY, act, f"choice:{chosen.id}", detail)
    session.commit()
    return chosen


def submit_new(
    session: Session,
    notice: Notice,
    values: Mapping[str, object],
    *,
    code: AccessCode,
    channel: str = "api",
    keep: Keep | None = None,
) -> Application:
    """A whole application at once, with the choice that goes before it."""
    statement = check_statement(values)
    chosen = _chosen(notice, accepted=True, channel=channel)
    application = _new(session, chosen, statement, code=code, act=Act.SUBMIT)
    return _done(session, application, Act.SUBMIT, {"notice": notice.version, "revision": 1}, keep)


def save_draft(
    session: Session,
    choice_id: str,
    values: Mapping[str, object],
    *,
    code: AccessCode,
    verdict: dict[str, object] | None = None,
) -> Application:
    """Keeps one step of the form; the first makes the draft of this choice, with its number.

    Only the fields of ``values`` are checked: the others may still be missing.
    """
    step = check_statement(values, [field for field in FIELDS if field in values])
    known = _draft_of(session, choice_id)
    if known is None:
        chosen = session.get_one(ChoiceNotice, choice_id)
        try:
            statement = {**empty_statement(), **step}
            made = _new(session, chosen, statement, code=code, act=Act.SAVE, verdict=verdict)
            return _done(session, made, Act.SAVE, {"fields": sorted(step)})
        except IntegrityError:  # the same form sent twice at once: the other one made it
            session.rollback()
            known = _draft_of(session, choice_id)
            assert known is not None
    application = _hold(session, known)
    _advance(session, application, Act.SAVE)
    application.current.statement = {**application.current.statement, **step}
    return _done(session, application, Act.SAVE, {"fields": sorted(step)})


def submit(session: Session, application_id: int) -> Application:
    """Hands in a draft; FieldErrors name what is still missing. Handed in before, it stays as it was."""
    application = _hold(session, application_id)
    if application.submitted_at is not None:
        session.rollback()
        return _fresh(session, application_id)
    try:
        statement = check_statement(application.current.statement)
    except FieldErrors:
        session.rollback()
        raise
    _advance(session, application, Act.SUBMIT)
    application.current.statement = statement
    application.submitted_at = now()
    application.agency_id = _agency(session, statement)
    return _done(session, application, Act.SUBMIT, {"revision": application.current.number})


def change(
    session: Session,
    application_id: int,
    values: Mapping[str, object],
    *,
    revision: int | None = None,
    act: Act = Act.CHANGE,
    evidence: bool = False,
    keep: Keep | None = None,
) -> Application:
    """A new revision with ``values`` in place of what stood there; in a draft it is the draft that changes.

    ``act`` is CHANGE, or SUPPLEMENT in answer to what the officer asked for. Raises EditConflict where
    another revision came since ``revision``, FieldErrors where a field is wrong or nothing changes, unless
    new ``evidence`` came with it.
    """
    application = _hold(session, application_id)
    try:
        _advance(session, application, act)
        before = application.current
        if revision is not None and revision != before.number:
            raise EditConflict(before.number, _changed_since(application, revision))
        statement = _changed(before.statement, values, whole=application.submitted_at is not None)
        changed = [d.field for d in differences(before.statement, statement)]
        if not changed and not evidence:
            raise FieldErrors(errors=[FieldError("", "unchanged")])
    except (EditConflict, FieldErrors):
        session.rollback()
        raise
    if application.submitted_at is None:
        before.statement = statement
    else:
        application.revisions.append(Revision(number=before.number + 1, statement=statement))
    application.agency_id = _agency(session, statement)
    detail = {"revision": application.current.number, "fields": changed}
    return _done(session, application, act, detail, keep)


def withdraw(session: Session, application_id: int, keep: Keep | None = None) -> Application:
    """Takes the application back, at once, whatever open state it is in; no consent, no reason."""
    return _end(session, application_id, Act.WITHDRAW, "", keep)


def ask_ordinary_procedure(session: Session, application_id: int) -> Application:
    """Ends soft enforcement at the party's wish; the matter goes the ordinary way."""
    return _end(session, application_id, Act.ASK_ORDINARY_PROCEDURE, "ordinary_procedure")


def send_message(session: Session, application_id: int, text: str) -> Message:
    """A word from the party to the officer."""
    text = clean(text)
    if not text:
        raise FieldErrors(errors=[FieldError("message", "required")])
    if len(text) > MAX_MESSAGE:
        values = {"limit": MAX_MESSAGE, "length": len(text)}
        raise FieldErrors(errors=[FieldError("message", "too_long", values)])
    application = _hold(session, application_id)
    _advance(session, application, Act.MESSAGE)
    message = Message(author=Role.PARTY.value, text=text)
    application.messages.append(message)
    session.flush()
    _done(session, application, Act.MESSAGE, {"message": message.id})
    return message


def events(session: Session, application: Application) -> tuple[JournalEntry, ...]:
    """What happened to an application, the first event first."""
    subject = _subject(application)
    found = select(JournalEntry).where(JournalEntry.subject == subject).order_by(JournalEntry.number)
    return tuple(session.scalars(found))


def _end(
    session: Session, application_id: int, act: Act, ground: str, keep: Keep | None = None
) -> Application:
    application = _hold(session, application_id)
    before = application.state
    _advance(session, application, act)
    application.ground = ground
    return _done(session, application, act, {"from": before}, keep)


def _new(
    session: Session,
    chosen: ChoiceNotice,
    statement: Statement,
    *,
    code: AccessCode,
    act: Act,
    verdict: dict[str, object] | None = None,
) -> Application:
    """A new application, not yet committed. Its number comes last, so that nothing waits for it long."""
    kept = code.hash()
    submitted = act is Act.SUBMIT
    application = Application(
        number=next_number(session, today().year),
        code_hash=kept,
        state=next_state(None, act, Role.PARTY).value,
        region=chosen.region,
        agency_id=_agency(session, statement) if submitted else None,
        choice=chosen,
        verdict=verdict,
        submitted_at=now() if submitted else None,
        revisions=[Revision(number=1, statement=statement)],
    )
    session.add(application)
    session.flush()
    return application


def _chosen(notice: Notice, *, accepted: bool, channel: str) -> ChoiceNotice:
    return ChoiceNotice(
        id=secrets.token_urlsafe(16),
        region=notice.region,
        language=notice.language.value,
        version=notice.version,
        text=notice.text,
        channel=channel,
        accepted=accepted,
    )


def _hold(session: Session, application_id: int) -> Application:
    """The application as it is now, held until the commit: a write comes first, so that SQLite waits too."""
    touch = update(Application).where(Application.id == application_id).values(touched_at=now())
    session.execute(touch, execution_options={"synchronize_session": False})
    return _fresh(session, application_id)


def _fresh(session: Session, application_id: int) -> Application:
    session.expire_all()
    return session.get_one(Application, application_id)


def _advance(session: Session, application: Application, act: Act) -> None:
    """Puts the application in the state that follows; StateConflict, and nothing held, where none does."""
    state = State(application.state)
    try:
        application.state = next_state(state, act, Role.PARTY).value
    except WrongStateError:
        session.rollback()
        raise StateConflict(state, act) from None


def _done(
    session: Session,
    application: Application,
    act: Act,
    detail: Mapping[str, Any],
    keep: Keep | None = None,
) -> Application:
    journal.append(
        session, PARTY, f"application.{act}", _subject(application), {**detail, "state": application.state}
    )
    if keep is not None:
        keep(application)
    session.commit()
    return application


def _draft_of(session: Session, choice_id: str) -> int | None:
    return session.scalar(select(Application.id).where(Application.choice_id == choice_id))


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


def _agency(session: Session, statement: Mapping[str, object]) -> int | None:
    """The agency of this portal that the party named, where there is one of that name."""
    return session.scalar(select(Agency.id).where(Agency.name == statement["agency"]))


def _subject(application: Application) -> str:
    return f"application:{application.number}"
