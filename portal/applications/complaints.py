"""What parties complain of (投诉), and what the supervisor answers."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from portal import journal
from portal.accounts.current import current_staff
from portal.database import current_session, now
from portal.errors import FieldError, NotFound
from portal.language import caller_language
from portal.permissions import Permission, requires

from .acts.case import hold, subject
from .models import Application, Complaint
from .staff_access import readable
from .statement import clean

pages = Blueprint("complaints", __name__, url_prefix="/staff/complaints")

MAX_ANSWER = 2000
SHOWN = 200


@pages.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """The complaints of the region, those without an answer first."""
    return _page()


@pages.post("/<int:complaint_id>")
@requires(Permission.CASES_READ)
def answer(complaint_id: int) -> Response | tuple[str, int]:
    """Answers one; an answer is given once."""
    session = current_session()
    found = (
        select(Complaint)
        .join(Complaint.application)
        .where(Complaint.id == complaint_id, readable(current_staff()))
    )
    complaint = session.scalar(found)
    if complaint is None:
        raise NotFound
    typed = request.form.get("answer", "")
    text = clean(typed)
    wrong = FieldError("answer", "required") if not text else None
    if len(text) > MAX_ANSWER:
        wrong = FieldError("answer", "too_long", {"limit": MAX_ANSWER, "length": len(text)})
    if wrong:
        told = {"id": complaint.id, "words": wrong.text(caller_language()), "typed": typed}
        return _page(told), 422
    answer_complaint(session, complaint.id, text, current_staff().id, current_staff().name)
    return redirect(url_for("complaints.index", done="yes"), 303)


def answer_complaint(session: Session, complaint_id: int, text: str, staff_id: int, name: str) -> None:
    """The supervisor's word to the party: one commit, one event; a second answer changes nothing."""
    complaint = session.get_one(Complaint, complaint_id)
    application = hold(session, complaint.application_id)
    if complaint.answered_at is not None:
        session.rollback()
        return
    complaint.answer, complaint.answered_by, complaint.answered_at = text, staff_id, now()
    detail = {"complaint": complaint.id, "state": application.state}
    journal.append(session, f"supervisor:{name}", "complaint.answered", subject(application), detail)
    session.commit()


def _page(wrong: dict[str, object] | None = None) -> str:
    found = (
        select(Complaint)
        .join(Complaint.application)
        .where(readable(current_staff()))
        .options(joinedload(Complaint.application).joinedload(Application.agency))
        .order_by(Complaint.answered_at.is_not(None), Complaint.made_at.desc())
    )
    return render_template(
        "cases/complaints.html",
        complaints=current_session().scalars(found.limit(SHOWN)).all(),
        wrong=wrong,
        done=request.args.get("done"),
    )
