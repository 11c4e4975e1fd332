"""How an application comes to be: the choice before it, its drafts, and handing it in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import journal
from portal.calendar import today
from portal.database import now
from portal.errors import FieldErrors

from ..choice import Notice
from ..lifecycle import Act, Role, next_state
from ..models import Application, ChoiceNotice, Revision
from ..numbers import AccessCode, next_number
from ..statement import FIELDS, Statement, check_statement, empty_statement
from .basis import flag_outdated
from .case import PARTY, Keep, advance, agency_named, done, fresh, hold


def record_choice(session: Session, notice: Notice, *, accepted: bool, channel: str) -> ChoiceNotice:
    """Records that the right to choose was told, in which words, and what was chosen."""
    chosen = make_choice(notice, accepted=accepted, channel=channel)
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
    chosen = make_choice(notice, accepted=True, channel=channel)
    application = _new(session, chosen, statement, code=code, act=Act.SUBMIT)
    return done(session, application, Act.SUBMIT, {"notice": notice.version, "revision": 1}, keep=keep)


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
            return done(session, made, Act.SAVE, {"fields": sorted(step)})
        except IntegrityError:  # the same form sent twice at once: the other one made it
            session.rollback()
            known = _draft_of(session, choice_id)
            assert known is not None
    application = hold(session, known)
    advance(session, application, Act.SAVE, Role.PARTY)
    application.current.statement = {**application.current.statement, **step}
    return done(session, application, Act.SAVE, {"fields": sorted(step)})


def submit(session: Session, application_id: int) -> Application:
    """Hands in a draft; FieldErrors name what is still missing. Handed in before, it stays as it was."""
    application = hold(session, application_id)
    if application.submitted_at is not None:
        session.rollback()
        return fresh(session, application_id)
    try:
        statement = check_statement(application.current.statement)
    except FieldErrors:
        session.rollback()
        raise
    advance(session, application, Act.SUBMIT, Role.PARTY)
    application.current.statement = statement
    application.submitted_at = now()
    application.agency_id = agency_named(session, statement)
    detail = {"revision": application.current.number}
    return done(session, application, Act.SUBMIT, detail, keep=partial(flag_outdated, session))


def make_choice(notice: Notice, *, accepted: bool, channel: str) -> ChoiceNotice:
    """The record of a choice, not yet added."""
    return ChoiceNotice(
        id=secrets.token_urlsafe(16),
        region=notice.region,
        language=notice.language.value,
        version=notice.version,
        text=notice.text,
        channel=channel,
        accepted=accepted,
    )


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
        agency_id=agency_named(session, statement) if submitted else None,
        choice=chosen,
        verdict=verdict,
        submitted_at=now() if submitted else None,
        revisions=[Revision(number=1, statement=statement)],
    )
    session.add(application)
    session.flush()
    return application


def _draft_of(session: Session, choice_id: str) -> int | None:
    return session.scalar(select(Application.id).where(Application.choice_id == choice_id))
