"""What is counted, by which act, in which month, and for whom."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session

from knowledge.starter import starter_editions
from portal.applications import acts
from portal.applications.choice import notice
from portal.applications.lifecycle import Act, State
from portal.applications.models import Application, Offence
from portal.applications.numbers import AccessCode
from portal.calendar import CHINA, today
from portal.reports.addressees import addressee, addressees
from portal.reports.figures import OTHERS, PLAIN, Figures, figures, figures_of
from portal.reports.matters import matters
from portal.reports.period import Period
from portal.reports.table import GROUPS, OF_AGENCIES, figure_words, table
from portal.wording import Language, wording

from ..applications.cases import make_application, make_draft, make_values
from ..applications.desk import bring_to, content, make_officer
from ..small import ZHANHE, ZHOUSHAN

UNCOUNTED = {"save", "supplement", "note", "ask_colleague", "message", "assign", "check_basis"} | {
    "acknowledge",
    "archive",
    "erase",
}
"""Acts of which a report has no figure: words, papers that come and go, and what only tidies up."""


def counted(session: Session, period: Period | None = None) -> Figures:
    session.rollback()
    return figures(session, true(), period or Period(today().year))


def this_year(found: Figures, figure: str) -> int:
    return found.count(figure, months=tuple(range(1, 13)))


def test_a_case_that_is_walked_through_counts_at_every_step(session: Session):
    officer = make_officer(session)
    case = make_application(session)
    for form in ("accept", "measure", "reinspection", "issue_opinion", "conclude", "follow_up"):
        acts.BY_FORM[form](session, case.id, content(form), officer)
    acts.rate(session, case.id, {"stars": "fair", "text": ""})
    acts.complain(session, case.id, {"text": "太慢"})
    found = counted(session)
    once = ("submit", "accept", "measure", "reinspection", "issue_opinion", "conclude", "follow_up", "rate")
    assert {name: this_year(found, name) for name in once} == dict.fromkeys(once, 1)
    kinds = ("method.coaching", "method.reminder", "reinspection.passed", "outcome.guided", "rating.fair")
    assert {name: this_year(found, name) for name in kinds} == dict.fromkeys(kinds, 1)
    assert this_year(found, "complain") == 1
    assert this_year(found, "offer") == this_year(found, "withdraw") == 0


def test_grounds_are_counted_with_what_ended_on_them(session: Session):
    officer = make_officer(session)
    bring_to(session, State.REFUSED, officer)
    bring_to(session, State.TERMINATED, officer)
    case = make_application(session)
    acts.BY_FORM["terminate"](session, case.id, content("terminate", ground="other"), officer)
    found = counted(session)
    assert this_year(found, "refuse") == this_year(found, "refusal.not_competent") == 1
    assert this_year(found, "terminate") == 2
    assert set(found.names("termination")) == {"termination.harm", "termination.other"}


def test_an_offer_counts_once_however_often_its_link_was_given(session: Session):
    officer = make_officer(session)
    case = bring_to(session, State.OFFERED, officer)
    acts.renew_offer(session, case.id, officer, code=AccessCode.make())
    acts.answer_offer(
        session, case.id, notice(ZHANHE, Language.CHINESE), accepted=False, code=AccessCode.make()
    )
    found = counted(session)
    assert (this_year(found, "offer"), this_year(found, "decline_offer")) == (1, 1)


def test_what_happened_to_a_draft_is_nobodys_figure(session: Session):
    told = acts.record_choice(session, notice(ZHANHE, Language.CHINESE), accepted=True, channel="page")
    draft = make_draft(session, told)
    acts.change(session, draft.id, make_values(matter="别的事"))
    acts.submit(session, draft.id)
    acts.change(session, draft.id, {"matter": "又是别的事"})
    found = counted(session)
    assert (this_year(found, "submit"), this_year(found, "change")) == (1, 1)


def test_a_corrected_document_is_no_second_one():
    assert list(figures_of("application.issue_opinion", {"document": "柔意〔2026〕1号"})) == ["issue_opinion"]
    assert list(figures_of("application.issue_opinion", {"what": "opinion", "document": "x"})) == []
    assert list(figures_of("application.record_measure", {"what": "commitment"})) == ["commitment"]
    assert list(figures_of("application.record_measure", {"what": "commitment", "document": "x"})) == []
    assert list(figures_of("application.record_measure", {"what": "expert_opinion"})) == []


def test_every_act_is_counted_or_known_to_have_no_figure():
    assert {*PLAIN, *OTHERS, *map(Act, UNCOUNTED)} == set(Act)
    assert {*PLAIN, *OTHERS}.isdisjoint(map(Act, UNCOUNTED))


def test_everything_that_is_counted_stands_in_the_report_once():
    lines = [figure for _, shown in GROUPS for figure, _ in shown]
    assert len(lines) == len(set(lines))
    assert set(lines) == {*PLAIN, Act.OFFER, Act.CHANGE, "measure", "commitment", "reinspection", "answered"}
    assert {figure for _, summed in OF_AGENCIES for figure in summed} <= set(lines)


@pytest.mark.parametrize("language", Language)
def test_every_line_has_its_words(language: Language):
    t = wording(language)
    keys = [f"figures.line.{figure}" for _, shown in GROUPS for figure, _ in shown]
    keys += [f"figures.group.{name}" for name, _ in GROUPS]
    keys += [f"figures.of_agency.{name}" for name, _ in OF_AGENCIES]
    assert [key for key in keys if not t.has(key)] == []
    assert figure_words("method.talk", language) != "talk"
    assert figure_words("termination.harm", language) == t.of("case_option.termination", "harm")


def test_only_what_lies_in_the_time_counts_and_each_month_has_its_own(session: Session):
    make_application(session)
    day = today()
    last = day.replace(day=1) - timedelta(days=1)
    assert counted(session, Period(day.year - 1)).counts == {}
    found = counted(session, Period(day.year, day.month))
    assert found.count("submit", months=(day.month,)) == 1
    assert found.count("submit", months=(last.month,)) == 0


def test_a_month_is_told_with_the_year_up_to_it_and_a_year_month_by_month():
    found = Figures()
    found.counts["submit"] = Counter({(1, 2): 3, (1, 3): 4, (2, 3): 5})
    march = table(found, Period(2026, 3), (1, 2, 3), Language.CHINESE)
    assert march.columns == ("3月", "本年累计")
    assert march.groups[0][1][0].counts == (9, 12)
    year = table(found, Period(2026), (1, 2, 3), Language.CHINESE)
    assert year.columns == ("1月", "2月", "3月", "全年")
    assert year.groups[0][1][0].counts == (0, 3, 9, 12)


def test_the_cases_in_hand_are_those_open_when_the_time_ended(session: Session):
    officer = make_officer(session)
    cases = [
        bring_to(session, state, officer) for state in (State.ACCEPTED, State.CONCLUDED, State.SUBMITTED)
    ]
    assert counted(session).in_hand == {officer.agency_id: 2}
    assert counted(session, Period(today().year - 1)).in_hand == {}
    for case in cases:
        case.submitted_at = datetime(today().year - 2, 3, 1, tzinfo=CHINA)
    session.commit()
    assert counted(session, Period(today().year - 1)).in_hand == {officer.agency_id: 3}


def test_one_matter_with_different_results_is_marked(session: Session):
    officer = make_officer(session)
    case = bring_to(session, State.CONCLUDED, officer)
    for matter, outcome in (
        ("占道", "no_penalty"),
        ("占道", "lighter"),
        ("占道", "lighter"),
        ("扬尘", "lighter"),
    ):
        session.add(
            Offence(
                party="某方",
                matter=matter,
                found_on=today(),
                outcome=outcome,
                region=ZHANHE,
                agency_id=officer.agency_id,
                application_id=case.id,
            )
        )
    session.commit()
    first, second = matters(session, true(), Period(today().year, today().month))
    assert (first.name, first.total, first.differs) == ("占道", 3, True)
    assert list(first.outcomes.items()) == [("lighter", 2), ("no_penalty", 1)]
    assert (second.name, second.differs) == ("扬尘", False)
    assert matters(session, Application.region == ZHOUSHAN, Period(today().year)) == ()
    assert matters(session, true(), Period(today().year - 1)) == ()


def test_the_addressee_is_the_one_that_the_notice_of_the_region_names():
    assert addressee(f"{ZHOUSHAN}/定海区") == addressee(ZHOUSHAN) is not None
    assert {a.basis.document for a in addressees()} == {"zhanhe", "zhoushan", "luan"}
    assert addressee("辽宁省/盘锦市") is None
    assert addressee("") is None
    shipped = {edition.instrument: edition for edition in starter_editions()}
    for held in addressees():
        clause = shipped[held.basis.document].clause(held.basis.section)
        assert clause is not None
        assert held.name(Language.CHINESE) in clause.text
