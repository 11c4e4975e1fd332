"""The pages of a party that has applied: find the application, see how it stands, change it, end it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.calendar import today
from portal.database import current_session
from portal.errors import FieldErrors, NotReady, Problem
from portal.language import caller_language
from portal.library.holder import current_knowledge
from portal.metrics import current_metrics
from portal.parties import current
from portal.permissions import public
from portal.throttle import limit_questions
from portal.uploads.acts import HandedIn
from portal.uploads.files import evidence_since_revision
from portal.uploads.reception import hand_in_files, takes_files

from . import acts, mailing, party_page, visit
from .access import application_here
from .choice import basis_url, methods, withdrawal_rule
from .deadlines import current_workdays
from .forms import Form, anchor, error_words, seen_number, typed_values
from .lifecycle import OPEN, Act, State
from .models import Application, Origin
from .numbers import AccessCode
from .presentation import acts_here, event_json, party_events
from .problems import CaseConflict, EditConflict, StateConflict, UnknownApplication
from .receivers import agencies_in, unreached
from .retention import erasable_on
from .statement import STEPS, differences

pages = Blueprint("applications", __name__, url_prefix="/applications")

Page = Response | str | tuple[str, int]
ENDS: Mapping[Act, Callable[[Session, int], Application]] = {
    Act.WITHDRAW: acts.withdraw,
    Act.STOP: acts.stop,
    Act.ASK_ORDINARY_PROCEDURE: acts.ask_ordinary_procedure,
}
DONE_BESIDE = ("evidence", "kept", "mail", "mail_stop")
"""What a party's page says was done, beside the acts on the application itself."""
FORM_FIELDS = tuple(field for fields in STEPS.values() for field in fields)


