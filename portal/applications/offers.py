"""A case that the agency starts (依职权): the officer offers, the party answers by its link."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.current import SignedIn, current_staff
from portal.calendar import today
from portal.database import current_session, now
from portal.errors import FieldError, FieldErrors
from portal.language import caller_language
from portal.library.holder import current_knowledge
from portal.library.regions import resolve_region
from portal.metrics import current_metrics
from portal.permissions import Permission, public, requires
from portal.policy import policy
from portal.throttle import limit_questions

from . import acts, visit
from .access import application_here
from .choice import basis_url, methods, notice
from .forms import Form, anchor, error_words, typed_values
from .handling import handling
from .lifecycle import State
from .models import Application
from .numbers import AccessCode
from .once import done_once
from .problems import StateConflict, UnknownApplication
from .staff_access import case_to_handle, officer_of
from .statement import Correction

pages = Blueprint("offers", __name__)

Page = Response | str | tuple[str, int]
FIELDS = (
    "party_kind",
    "party_name",
    "credit_code",
    "contact_name",
    "phone",
    "matter",
    "happened_when",
    "place",
    "paper_number",
    "wishes",
    "wish_text",
)


@pages.route("/staff/cases/offer", methods=["GET", "POST"])
@requires(Permission.CASES_HANDLE)
def make() -> Page:
    """The form of an offer; once made, its link is shown this one time."""
    staff = current_staff()
    if request.method == "GET":
        return _form(staff.region, {})
    typed = typed_values(request.form, FIELDS)
    region = request.form.get("region", "")[:100]
    try:
        return _make(staff, _region(region), typed)
    except FieldErrors as wrong:
        return _form(region, typed, wrong), 422


@pages.post("/staff/cases/<number>/link")
@requires(Permission.CASES_HANDLE)
def renew(number: str) -> Page:
    """A new link for an offer whose link was lost or has run out; the old one is void."""
    session, staff, code = current_session(), current_staff(), AccessCode.make()
    application = case_to_handle(session, staff, number)
    acts.renew_offer(session, application.id, officer_of(staff), code=code)
    return _link(application.number, code)


@pages.get("/offers/<number>/<code>")
@public
@limit_questions
def read(number: str, code: str) -> Page:
    """What is offered, and the notice of the right to choose; a stale link is a 404 like any other."""
    return _offer(_open_offer(number, code), code)


@pages.post("/offers/<number>/<code>")
@public
@limit_questions
def answer(number: str, code: str) -> Page:
    """Accepts or declines; clicked twice, it leads to the same receipt."""
    if (kept := visit.answered()) and kept[0] == number:
        return redirect(url_for("offers.receipt"), 303)
    application = _open_offer(number, code)
    told = notice(application.region, caller_language())
    decision = request.form.get("decision", "")
    if decision not in ("accept", "decline") or request.form.get("version") != told.version:
        return _offer(application, code, reread=True), 422
    own = AccessCode.make()
    try:
        acts.answer_offer(current_session(), application.id, told, accepted=decision == "accept", code=own)
    except StateConflict:  # answered in another window at this moment, so that the link is stale
        raise UnknownApplication(minutes=policy().code_guess_minutes) from None
    current_metrics().applications.labels(f"{decision}_offer").inc()
    visit.answer(application.number, own)
    visit.open_here(application.number)
    return redirect(url_for("offers.receipt"), 303)


@pages.get("/offers/answer")
@public
def receipt() -> Page:
    """Number and access code, after the answer."""
    kept = visit.answered()
    if kept is None or not visit.is_open_here(kept[0]):
        return redirect(url_for("applications.lookup"), 303)
    application = visit.opened(current_session(), kept[0])
    return render_template(
        "applications/offer_answered.html", application=application, code=kept[1].text, here="apply"
    )


def _make(staff: SignedIn, region: str, typed: dict[str, object]) -> Page:
    """Makes the offer once; a second click is led to the queue, where the case gives a new link."""
    session, code = current_session(), AccessCode.make()
    values = {**typed, "agency": staff.agency, "correction": Correction.NOT_YET.value}
    made: list[Application] = []

    def act() -> None:
        made.append(acts.offer(session, region, values, officer_of(staff), code=code))

    done_once(session, f"offer {staff.id}", {**typed, "region": region}, act)
    if not made:
        return redirect(url_for("cases.queue", state=State.OFFERED.value), 303)
    return _link(made[0].number, code)


def _link(number: str, code: AccessCode) -> str:
    link = url_for("offers.read", number=number, code=code.text, _external=True)
    return render_template("cases/offered.html", number=number, link=link, days=handling().offer_days)


def _form(region: str, typed: dict[str, object], wrong: FieldErrors | None = None) -> str:
    language = caller_language()
    form = Form(
        FIELDS,
        typed,
        methods(region, language),
        errors=error_words(wrong.errors, language) if wrong else {},
    )
    return render_template("cases/offer.html", form=form, region=region, anchor=anchor)


def _region(typed: str) -> str:
    if not typed.strip():
        raise FieldErrors(errors=[FieldError("region", "required")])
    return resolve_region(current_knowledge(), typed)


def _open_offer(number: str, code: str) -> Application:
    """The offer of this link, while it waits for an answer and is not too old."""
    application = application_here(number, code)
    offered = [e.at for e in acts.events(current_session(), application) if e.act == "application.offer"]
    fresh = offered[-1:] > [now() - timedelta(days=handling().offer_days)]
    if application.state != State.OFFERED or not fresh:
        raise UnknownApplication(minutes=policy().code_guess_minutes)
    return application


def _offer(application: Application, code: str, *, reread: bool = False) -> str:
    told = notice(application.region, caller_language())
    programme = current_knowledge().programme(application.region, today())
    return render_template(
        "applications/offer.html",
        application=application,
        statement=application.current.statement,
        code=code,
        notice=told,
        bases={line.rule: basis_url(programme, line.rule) for line in told.lines},
        reread=reread,
        here="apply",
    )
