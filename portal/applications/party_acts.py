"""The pages of what else a party does: sign, confirm, rate, complain, and ask for its data."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from portal.calendar import today
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound
from portal.language import caller_language
from portal.metrics import current_metrics
from portal.permissions import public
from portal.throttle import limit_questions

from . import acts, party_page, visit
from .case_forms import CaseForm, case_form, check_form, options_of, typed_form
from .dossier import dossier, dossier_name
from .forms import error_words
from .lifecycle import Act, State
from .models import Application
from .party import Page, back, open_here, status_page, timeline
from .party_page import commitment, signature_fits
from .presentation import acts_here
from .problems import NotYetErasable, StateConflict
from .retention import erasable_on
from .statement import FIELDS

pages = Blueprint("party_acts", __name__, url_prefix="/applications")

ACTS: dict[str, Callable[[Session, int, dict[str, object]], Application]] = {
    "sign_commitment": acts.commit,
    "rate": acts.rate,
    "complain": acts.complain,
}


@pages.route("/<number>/do/<slug>", methods=["GET", "POST"])
@public
@limit_questions
def act(number: str, slug: str) -> Page:
    """The form of one act: the commitment letter, electronic delivery, a rating, a complaint."""
    application = open_here(number)
    form = case_form(slug)
    if form is None or form.name not in ACTS or form.slug != slug:
        raise NotFound
    if form.act not in acts_here(State(application.state)):
        return status_page(application, StateConflict(State(application.state), form.act))
    if form.name == "sign_commitment" and commitment(application)[0] is None:
        raise NotFound
    if request.method == "GET":
        return _form(application, form, {})
    return _act(application, form)


@pages.post("/<number>/acknowledge")
@public
def acknowledge(number: str) -> Page:
    """Confirms that a document was received."""
    application = open_here(number)
    try:
        acts.acknowledge(current_session(), application.id, request.form.get("document", "")[:200])
    except (FieldErrors, StateConflict) as trouble:
        return status_page(open_here(number), trouble)
    return back(application, done=Act.ACKNOWLEDGE.value)


@pages.get("/<number>/data")
@public
def data(number: str) -> Page:
    """Everything held about the application, to read."""
    application = open_here(number)
    return render_template(
        "applications/data.html",
        application=application,
        fields=FIELDS,
        file=party_page.file_lines(current_session(), application, caller_language()),
        complaints=party_page.complaints(current_session(), application),
        events=timeline(application),
        here="apply",
    )


@pages.get("/<number>/data.json")
@public
def data_file(number: str) -> Page:
    """The same, to take away."""
    application = open_here(number)
    response = Response(dossier(current_session(), application, caller_language(), internal=False))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{dossier_name(application)}"'
    return response


@pages.route("/<number>/erase", methods=["GET", "POST"])
@public
def erase(number: str) -> Page:
    """Two clicks, as soon as the retention rule allows it."""
    application = open_here(number)
    allowed = erasable_on(application)
    if allowed is None:
        return status_page(application, StateConflict(State(application.state), Act.ERASE))
    if request.method == "GET":
        if allowed > today():
            return status_page(application, NotYetErasable(allowed))
        return render_template("applications/erase.html", application=application, here="apply")
    try:
        acts.erase(current_session(), application.id)
    except (StateConflict, NotYetErasable) as trouble:
        return status_page(open_here(number), trouble)
    visit.leave()
    return redirect(url_for("applications.lookup", left="erased"), 303)


def _act(application: Application, form: CaseForm) -> Page:
    typed = typed_form(form, request.form)
    try:
        content = check_form(form, typed, {}, today())
        statement = dict(application.current.statement)
        if "signature" in content and not signature_fits(statement, str(content["signature"])):
            raise FieldErrors(errors=[FieldError("signature", "signature_differs")])
        ACTS[form.name](current_session(), application.id, content)
    except FieldErrors as wrong:
        return _form(application, form, typed, wrong), 422
    except StateConflict as conflict:
        return status_page(open_here(application.number), conflict)
    current_metrics().applications.labels(form.act.value).inc()
    return back(application, done=form.act.value)


def _form(
    application: Application, form: CaseForm, typed: dict[str, object], wrong: FieldErrors | None = None
) -> str:
    offered, signed = commitment(application)
    return render_template(
        "applications/act.html",
        application=application,
        form=form,
        typed=typed,
        choices={f.name: options_of(f, {}) for f in form.fields if f.options},
        errors=error_words(wrong.errors, caller_language()) if wrong else {},
        offered=offered if form.name == "sign_commitment" else None,
        signed=signed,
        here="apply",
    )
