"""What a case rests on has changed: it is flagged, and its officer answers for it.

Flagging is no act of anybody upon the case: it happens in the release that changes the texts, or where an
application comes in that was written before it, and leaves an event of its own.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import journal
from portal.errors import FieldError, FieldErrors
from portal.library.models import Release, ReleasePointer
from portal.library.watch import Step

from ..basis import AFFECTED, BasisChange, open_change, rests_on
from ..lifecycle import Act, Role
from ..mailing import leave_letter
from ..models import Application
from .case import Officer, advance, done, entry, hold, subject
from .officer import Content

ACTOR = "library"
CHANGED, RESTORED = "application.basis_changed", "application.basis_restored"
RESTATED = "application.basis_restated"


def flag(step: Step, application: Application) -> bool:
    """Leaves an open change with a case that rests on what the step touches; not yet committed.

    What is open already grows by it, and is settled by itself where nothing of it is left. Where nothing more
    happened than that our digest gave way to the official text, the case keeps both words, and nobody is
    asked to look. True where the case has an open change by this step.
    """
    session, refs = step.session, rests_on(application)
    if application.state not in AFFECTED or not (touches := step.touches.on(refs)):
        return False
    change = open_change(session, application)
    asks = change is not None or any(not touch.is_restated for touch in touches)
    if change is None:
        waits_for = application.id if asks else None
        change = BasisChange(application_id=application.id, open_for=waits_for, against=step.before, parts=[])
        session.add(change)
    else:
        touches = step.touches_since(change.against).on(refs)
    change.take(touches, step.after)
    open_now = asks and bool(touches)
    if not open_now:
        change.settle(None)
    if asks:
        leave_letter(session, application)
    act = CHANGED if open_now else RESTATED if touches else RESTORED
    journal.append(session, ACTOR, act, subject(application), {"release": step.after})
    return open_now


def flag_outdated(session: Session, application: Application) -> None:
    """Flags an application that comes in after what it rests on has changed: its pre-check, or its writer's
    choice, was made with an earlier release."""
    written = select(func.max(Release.number)).where(Release.made_at <= application.made_at)
    known = [session.scalar(written), (application.verdict or {}).get("release")]
    earlier = min((number for number in known if isinstance(number, int)), default=None)
    now = session.scalar(select(ReleasePointer.release))
    if earlier is not None and now is not None and earlier < now:
        flag(Step(session, earlier, now), application)


def check_basis(
    session: Session, application_id: int, content: Content, officer: Officer, *, seen: int | None = None
) -> Application:
    """Records what the change of the basis means for the case; the flag is settled by it.

    FieldErrors where there is nothing to look at, as when a later release brought the old text back.
    """
    application = hold(session, application_id, seen)
    advance(session, application, Act.CHECK_BASIS, Role.OFFICER)
    change = open_change(session, application)
    if change is None:
        session.rollback()
        raise FieldErrors(errors=[FieldError("result", "basis_unchanged")])
    change.settle(officer.id)
    application.officer_id = application.officer_id or officer.id
    entry(application, Act.CHECK_BASIS, content, officer=officer, public=False)
    return done(session, application, Act.CHECK_BASIS, {"release": change.release}, officer=officer)
