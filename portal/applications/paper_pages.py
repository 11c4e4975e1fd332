"""Documents that an officer issues by themselves, and corrections: forms made of the kinds of documents."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.current import SignedIn, current_staff
from portal.calendar import today
from portal.database import current_session
from portal.documents.filling import fill
from portal.documents.issuing import find_document
from portal.documents.kinds import FieldKind, Kind, kind_of
from portal.errors import FieldErrors, NotFound
from portal.language import caller_language
from portal.permissions import Permission, requires

from . import acts, case_page
from .case_forms import paper_act
from .forms import error_words, seen_number
from .lifecycle import Role, State, possible_acts
from .models import Application
from .once import done_once
from .papers import contact_of
from .problems import CaseConflict, StateConflict
from .staff_access import case_again, case_to_handle, officer_of

pages = Blueprint("papers", __name__, url_prefix="/staff/cases/<number>/papers")

Page = Response | str | tuple[str, int]


@pages.route("/<name>", methods=["GET", "POST"])
@requires(Permission.CASES_HANDLE)
def issue(number: str, name: str) -> Page:
    """The form of one document; ``?replaces=`` names the one that it corrects."""
    staff, session = current_staff(), current_session()
    application = case_to_handle(session, staff, number)
    replaces = request.values.get("replaces", "")[:200]
    former = find_document(session, application, replaces) if replaces else None
    act = paper_act(name, correction=bool(replaces))
    if act is None or (replaces and (former is None or former.kind != name)):
        raise NotFound
    kind = kind_of(name)
    if not kind.used_in(application.region):
        raise NotFound
    if act not in possible_acts(State(application.state), Role.OFFICER):
        raise StateConflict(State(application.state), act)
    if request.method == "POST":
        return _issue(application, kind, replaces, staff)
    typed = dict(former.content["fields"]) if former else {"contact": _contact(staff)}
    return _form(application, kind, typed, replaces)


def _issue(application: Application, kind: Kind, replaces: str, staff: SignedIn) -> Page:
    session, number = current_session(), application.number
    typed: dict[str, object] = {f.id: request.form.get(f.id, "") for f in kind.fields}
    try:
        filled = fill(kind, typed)
        seen = seen_number(request.form.get("seen", ""))
        done_once(
            session,
            f"{number} {kind.id} {staff.id}",
            filled,
            lambda: acts.issue_document(
                session, application.id, kind.id, filled, officer_of(staff), replaces=replaces, seen=seen
            ),
        )
    except FieldErrors as wrong:
        return _form(case_again(session, staff, number), kind, typed, replaces, wrong)
    except CaseConflict as conflict:
        return _form(case_again(session, staff, number), kind, typed, replaces, conflict=conflict)
    return redirect(url_for("cases.case", number=number, issued=kind.id.value) + "#documents", 303)


def _form(
    application: Application,
    kind: Kind,
    typed: dict[str, object],
    replaces: str,
    wrong: FieldErrors | None = None,
    *,
    conflict: CaseConflict | None = None,
) -> Page:
    language = caller_language()
    page = render_template(
        "cases/paper.html",
        application=application,
        kind=kind,
        kinds=FieldKind,
        typed=typed,
        replaces=replaces,
        errors=error_words(wrong.errors, language) if wrong else {},
        since=case_page.since_lines(conflict, language) if conflict else (),
        seen=conflict.seen if conflict else acts.last_event(current_session(), application),
        today=today(),
    )
    return page, wrong.status if wrong else conflict.status if conflict else 200


def _contact(staff: SignedIn) -> str:
    return contact_of(current_session(), officer_of(staff))