class _NotOpenHereError(Exception):
    """This browser has not shown the code of that application, if there is one: it is asked for it."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


@pages.app_errorhandler(_NotOpenHereError)
def ask_for_the_code(error: _NotOpenHereError) -> Response:
    return redirect(url_for("applications.lookup", number=error.number[:40]), 303)


@pages.get("")
@public
def lookup() -> Page:
    """Number and code, please."""
    return _lookup(request.args.get("number", "")[:40])


@pages.post("")
@public
@limit_questions
def open_application() -> Page:
    """Opens an application in this browser; whatever is wrong, the answer is the same."""
    number, code = request.form.get("number", "")[:60], request.form.get("code", "")[:60]
    try:
        application = application_here(number, code)
    except UnknownApplication as unknown:
        return _lookup(number, unknown.detail(caller_language())), 404
    visit.open_here(application.number)
    if application.state == State.DRAFT and application.choice_id:
        visit.resume(application.choice_id, application.region, application.number, AccessCode.tidy(code))
    return redirect(url_for("applications.status", number=application.number), 303)


@pages.post("/leave")
@public
def leave() -> Response:
    """Closes everything in this browser, as on a computer that others use too."""
    current.leave()
    return redirect(url_for("applications.lookup", left="yes"), 303)


@pages.get("/<number>")
@public
def status(number: str) -> Page:
    """How it stands, what comes next, what happened, and what can be done."""
    return status_page(open_here(number))


@pages.route("/<number>/change", methods=["GET", "POST"])
@public
@takes_files
def change(number: str) -> Page:
    """Changes an open application, or supplements it where the officer asked for that."""
    application = open_here(number)
    state = State(application.state)
    if state is State.DRAFT:
        return redirect(_draft_url(application), 303)
    act = Act.SUPPLEMENT if state is State.SUPPLEMENT_REQUESTED else Act.CHANGE
    if state not in OPEN:
        return status_page(application, StateConflict(state, act))
    if request.method == "GET":
        return _change(application, dict(application.current.statement), act)
    return _changed(application, act)


@pages.route("/<number>/withdraw", methods=["GET", "POST"])
@public
def withdraw(number: str) -> Page:
    """Two clicks: what it means, and done."""
    return _ending(number, Act.WITHDRAW)


@pages.route("/<number>/ordinary-procedure", methods=["GET", "POST"])
@public
def ordinary_procedure(number: str) -> Page:
    """The same for going over to the ordinary procedure."""
    return _ending(number, Act.ASK_ORDINARY_PROCEDURE)


@pages.route("/<number>/stop", methods=["GET", "POST"])
@public
def stop(number: str) -> Page:
    """The same for what the agency started."""
    return _ending(number, Act.STOP)


@pages.post("/<number>/messages")
@public
@limit_questions
def send_message(number: str) -> Page:
    """A word to the officer."""
    application = open_here(number)
    text = request.form.get("message", "")
    try:
        acts.send_message(current_session(), application.id, text)
    except FieldErrors as wrong:
        return status_page(application, wrong, message=text)
    except StateConflict as conflict:
        return status_page(open_here(number), conflict, message=text)
    return back(application, done=Act.MESSAGE.value)


def _changed(application: Application, act: Act) -> Page:  # noqa: PLR0911  a way out for each trouble
    """The change that the form sent; with what was typed where it cannot be taken."""
    typed = typed_values(request.form, FORM_FIELDS)
    revision = seen_number(request.form.get("revision", ""))
    seen = seen_number(request.form.get("seen", ""))
    session, handed = current_session(), HandedIn()
    try:
        handed = hand_in_files(application, "files")
        evidence = act is Act.SUPPLEMENT and evidence_since_revision(session, application)
        if not handed.refused:
            acts.change(
                session,
                application.id,
                typed,
                revision=revision,
                seen=seen or None,
                act=act,
                evidence=evidence,
            )
    except FieldErrors as wrong:
        if handed.kept and [error.word for error in wrong.errors] == ["unchanged"]:
            return back(application, done="evidence")
        return _change(application, typed, act, wrong), 422
    except EditConflict as conflict:
        return _change(application, typed, act, conflict=conflict), 409
    except CaseConflict as moved:
        return _change(open_here(application.number), typed, act, moved=moved), 409
    except StateConflict as conflict:
        return status_page(open_here(application.number), conflict)
    if handed.refused:  # the files that could be taken stay, and so does everything typed
        return _change(application, typed, act, handed=handed), 422
    current_metrics().applications.labels(act.value).inc()
    return back(application, done=act.value)


def _ending(number: str, act: Act) -> Page:
    application = open_here(number)
    if application.state in (State.WITHDRAWN, State.TERMINATED) and request.method == "POST":
        return back(application)  # clicked twice: it is done
    if act not in acts_here(State(application.state)):
        return status_page(application, StateConflict(State(application.state), act))
    if request.method == "GET":
        return render_template(
            "applications/ending.html",
            application=application,
            act=act.value,
            rule=withdrawal_rule(application.region, caller_language()),
            basis=_basis(application, withdrawal_rule(application.region, caller_language()).rule),
            here="apply",
        )
    try:
        ENDS[act](current_session(), application.id)
    except StateConflict as conflict:
        return status_page(open_here(number), conflict)
    current_metrics().applications.labels(act.value).inc()
    return back(application, done=act.value)


def open_here(number: str) -> Application:
    """The application, where this browser has shown its code."""
    if not visit.is_open_here(number):
        raise _NotOpenHereError(number)
    return current_session().scalars(select(Application).where(Application.number == number)).one()


def _draft_url(application: Application) -> str:
    """Where a draft is gone on with: at once in the browser that writes it, else with its code."""
    if _written_here(application):
        return url_for("apply.check")
    return url_for("applications.lookup", number=application.number)


def _written_here(application: Application) -> bool:
    kept = visit.writing()
    return kept is not None and kept.choice == application.choice_id


def timeline(application: Application) -> list[tuple[dict[str, object], datetime]]:
    """The timeline, the last event first; of a draft's many saves only the last is worth a line."""
    told: list[tuple[dict[str, object], datetime]] = []
    for entry in party_events(current_session(), application):
        event = event_json(entry, caller_language())
        if told and event["act"] == Act.SAVE == told[-1][0]["act"]:
            told.pop()
        told.append((event, entry.at))
    return told[::-1]


