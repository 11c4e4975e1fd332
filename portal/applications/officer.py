"""The officer's pages: the queue, a case on one page, and one form for each act."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from knowledge.library import Knowledge
from portal.accounts.current import SignedIn, current_staff
from portal.calendar import today
from portal.database import current_session
from portal.documents.kinds import DocumentKind, kind_of
from portal.errors import FieldErrors, NotFound, NotReady
from portal.language import caller_language
from portal.library.holder import current_knowledge
from portal.permissions import Permission, requires
from portal.uploads.files import uploads_of
from portal.uploads.models import Purpose
from portal.wording import wording

from . import acts, case_page
from .acts import BY_FORM, last_event
from .basis import open_change
from .case_forms import CaseForm, case_form, check_form, options_of, rule_of, typed_form
from .choice import basis_url
from .deadlines import current_workdays
from .dossier import dossier, dossier_name
from .forms import error_words, seen_number
from .lifecycle import OPEN, Role, State, possible_acts
from .models import Application
from .once import done_once
from .papers import commitment_here, papers_of
from .problems import CaseConflict, StateConflict
from .queue import BASES, DUE, OFFICERS, SHOWN_STATES, Filters, queue_page, unclaimed_cases
from .staff_access import case_again, case_to_claim, case_to_handle, case_to_read, officer_of
from .statement import FIELDS

pages = Blueprint("cases", __name__, url_prefix="/staff/cases")

Page = AnyResponse | str | tuple[str, int]
READS = (Permission.CASES_HANDLE, Permission.CASES_READ)


@pages.get("")
@requires(*READS)
def queue() -> Page:
    """The cases of the agency, what is overdue first."""
    staff, filters = current_staff(), Filters.of(request.args)
    found = queue_page(current_session(), staff, filters, current_workdays(), today())
    return render_template(
        "cases/queue.html",
        found=found,
        filters=filters,
        states=SHOWN_STATES,
        officers=OFFICERS,
        dues=DUE,
        bases=BASES,
        unclaimed=unclaimed_cases(current_session(), staff),
        handles=staff.may(Permission.CASES_HANDLE),
        region=staff.region,
        today=today(),
        done=request.args.get("done") == "claimed",
    )


@pages.get("/<number>")
@requires(*READS)
def case(number: str) -> Page:
    """Everything about one case."""
    staff = current_staff()
    return _case(case_to_read(current_session(), staff, number), staff)


@pages.get("/<number>/file")
@requires(*READS)
def file(number: str) -> Page:
    """The whole file to keep: catalogue and content, one file a case."""
    staff, session = current_staff(), current_session()
    application = case_to_read(session, staff, number)
    reads = staff.may(Permission.CASES_READ)
    response = Response(dossier(session, application, caller_language(), internal=True, complaints=reads))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{dossier_name(application)}"'
    return response


@pages.post("/<number>/claim")
@requires(Permission.CASES_HANDLE)
def claim_case(number: str) -> Page:
    """Takes an application that named this authority in other words."""
    staff, session = current_staff(), current_session()
    application = case_to_claim(session, staff, number)
    acts.claim(session, application.id, officer_of(staff))
    return redirect(url_for("cases.queue", done="claimed"), 303)


@pages.route("/<number>/<slug>", methods=["GET", "POST"])
@requires(Permission.CASES_HANDLE)
def act(number: str, slug: str) -> Page:
    """The form of one act."""
    staff, session = current_staff(), current_session()
    application = case_to_handle(session, staff, number)
    form = case_form(slug)
    if form is None or form.name not in BY_FORM or slug != form.slug:
        raise NotFound
    if form.name == "commitment" and not commitment_here(application.region):
        raise NotFound  # the notice of the region has no such letter
    if form.name == "check_basis" and request.method == "GET" and open_change(session, application) is None:
        raise NotFound  # nothing has changed under the case
    if form.act not in possible_acts(State(application.state), Role.OFFICER) and request.method == "GET":
        return _case(application, staff, StateConflict(State(application.state), form.act))
    if request.method == "GET":
        return _form(application, form, case_page.prefilled(session, application, form, staff.name))
    return _act(application, form, staff)


def _act(application: Application, form: CaseForm, staff: SignedIn) -> Page:
    """Does the act once, however often it is clicked; with what was typed where it cannot be done."""
    session, number = current_session(), application.number
    typed = typed_form(form, request.form)
    try:
        options = case_page.form_options(session, application, caller_language())
        content = check_form(form, typed, options, today())
        seen = seen_number(request.form.get("seen", ""))
        done_once(
            session,
            f"{number} {form.name} {staff.id}",
            content,
            lambda: BY_FORM[form.name](session, application.id, content, officer_of(staff), seen=seen),
        )
    except FieldErrors as wrong:
        return _form(case_again(session, staff, number), form, typed, wrong)
    except CaseConflict as conflict:
        return _form(case_again(session, staff, number), form, typed, conflict=conflict)
    except StateConflict as conflict:
        return _case(case_again(session, staff, number), staff, conflict, typed=_typed_lines(form, typed))
    return redirect(url_for("cases.case", number=number, done=form.name), 303)


def _typed_lines(form: CaseForm, typed: dict[str, object]) -> list[tuple[str, str]]:
    """What was typed on a form that can no longer be sent, so that it is not lost."""
    t = wording(caller_language())
    texts = [f.name for f in form.fields if f.kind in ("text", "long") and typed.get(f.name)]
    return [(str(t(f"case_form.{form.name}.{name}")), str(typed[name])) for name in texts]


def _case(
    application: Application,
    staff: SignedIn,
    trouble: StateConflict | None = None,
    typed: list[tuple[str, str]] | None = None,
) -> Page:
    session, language = current_session(), caller_language()
    words = case_page.option_words(session, application, language)
    knowledge = knowledge_or_none()
    window, offences = case_page.offences(session, application, knowledge)
    handles = staff.may(Permission.CASES_HANDLE) and application.agency_id == staff.agency_id
    done = request.args.get("done", "")
    page = render_template(
        "cases/case.html",
        application=application,
        statement=application.current.statement,
        fields=FIELDS,
        forms=case_page.forms_here(session, application) if handles else (),
        handles=handles,
        open=application.state in OPEN,
        duties=case_page.duties_of(session, application, current_workdays()),
        workdays=current_workdays(),
        today=today(),
        changes=case_page.revisions(application, language),
        sources=case_page.cited_sources(session, application),
        journal=case_page.journal_lines(session, application, language),
        entries=case_page.file_entries(application, language, words),
        papers=papers_of(session, application),
        kinds=case_page.paper_kinds_here(application) if handles else (),
        correctable=case_page.correctable_here(application) if handles else (),
        issued=_issued(request.args.get("issued", "")),
        files=[u for u in uploads_of(session, application) if u.purpose == Purpose.EVIDENCE],
        window=window,
        offences=offences,
        asked=case_page.asks_me(session, application, staff.id),
        complained=case_page.open_complaints(session, application),
        done=done if case_form(done) else "",
        trouble=trouble.detail(language) if trouble else "",
        typed=typed or [],
    )
    return (page, trouble.status) if trouble else page


def _issued(name: str) -> str:
    """What a document that was just issued is called."""
    return kind_of(name).name(caller_language()) if name in list(DocumentKind) else ""


def _form(
    application: Application,
    form: CaseForm,
    typed: dict[str, object],
    wrong: FieldErrors | None = None,
    conflict: CaseConflict | None = None,
) -> Page:
    session, language = current_session(), caller_language()
    options = case_page.form_options(session, application, language)
    knowledge = knowledge_or_none()
    programme = knowledge.programme(application.region, today()) if knowledge else None
    grounds = [v for f in form.fields if f.name == "ground" for v in options_of(f, options)]
    page = render_template(
        "cases/act.html",
        application=application,
        form=form,
        typed=typed,
        choices={f.name: options_of(f, options) for f in form.fields if f.options},
        words=case_page.option_words(session, application, language),
        rules={g: basis_url(programme, rule_of(g)) for g in grounds},
        errors=error_words(wrong.errors, language) if wrong else {},
        since=case_page.since_lines(conflict, language) if conflict else (),
        seen=conflict.seen if conflict else last_event(session, application),
    )
    status = wrong.status if wrong else conflict.status if conflict else 200
    return page, status


def knowledge_or_none() -> Knowledge | None:
    """The release in force; the pages do without where none can be opened."""
    try:
        return current_knowledge()
    except NotReady:
        return None
