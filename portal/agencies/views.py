"""The administrator's pages of an agency, and of the working days."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, current_app, flash, redirect, request, url_for

from portal.accounts.current import actor
from portal.accounts.forms import Answer, field_text, form_page
from portal.accounts.models import Agency
from portal.applications.deadlines import WorkdaysFileError, state_council
from portal.applications.workday_file import DaysError, WorkdayFile, read_days, said_days
from portal.calendar import today
from portal.database import current_session
from portal.documents.kinds import DocumentKind, kind_of
from portal.documents.numbering import document_number
from portal.errors import FieldError, FieldErrors, NotFound
from portal.permissions import Permission, requires

from . import acts
from .acts import LIMITS, Terms

pages = Blueprint("agencies", __name__, url_prefix="/staff")

DAYS = ("accept_days", "conclude_days")
YEARS_AHEAD = 3
SORTS = ("rest", "work")


@pages.get("/agencies/<int(max=2147483647):agency_id>")
@requires(Permission.STAFF_MANAGE)
def show(agency_id: int) -> Answer:
    """What is set for one agency."""
    return _page(_load(agency_id))


@pages.post("/agencies/<int(max=2147483647):agency_id>/word")
@requires(Permission.STAFF_MANAGE)
def set_word(agency_id: int) -> Answer:
    """Its 机关代字."""
    agency, word = _load(agency_id), field_text("word", 60)
    try:
        acts.set_word(current_session(), agency, word, actor=actor())
    except FieldErrors as wrong:
        return _page(_load(agency_id), wrong.errors, {"word": word})
    flash("agencies.word_set")
    return redirect(url_for(".show", agency_id=agency_id), 303)


@pages.post("/agencies/<int(max=2147483647):agency_id>/times")
@requires(Permission.STAFF_MANAGE)
def set_times(agency_id: int) -> Answer:
    """What it promises, and how it is reached."""
    agency = _load(agency_id)
    typed: dict[str, str] = {name: field_text(name, 300) for name in (*DAYS, *LIMITS)}
    errors: list[FieldError] = []
    accept, conclude = (acts.read_days(name, typed[name], errors) for name in DAYS)
    try:
        if errors:
            raise FieldErrors(errors=errors)
        terms = Terms(accept, conclude, **{name: typed[name] for name in LIMITS})
        acts.promise(current_session(), agency, terms, actor=actor())
    except FieldErrors as wrong:
        return _page(agency, wrong.errors, typed)
    flash("agencies.times_set")
    return redirect(url_for(".show", agency_id=agency_id), 303)


@pages.get("/workdays")
@requires(Permission.STAFF_MANAGE)
def workdays() -> Answer:
    """Which years are known, and the days that were filled in."""
    return _workdays(_year(request.args.get("year", "")))


@pages.post("/workdays")
@requires(Permission.STAFF_MANAGE)
def fill_workdays() -> Answer:
    """Fills in the days of one year."""
    year = _year(request.form.get("year", ""))
    typed = {sort: request.form.get(sort, "")[:4000] for sort in SORTS}
    days, errors = {}, []
    for sort in SORTS:
        try:
            days[sort] = read_days(typed[sort], year)
        except DaysError as wrong:
            errors.append(FieldError(sort, wrong.word, {"line": wrong.line[:40], "year": year}))
    if not errors and (twice := days["rest"] & days["work"]):
        errors.append(FieldError("work", "workdays_twice", {"day": min(twice).isoformat()}))
    if errors:
        return _workdays(year, errors, typed)
    try:
        acts.fill_workdays(current_session(), _file(), year, days["rest"], days["work"], actor=actor())
    except WorkdaysFileError as broken:
        return _workdays(year, [FieldError("rest", "workdays_file", {"trouble": str(broken)})], typed)
    flash("agencies.workdays_set")
    return redirect(url_for(".workdays", year=year), 303)


def _page(
    agency: Agency, errors: Iterable[FieldError] = (), typed: dict[str, str] | None = None
) -> tuple[str, int]:
    session = current_session()
    terms = acts.terms_of(session, agency)
    held = {"word": agency.word, **{n: str(getattr(terms, n) or "") for n in (*DAYS, *LIMITS)}}
    opinion = kind_of(DocumentKind.OPINION)
    return form_page(
        "staff/agency.html",
        errors,
        agency=agency,
        typed={**held, **(typed or {})},
        example=document_number(agency, opinion, today().year, 1),
        limits=LIMITS,
    )


def _workdays(
    year: int, errors: Iterable[FieldError] = (), typed: dict[str, str] | None = None
) -> tuple[str, int]:
    own = _file().workdays().own
    held = {
        sort: said_days([d for d, worked in own.items() if (d.year, worked) == (year, sort == "work")])
        for sort in SORTS
    }
    years = [
        (each, state_council(today().replace(year=each, month=3, day=1)), sum(d.year == each for d in own))
        for each in _years()
    ]
    return form_page(
        "staff/workdays.html", errors, year=year, years=years, sorts=SORTS, typed={**held, **(typed or {})}
    )


def _years() -> range:
    return range(today().year, today().year + YEARS_AHEAD)


def _year(typed: str) -> int:
    """The year that is filled in; without one the first that the calendar does not know yet."""
    if typed.isdecimal() and len(typed) == 4 and int(typed) in _years():
        return int(typed)
    if typed:
        raise NotFound
    first = today().replace(month=3, day=1)
    return next((y for y in _years() if state_council(first.replace(year=y)) is None), _years()[-1])


def _load(agency_id: int) -> Agency:
    agency = current_session().get(Agency, agency_id)
    if agency is None:
        raise NotFound
    return agency


def _file() -> WorkdayFile:
    kept: WorkdayFile = current_app.extensions["rouwen.workdays"]
    return kept
