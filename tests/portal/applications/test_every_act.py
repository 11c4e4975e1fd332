"""Every act in every state by every role, done for real: the table holds, and each act leaves one event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import journal
from portal.applications import acts
from portal.applications.acts import Officer, events
from portal.applications.choice import notice
from portal.applications.lifecycle import TRANSITIONS, Act, Role, State, WrongStateError, next_state
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.applications.papers import papers_of
from portal.applications.problems import StateConflict
from portal.database import now
from portal.journal import JournalEntry
from portal.wording import Language

from ..small import ZHANHE
from .cases import make_application, make_draft, make_values
from .desk import bring_to, change_basis, content, make_officer

Doing = Callable[[Session, Application, Officer], object]


def form(name: str, **changes: object) -> Doing:
    return lambda session, case, officer: acts.BY_FORM[name](
        session, case.id, content(name, **changes), officer
    )


def of_party(act: Callable[..., object], *given: object) -> Doing:
    return lambda session, case, _officer: act(session, case.id, *given)


def answered(accepted: bool) -> Doing:
    told = notice(ZHANHE, Language.CHINESE)
    return lambda session, case, _officer: acts.answer_offer(
        session, case.id, told, accepted=accepted, code=AccessCode.make()
    )


def with_colleague(name: str, field: str) -> Doing:
    return lambda session, case, officer: acts.BY_FORM[name](
        session, case.id, content(name, **{field: str(officer.id)}), officer
    )


def last_paper(session: Session, case: Application) -> str:
    papers = papers_of(session, case)
    return papers[-1].document.number if papers else "-"


DOING: dict[tuple[Act, Role], Doing] = {
    (Act.ACCEPT_OFFER, Role.PARTY): answered(True),
    (Act.DECLINE_OFFER, Role.PARTY): answered(False),
    (Act.SAVE, Role.PARTY): lambda session, case, _: acts.save_draft(
        session, case.choice_id or "", {"place": "别处"}, code=AccessCode.make()
    ),
    (Act.SUBMIT, Role.PARTY): of_party(acts.submit),
    (Act.SUPPLEMENT, Role.PARTY): lambda session, case, _: acts.change(
        session, case.id, {"place": "补充的"}, act=Act.SUPPLEMENT
    ),
    (Act.CHANGE, Role.PARTY): of_party(acts.change, {"place": "改过的"}),
    (Act.WITHDRAW, Role.PARTY): of_party(acts.withdraw),
    (Act.STOP, Role.PARTY): of_party(acts.stop),
    (Act.ASK_ORDINARY_PROCEDURE, Role.PARTY): of_party(acts.ask_ordinary_procedure),
    (Act.MESSAGE, Role.PARTY): of_party(acts.send_message, "您好"),
    (Act.COMMIT, Role.PARTY): of_party(acts.commit, {"conditions": [], "signature": "某某"}),
    (Act.ACKNOWLEDGE, Role.PARTY): lambda session, case, _: acts.acknowledge(
        session, case.id, last_paper(session, case)
    ),
    (Act.RATE, Role.PARTY): of_party(acts.rate, {"stars": "fair", "text": ""}),
    (Act.COMPLAIN, Role.PARTY): of_party(acts.complain, {"text": "太慢"}),
    (Act.ERASE, Role.PARTY): of_party(acts.erase),
    (Act.OFFER, Role.OFFICER): lambda session, case, officer: acts.renew_offer(
        session, case.id, officer, code=AccessCode.make()
    ),
    (Act.REQUEST_SUPPLEMENT, Role.OFFICER): form("request_supplement"),
    (Act.ACCEPT, Role.OFFICER): form("accept"),
    (Act.REFUSE, Role.OFFICER): form("refuse"),
    (Act.HAND_OVER, Role.OFFICER): form("hand_over"),
    (Act.NOTE, Role.OFFICER): form("note", public=False),
    (Act.ASK_COLLEAGUE, Role.OFFICER): with_colleague("ask_colleague", "colleague"),
    (Act.MESSAGE, Role.OFFICER): form("message"),
    (Act.ASSIGN, Role.OFFICER): with_colleague("assign", "officer"),
    (Act.CHECK_BASIS, Role.OFFICER): form("check_basis"),
    (Act.RECORD_MEASURE, Role.OFFICER): form("measure"),
    (Act.ISSUE_OPINION, Role.OFFICER): form("issue_opinion"),
    (Act.DELIVER, Role.OFFICER): lambda session, case, officer: acts.deliver(
        session, case.id, content("deliver", document=last_paper(session, case)), officer
    ),
    (Act.CONCLUDE, Role.OFFICER): form("conclude"),
    (Act.TERMINATE, Role.OFFICER): form("terminate"),
    (Act.FOLLOW_UP, Role.OFFICER): form("follow_up"),
    (Act.ARCHIVE, Role.OFFICER): form("archive"),
}
"""How each act is done upon a case that exists."""


@pytest.fixture
def officer(session: Session) -> Officer:
    return make_officer(session)


def case_in(session: Session, state: State, act: Act, officer: Officer) -> Application:
    if state is State.DRAFT:
        chosen = acts.record_choice(session, notice(ZHANHE, Language.CHINESE), accepted=True, channel="page")
        return make_draft(session, chosen)
    if state is State.DECLINED:
        offered = bring_to(session, State.OFFERED, officer)
        answered(False)(session, offered, officer)
    case = offered if state is State.DECLINED else bring_to(session, state, officer)
    if act is Act.ACKNOWLEDGE and state is State.ACCEPTED:
        DOING[Act.DELIVER, Role.OFFICER](session, case, officer)
    if act is Act.CHECK_BASIS:
        change_basis(session, case)
    if act is Act.ERASE:  # as if the time for keeping it were over
        session.execute(update(Application).values(closed_at=now() - timedelta(days=365 * 6)))
        session.commit()
    return case


def written(session: Session) -> int:
    """Events of cases; a document that an act issues has one of its own beside it."""
    of_cases = select(func.count()).where(JournalEntry.subject.startswith("application:"))
    return session.scalar(of_cases) or 0


def test_every_row_of_the_table_can_be_done():
    assert set(DOING) == {(act, role) for (_, act, role) in TRANSITIONS}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("role", list(Role))
def test_each_act_does_what_the_table_says_and_leaves_one_event(
    session: Session, officer: Officer, state: State, role: Role
):
    for act in [act for act, by in DOING if by is role]:
        case = case_in(session, state, act, officer)
        before = written(session)
        try:
            after = next_state(state, act, role)
        except WrongStateError:
            if act is Act.SUBMIT and state is not State.DRAFT and case.submitted_at is not None:
                DOING[act, role](session, case, officer)  # handed in before: it stays as it was
            elif act is Act.SAVE and case.choice_id is None:
                continue
            else:
                with pytest.raises(StateConflict):
                    DOING[act, role](session, case, officer)
            session.expire_all()
            assert (case.state, written(session)) == (state, before), act
            continue
        DOING[act, role](session, case, officer)
        session.expire_all()
        assert (case.state, written(session)) == (after, before + 1), act
        last = events(session, case)[-1]
        assert (last.act, last.subject) == (f"application.{act}", f"application:{case.number}")
        assert last.actor == ("party" if role is Role.PARTY else f"staff:{officer.name}")
    assert journal.verify(session) >= written(session)


def test_change_and_withdraw_are_possible_in_every_open_state_for_the_party_alone():
    for act, role, state in product((Act.CHANGE, Act.WITHDRAW), Role, State):
        allowed = (state, act, role) in TRANSITIONS
        opened = state in ("draft", "offered", "submitted", "supplement_requested", "accepted")
        assert allowed == (opened and role is Role.PARTY)


def test_an_offer_begins_a_case_with_one_event(session: Session, officer: Officer):
    before = written(session)
    case = bring_to(session, State.OFFERED, officer)
    assert (case.state, written(session)) == (State.OFFERED, before + 1)
    assert case.choice is None


def test_the_acts_that_issue_a_document_leave_it_numbered_without_gaps(session: Session, officer: Officer):
    case = bring_to(session, State.ACCEPTED, officer)
    other = bring_to(session, State.SUPPLEMENT_REQUESTED, officer)
    acts.issue_opinion(session, case.id, content("issue_opinion"), officer)
    acts.terminate(session, other.id, content("terminate"), officer)
    papers = [*papers_of(session, case), *papers_of(session, other)]
    assert [p.document.kind for p in papers] == ["acceptance", "opinion", "supplement", "termination"]
    assert papers[1].document.content["fields"]["officers"] == ["李某 豫001", "王某 豫002"]
    assert [p.document.serial for p in papers if p.document.series == "notice"] == [1, 2, 3]


def test_what_is_said_to_the_party_on_acceptance_stands_in_its_own_place(session: Session, officer: Officer):
    case = make_application(session)
    acts.accept(session, case.id, content("accept", text="请先清空门口的通道。"), officer)
    (paper,) = papers_of(session, case)
    sections = {
        s["heading"].rpartition("、")[2]: s["lines"] for s in paper.document.content["sheet"]["sections"]
    }
    assert sections["给当事人的话"] == ["请先清空门口的通道。"]
    assert "接下来的安排" not in sections


def test_a_case_that_changed_its_agency_before_acceptance_goes_there(session: Session, officer: Officer):
    other = make_officer(session, agency="湛河区水利局")
    case = make_application(session)
    acts.change(session, case.id, {"agency": "湛河区水利局"})
    assert case.agency_id == other.agency_id
    acts.accept(session, case.id, content("accept"), other)
    acts.change(session, case.id, make_values(agency="湛河区城市管理局"))
    assert case.agency_id == other.agency_id
