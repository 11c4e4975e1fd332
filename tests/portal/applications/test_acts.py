"""What a party does, one act at a time: each is one commit and one event."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts import (
    ask_ordinary_procedure,
    change,
    events,
    record_choice,
    save_draft,
    send_message,
    submit,
    withdraw,
)
from portal.applications.choice import notice
from portal.applications.lifecycle import CLOSED, OPEN, Act, State
from portal.applications.models import Application, ChoiceNotice
from portal.applications.numbers import AccessCode
from portal.applications.problems import EditConflict, StateConflict
from portal.errors import FieldErrors
from portal.journal import JournalEntry
from portal.wording import Language

from ..small import ZHANHE
from .cases import make_application, make_draft, make_values


@pytest.fixture
def chosen(session: Session) -> ChoiceNotice:
    return record_choice(session, notice(ZHANHE, Language.CHINESE), accepted=True, channel="page")


def put_in(session: Session, application: Application, state: State) -> None:
    """As an act of the officer would."""
    session.execute(update(Application).where(Application.id == application.id).values(state=state.value))
    session.commit()


def written(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def said(session: Session, application: Application) -> list[str]:
    return [event.act.removeprefix("application.") for event in events(session, application)]


def test_a_choice_is_recorded_with_what_was_told_and_which_version(session: Session):
    told = notice(ZHANHE, Language.CHINESE)
    kept = record_choice(session, told, accepted=False, channel="page")
    session.expire_all()
    assert (kept.text, kept.version, kept.accepted) == (told.text, told.version, False)
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert last is not None
    assert (last.act, last.subject) == ("choice.declined", f"choice:{kept.id}")


def test_a_draft_grows_step_by_step_and_keeps_its_number(session: Session, chosen: ChoiceNotice):
    first = make_draft(
        session, chosen, party_kind="person", party_name="张三", phone="13812345678", agency="局"
    )
    number = first.number
    again = save_draft(session, chosen.id, {"matter": "摆了梯子"}, code=AccessCode.make())
    assert (again.number, again.state) == (number, State.DRAFT)
    assert again.current.statement["party_name"] == "张三"
    assert again.current.statement["matter"] == "摆了梯子"
    assert len(again.revisions) == 1
    assert said(session, again) == ["save", "save"]


def test_a_draft_that_lacks_something_says_what_and_stays_a_draft(session: Session, chosen: ChoiceNotice):
    draft = make_draft(session, chosen, matter="摆了梯子")
    before = written(session)
    with pytest.raises(FieldErrors) as caught:
        submit(session, draft.id)
    assert [error.field for error in caught.value.errors] == [
        "agency",
        "party_kind",
        "party_name",
        "phone",
        "correction",
    ]
    assert (draft.state, written(session)) == (State.DRAFT, before)


def test_submitting_twice_submits_once(session: Session, chosen: ChoiceNotice):
    draft = make_draft(session, chosen)
    first = submit(session, draft.id).submitted_at
    assert submit(session, draft.id).submitted_at == first
    assert said(session, draft) == ["save", "submit"]


def test_a_change_is_a_new_revision_and_the_old_one_stays(session: Session):
    application = make_application(session)
    change(session, application.id, {"correction_text": "收回店内"}, revision=1)
    assert [r.statement["correction_text"] for r in application.revisions] == ["", "收回店内"]
    event = events(session, application)[-1]
    assert event.detail == {"revision": 2, "fields": ["correction_text"], "state": "submitted"}


def test_a_change_from_an_older_revision_is_told_what_came_in_between(session: Session):
    application = make_application(session)
    change(session, application.id, {"place": "店门口"}, revision=1)
    with pytest.raises(EditConflict) as caught:
        change(session, application.id, {"matter": "另一件"}, revision=1)
    assert (caught.value.revision, caught.value.changed) == (2, ("place",))
    assert len(application.revisions) == 2


def test_a_change_that_changes_nothing_or_spoils_a_field_leaves_nothing(session: Session):
    application = make_application(session)
    before = written(session)
    for values in ({}, make_values(), {"phone": "不是电话"}, {"matter": " "}):
        with pytest.raises(FieldErrors):
            change(session, application.id, values)
    assert (len(application.revisions), written(session)) == (1, before)


@pytest.mark.parametrize("state", OPEN)
def test_a_withdrawal_takes_effect_in_every_open_state(session: Session, state: State):
    application = make_application(session)
    put_in(session, application, state)
    assert withdraw(session, application.id).state == State.WITHDRAWN
    assert said(session, application) == ["submit", "withdraw"]


@pytest.mark.parametrize("state", [*CLOSED, State.ARCHIVED])
def test_nothing_is_changed_or_withdrawn_once_it_is_closed(session: Session, state: State):
    application = make_application(session)
    put_in(session, application, state)
    before = written(session)
    acts = (
        lambda: withdraw(session, application.id),
        lambda: change(session, application.id, {"place": "别处"}),
        lambda: ask_ordinary_procedure(session, application.id),
        lambda: send_message(session, application.id, "您好"),
    )
    for act in acts:
        with pytest.raises(StateConflict) as caught:
            act()
        assert "重新提出申请" in caught.value.detail(Language.CHINESE)
    assert written(session) == before


def test_asking_for_the_ordinary_procedure_ends_it_with_its_ground(session: Session):
    application = make_application(session)
    ended = ask_ordinary_procedure(session, application.id)
    assert (ended.state, ended.ground) == (State.TERMINATED, "ordinary_procedure")


def test_a_supplement_goes_back_to_the_officer(session: Session):
    application = make_application(session)
    with pytest.raises(StateConflict):
        change(session, application.id, {"place": "店门口"}, act=Act.SUPPLEMENT)
    put_in(session, application, State.SUPPLEMENT_REQUESTED)
    assert change(session, application.id, {"place": "店门口"}, act=Act.SUPPLEMENT).state == State.SUBMITTED


def test_a_message_is_kept_and_its_event_does_not_say_it(session: Session):
    application = make_application(session)
    send_message(session, application.id, "  请问要带什么材料？ ")
    assert [m.text for m in application.messages] == ["请问要带什么材料？"]
    assert "材料" not in repr([e.detail for e in events(session, application)])
    for text in (" ", "长" * 1001):
        with pytest.raises(FieldErrors):
            send_message(session, application.id, text)


def test_numbers_leave_no_gap_even_where_an_act_fails(session: Session):
    first = make_application(session).number
    with pytest.raises(FieldErrors):
        make_application(session, phone="x")
    second = make_application(session).number
    assert int(second[-6:]) == int(first[-6:]) + 1
    assert first[:7] == second[:7]


def test_the_journal_stays_unbroken(session: Session):
    application = make_application(session)
    change(session, application.id, {"place": "店门口"})
    withdraw(session, application.id)
    assert journal.verify(session) == written(session)
