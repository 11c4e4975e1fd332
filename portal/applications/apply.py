"""The pages of applying: the guide, the notice of the right to choose, the steps, the receipt."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts.models import Agency
from portal.calendar import today
from portal.database import current_session
from portal.errors import FieldErrors, NotFound
from portal.language import caller_language
from portal.library.holder import current_knowledge
from portal.library.regions import resolve_region
from portal.look import REGION_COOKIE, chosen_region, remember
from portal.metrics import current_metrics
from portal.parties import current
from portal.permissions import public
from portal.throttle import limit_questions
from portal.wording import Language, prose

from . import acts, party_page, visit
from .choice import Notice, basis_url, methods, notice
from .deadlines import current_workdays
from .forms import Form, anchor, error_words, said, steps, typed_values
from .identifiers import read_credit_code
from .lifecycle import State
from .models import AgencyTerms, Application, ChoiceNotice
from .prefill import prefill
from .problems import StateConflict
from .receivers import agencies_in, has_officers, unreached
from .statement import STEPS, check_statement, empty_statement, step_of

pages = Blueprint("apply", __name__, url_prefix="/apply")

Page = Response | str | tuple[str, int]


@pages.get("")
@public
def guide() -> Page:
    """What applying means, and the choice whether to; with ``?answer=…`` it starts from that answer."""
    answer = request.args.get("answer", "")[:32]
    told = prefill(current_session(), answer) if answer else None
    typed = request.args.get("region", "").strip()[:100] or (told.region if told else "") or chosen_region()
    return _guide(typed, answer if told else "")


@pages.post("/choose")
@public
@limit_questions
def choose() -> Page:
    """Records the choice. Declining ends here, and costs nothing."""
    typed, answer = request.form.get("region", "")[:100], request.form.get("answer", "")[:32]
    try:
        region = resolve_region(current_knowledge(), typed)
    except FieldErrors:
        return _guide(typed, answer)
    told = _notice(region)
    decision = request.form.get("decision", "")
    if decision not in ("accept", "decline") or request.form.get("version") != told.version:
        return _guide(region, answer, reread=True)
    accepted = decision == "accept"
    kept = acts.record_choice(current_session(), told, accepted=accepted, channel="page")
    if accepted:
        visit.begin(kept.id, region, answer)
    else:
        visit.decline(kept.id)
    response = redirect(_step_url("who") if accepted else url_for("apply.declined"), 303)
    remember(response, REGION_COOKIE, region)
    return response


@pages.get("/declined")
@public
def declined() -> Page:
    """What stays open to someone who does not apply, and the record that they were told."""
    kept = current_session().get(ChoiceNotice, visit.declined() or "-")
    if kept is None:
        return redirect(url_for("apply.guide"), 303)
    return render_template("applications/declined.html", kept=kept, here="apply")


@pages.get("/step/<step>")
@public
def step(step: str) -> Page:
    """One step of the form, with what was written before or told to the assistant."""
    if step not in STEPS:
        raise NotFound
    kept = visit.writing()
    if kept is None:
        return redirect(url_for("apply.guide"), 303)
    application = _draft(kept)
    if application is not None and application.submitted_at is not None:
        return redirect(url_for("apply.receipt"), 303)
    told = prefill(current_session(), kept.answer) if kept.answer else None
    suggested = dict(told.statement) if told else {}
    stated = dict(application.current.statement) if application else empty_statement()
    fresh = {f: v for f, v in suggested.items() if f in STEPS[step] and not stated.get(f)}
    if step == "who" and not (stated.get("party_name") or fresh.get("party_name")):
        stated["party_name"] = current.name_here()
    return _step(step, kept, {**stated, **fresh}, suggested=tuple(fresh))


@pages.post("/step/<step>")
@public
@limit_questions
def save_step(step: str) -> Page:
    """Keeps a step as a draft and goes on; a mistake is told at its field, and everything typed stays."""
    if step not in STEPS:
        raise NotFound
    kept = visit.writing()
    if kept is None:
        return redirect(url_for("apply.guide"), 303)
    typed = typed_values(request.form, STEPS[step])
    told = prefill(current_session(), kept.answer) if kept.answer else None
    item = ("item_list", "item_number")
    further = {f: told.statement[f] for f in item if told and f in told.statement} if step == "matter" else {}
    try:
        application = acts.save_draft(
            current_session(),
            kept.choice,
            {**typed, **further},
            code=kept.code,
            verdict=told.verdict if told else None,
        )
    except FieldErrors as wrong:
        return _step(step, kept, typed, wrong), 422
    except StateConflict:  # handed in or withdrawn meanwhile, in another window
        return redirect(url_for("apply.receipt"), 303)
    visit.numbered(application.number)
    visit.open_here(application.number)
    current.keep_here(application)
    following = steps()[steps().index(step) + 1]
    return redirect(_step_url("check" if request.form.get("then") == "check" else following), 303)


@pages.get("/check")
@public
def check() -> Page:
    """Everything that was written, to be read once more before it is handed in."""
    return _check()


@pages.post("/submit")
@public
@limit_questions
def submit() -> Page:
    """Hands the application in, once, however often it is clicked."""
    kept = visit.writing()
    application = _draft(kept) if kept else None
    if application is None:
        return redirect(url_for("apply.guide"), 303)
    try:
        acts.submit(current_session(), application.id)
    except FieldErrors as wrong:
        return _check(wrong)
    except StateConflict:
        return redirect(url_for("applications.status", number=application.number), 303)
    current_metrics().applications.labels("submit").inc()
    visit.open_here(application.number)
    current.keep_here(application)
    return redirect(url_for("apply.receipt"), 303)


@pages.get("/receipt")
@public
def receipt() -> Page:
    """Number and access code, to be printed or written down."""
    kept = visit.writing()
    application = _draft(kept) if kept else None
    if kept is None or application is None or application.submitted_at is None:
        return redirect(url_for("applications.lookup"), 303)
    session, language = current_session(), caller_language()
    return render_template(
        "applications/receipt.html",
        application=application,
        code=kept.code.text if kept.code_known else "",
        promises=party_page.promises(session, application, current_workdays(), today(), language),
        promised=party_page.has_promised(session, application),
        unreached=unreached(session, application),
        here="apply",
    )


@pages.app_template_filter("stated")
def stated(value: object, name: str, masked: bool = False) -> str:
    """A value of a statement as the reader of this page reads it."""
    return said(name, value, caller_language(), masked=masked)


def _guide(typed: str, answer: str, *, reread: bool = False) -> Page:
    """The guide; with a region that is known, the notice in its terms and the choice."""
    knowledge, language = current_knowledge(), caller_language()
    region, errors, candidates = "", {}, ()
    if typed:
        try:
            region = resolve_region(knowledge, typed)
        except FieldErrors as wrong:
            errors = error_words(wrong.errors, language)
            found = wrong.errors[0].values.get("candidates", ())
            candidates = tuple(found)[:8] if isinstance(found, list | tuple) else ()
    told = _notice(region) if region else None
    programme = knowledge.programme(region, today()) if region else None
    page = render_template(
        "applications/guide.html",
        here="apply",
        typed=typed,
        region=region,
        regions=knowledge.regions(),
        errors=errors,
        candidates=candidates,
        notice=told,
        bases={line.rule: basis_url(programme, line.rule) for line in told.lines} if told else {},
        reread=reread,
        answer=answer,
        sections=prose(language)["apply"],
        agencies=_agencies(region) if region else (),
    )
    return (page, 422) if errors or reread else page


def _agencies(region: str) -> tuple[tuple[Agency, AgencyTerms | None], ...]:
    """The authorities of the region that take applications here, with what they promise."""
    found = (
        select(Agency, AgencyTerms)
        .outerjoin(AgencyTerms, AgencyTerms.agency_id == Agency.id)
        .where(Agency.region == region, has_officers())
        .order_by(Agency.name)
    )
    return tuple((agency, terms) for agency, terms in current_session().execute(found))


def _step(
    step: str,
    kept: visit.Writing,
    typed: dict[str, object],
    wrong: FieldErrors | None = None,
    suggested: tuple[str, ...] = (),
) -> str:
    language = caller_language()
    form = Form(
        STEPS[step],
        typed,
        methods(kept.region, language),
        agencies_in(current_session(), kept.region) if step == "who" else (),
        error_words(wrong.errors, language) if wrong else {},
        suggested,
    )
    return render_template(
        "applications/step.html",
        step=step,
        steps=steps(),
        form=form,
        kept=kept,
        anchor=anchor,
        then=request.values.get("then", ""),
        here="apply",
    )


def _check(wrong: FieldErrors | None = None) -> Page:
    kept = visit.writing()
    application = _draft(kept) if kept else None
    if kept is None or application is None:
        return redirect(url_for("apply.guide"), 303)
    if application.state != State.DRAFT:
        return redirect(url_for("apply.receipt"), 303)
    statement = application.current.statement
    wrong = wrong or _still_wrong(dict(statement))
    page = render_template(
        "applications/check.html",
        application=application,
        statement=statement,
        steps=steps(),
        step="check",
        fields_of=STEPS,
        credit_note=_credit_note(str(statement.get("credit_code") or "")),
        unreached=None if wrong else unreached(current_session(), application),
        errors=error_words(wrong.errors, caller_language()) if wrong else {},
        step_of=step_of,
        kept=kept,
        here="apply",
    )
    return (page, 422) if wrong and request.method == "POST" else page


def _credit_note(code: str) -> str:
    """The key of what is worth a second look in a code that is accepted; empty for most."""
    read = read_credit_code(code) if code else None
    if read is None or not (read.legacy or read.body_differs):
        return ""
    return "applications.credit_legacy" if read.legacy else "applications.credit_body"


def _still_wrong(statement: dict[str, object]) -> FieldErrors | None:
    try:
        check_statement(statement)
    except FieldErrors as wrong:
        return wrong
    return None


def _draft(kept: visit.Writing) -> Application | None:
    return current_session().scalar(select(Application).where(Application.choice_id == kept.choice))


def _notice(region: str) -> Notice:
    return notice(region, Language(caller_language()))


def _step_url(step: str) -> str:
    return url_for("apply.check") if step == "check" else url_for("apply.step", step=step)
