"""The page of figures, and the same to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template, request

from portal.accounts.current import current_staff
from portal.applications.officer import knowledge_or_none
from portal.calendar import today
from portal.database import current_session, now
from portal.language import caller_language
from portal.library.addresses import library_url
from portal.permissions import Permission, requires
from portal.phrasing import moment_words
from portal.wording import Language, wording

from .addressees import addressee
from .matters import Matter
from .period import Period
from .report import Report, make_report, years
from .sheet import sheet
from .table import OF_AGENCIES

pages = Blueprint("reports", __name__, url_prefix="/staff")

READS = (Permission.CASES_HANDLE, Permission.CASES_READ)


@pages.get("/figures")
@requires(*READS)
def show() -> str:
    """The figures of a month or a year."""
    staff, session, language = current_staff(), current_session(), caller_language()
    report = make_report(session, staff, request.args, today(), language)
    to = addressee(report.chosen.region if report.chosen else staff.region)
    return render_template(
        "reports/figures.html",
        report=report,
        period=period_words(report.period, language),
        whose=report.whose(staff, language),
        years=years(session, staff, today()),
        parts=[name for name, _ in OF_AGENCIES],
        addressee=to.name(language) if to else "",
        basis=library_url(to.basis.document, to.basis.section) if to else "",
        named=_named(report.matters),
    )


@pages.get("/figures.csv")
@requires(*READS)
def download() -> Response:
    """The same as a table for a spreadsheet."""
    staff, language = current_staff(), caller_language()
    report, t = make_report(current_session(), staff, request.args, today(), language), wording(language)
    head = (
        str(t("figures.title")),
        f"{period_words(report.period, language)} {report.whose(staff, language)}",
        str(t("figures.made_at", moment=moment_words(now(), language))),
        str(t("figures.in_hand", count=report.in_hand)),
    )
    response = Response(sheet(head, report.table, _below(report, language)), mimetype="text/csv")
    name = "-".join(["figures", *(f"{n:02}" for n in (report.period.year, report.period.month) if n)])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def period_words(period: Period, language: Language) -> str:
    """A month or a year as people say it."""
    key = "figures.period_month" if period.month else "figures.period_year"
    return str(wording(language)(key, year=period.year, month=period.month))


def _below(report: Report, language: Language) -> Iterator[Sequence[object]]:
    """The agencies beside each other, and the matters, as rows of a spreadsheet."""
    t = wording(language)
    if report.compared:
        yield ()
        names = (t(f"figures.of_agency.{name}") for name, _ in OF_AGENCIES)
        yield (*map(str, (t("figures.agency"), *names, t("figures.of_agency.in_hand"))),)
        yield from ((name, *counts) for name, counts in report.compared)
    if report.matters:
        yield ()
        yield (str(t("figures.matters")),)
        named = _named(report.matters)
        for matter in report.matters:
            for outcome, count in matter.outcomes.items():
                yield (named[matter.name][0], t.of("case_option.outcome", outcome), count)


def _named(found: Sequence[Matter]) -> dict[str, tuple[str, str]]:
    """What the item of a list says, and its address; as the officer called it where there is none."""
    knowledge = knowledge_or_none()
    words: dict[str, tuple[str, str]] = {}
    for matter in found:
        held, _, number = matter.name.partition("#")
        edition = knowledge.edition(held, today()) if knowledge and number else None
        item = next((i for i in edition.items if i.number == number), None) if edition else None
        words[matter.name] = (item.matter, library_url(held, number)) if item else (matter.name, "")
    return words