def back(application: Application, done: str = "") -> Response:
    return redirect(url_for("applications.status", number=application.number, done=done or None), 303)


def _lookup(number: str, trouble: str = "") -> str:
    return render_template(
        "applications/lookup.html",
        number=number,
        trouble=trouble,
        left=request.args.get("left"),
        sign_in=request.args.get("sign_in", ""),
        opened=visit.opened_here(),
        here="apply",
    )


def status_page(
    application: Application, trouble: Problem | None = None, message: str = "", mail_typed: str = ""
) -> Page:
    """The page of the case, with what could not be done where something could not."""
    session = current_session()
    language = caller_language()
    state = State(application.state)
    rule = withdrawal_rule(application.region, language)
    revisions = application.revisions
    done = request.args.get("done", "")
    page = render_template(
        "applications/status.html",
        application=application,
        statement=application.current.statement,
        fields=FORM_FIELDS,
        open=state in OPEN,
        acts=[act.value for act in acts_here(state)],
        rule=rule,
        basis=_basis(application, rule.rule),
        events=timeline(application),
        draft_url=_draft_url(application),
        written_here=_written_here(application),
        changes=[
            (after, differences(before.statement, after.statement))
            for before, after in reversed(list(pairwise(revisions)))
        ],
        done=done if done in {*(act.value for act in Act), *DONE_BESIDE} else "",
        offered_case=application.origin == Origin.OFFER,
        promises=party_page.promises(session, application, current_workdays(), today(), language),
        promised=party_page.has_promised(session, application),
        unreached=unreached(session, application),
        asked=party_page.asked_for(application) if state is State.SUPPLEMENT_REQUESTED else None,
        ending=party_page.ending(application),
        told=party_page.told_entries(session, application, language),
        commitment=party_page.commitment(application),
        rating=party_page.last_of(application, Act.RATE),
        complaints=party_page.complaints(session, application),
        erasable=erasable_on(application),
        today=today(),
        trouble=_words(trouble),
        message=message,
        mail_to=mailing.masked_address(session, application),
        mail_typed=mail_typed,
        mail_wrong=_words(trouble) if mail_typed else "",
        here="apply",
    )
    return (page, trouble.status) if trouble else page


def _words(trouble: Problem | None) -> str:
    if trouble is None:
        return ""
    language = caller_language()
    return "".join(error.text(language) for error in trouble.errors) or trouble.detail(language)


def _change(
    application: Application,
    typed: dict[str, object],
    act: Act,
    wrong: FieldErrors | None = None,
    *,
    conflict: EditConflict | None = None,
    moved: CaseConflict | None = None,
    handed: HandedIn | None = None,
) -> str:
    language = caller_language()
    return render_template(
        "applications/change.html",
        application=application,
        act=act.value,
        form=Form(
            FORM_FIELDS,
            typed,
            methods(application.region, language),
            agencies_in(current_session(), application.region),
            errors=error_words(wrong.errors, language) if wrong else {},
        ),
        groups=STEPS,
        anchor=anchor,
        revision=conflict.revision if conflict else application.current.number,
        conflict=conflict,
        moved=moved.detail(language) if moved else "",
        seen=acts.last_event(current_session(), application),
        asked=party_page.asked_for(application) if act is Act.SUPPLEMENT else None,
        refused=handed.refused if handed else (),
        current=current_session().get_one(Application, application.id).current.statement,
        here="apply",
    )


def _basis(application: Application, rule: str) -> str:
    """The clause behind a rule of the region; the pages do without where no release can be opened."""
    try:
        return basis_url(current_knowledge().programme(application.region, today()), rule)
    except NotReady:
        return ""
